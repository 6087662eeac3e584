"""Arrival: who signed for the goods, when, and what was refused at the door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryStateRefuses
from services.inventory.domain.fulfilment_errors import DeliveredBeforeShipped


@dataclass(frozen=True)
class Proof:
    """The proof of delivery. A photo or a signed paper is kept elsewhere: by its name and the digest of its bytes."""

    delivered_on: date
    signed_by: str
    note: str | None = None
    file_name: str | None = None
    file_sha256: str | None = None


def deliver(delivery: Delivery, proof: Proof) -> Delivery:
    """Return the note as arrived."""
    if delivery.state != "shipped" or delivery.shipped_on is None:
        raise DeliveryStateRefuses(
            f"delivery {delivery.number} is {delivery.state} and cannot arrive",
            cure="ship it first" if delivery.state != "delivered" else "it has arrived already",
            state=delivery.state,
        )
    if proof.delivered_on < delivery.shipped_on:
        raise DeliveredBeforeShipped(
            f"delivery {delivery.number} left on {delivery.shipped_on.isoformat()}",
            field="delivered_on",
            cure="give the day on which it arrived",
            shipped_on=delivery.shipped_on,
        )
    return replace(delivery, state="delivered")


def on_time(delivery: Delivery, delivered_on: date) -> bool | None:
    """Tell whether the goods arrived by the promised day; nothing when none was promised."""
    return None if delivery.promised_on is None else delivered_on <= delivery.promised_on
