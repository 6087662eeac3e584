"""Carriers, and under which numbers they take goods along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.inventory.domain.fulfilment_errors import TrackingUrlWithoutNumber, TrackingWithoutCarrier

NUMBER_GOES_HERE = "{number}"


@dataclass(frozen=True)
class Carrier:
    """Who takes goods along; ``tracking_url`` is the address of a shipment, with ``{number}`` in it."""

    id: str
    code: str
    name: str
    tracking_url: str | None = None
    active: bool = True
    version: int = 1


def require_tracking_url(url: str | None) -> None:
    """Refuse an address that is none of the web, or in which the number has no place."""
    if url is None:
        return
    if not url.startswith(("https://", "http://")) or NUMBER_GOES_HERE not in url:
        raise TrackingUrlWithoutNumber(
            "the address does not say where the tracking number belongs",
            field="tracking_url",
            cure="write it as https://carrier.example/track/{number}",
        )


def require_carrier_for(carrier: str | None, numbers: Sequence[str]) -> None:
    """Refuse tracking numbers of nobody."""
    if numbers and carrier is None:
        raise TrackingWithoutCarrier(
            "tracking numbers were given without a carrier",
            field="carrier",
            cure="name the carrier's code, or leave the numbers out",
        )
