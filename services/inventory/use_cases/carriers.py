"""Open and change carriers, and say with which of them a delivery goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.inventory.domain.carriers import Carrier, require_carrier_for, require_tracking_url
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryNotFound, DeliveryStateRefuses
from services.inventory.domain.fulfilment_errors import (
    CarrierCodeTaken,
    CarrierNotFound,
    TrackingNumberTaken,
    UnknownCarrier,
)
from services.inventory.store import carriers, deliveries, packages


@dataclass(frozen=True)
class OpenCarrier:
    """A new carrier."""

    code: str
    name: str
    tracking_url: str | None = None


@dataclass(frozen=True)
class SetShipment:
    """Who takes a delivery along, and under which numbers; nobody when there is no ``carrier``."""

    delivery_id: str
    carrier: str | None
    tracking_numbers: tuple[str, ...] = ()
    expected_version: int | None = None


def open_carrier(tx: Transaction, command: OpenCarrier) -> Carrier:
    """Store a new carrier."""
    require_tracking_url(command.tracking_url)
    new = Carrier(tx.new_id(), command.code, command.name, command.tracking_url)
    if not carriers.add(tx, new):
        raise CarrierCodeTaken(
            f"there is a carrier {command.code}", field="code", cure="choose another code, or change that one"
        )
    return new


def change_carrier(
    tx: Transaction, carrier_id: str, changes: Mapping[str, Any], expected_version: int | None
) -> Carrier:
    """Change a carrier's name, tracking address or use; what went with it stays."""
    found = carriers.find(tx.connection, carrier_id)
    if found is None:
        raise CarrierNotFound("there is no such carrier", field="carrier_id")
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"carrier {found.code} is at version {found.version}")
    changed = replace(found, **changes)
    require_tracking_url(changed.tracking_url)
    carriers.save(tx, changed)
    return replace(changed, version=found.version + 1)


def set_shipment(tx: Transaction, command: SetShipment) -> Delivery:
    """Say, or say anew, who takes a delivery along; until it has arrived."""
    seen = deliveries.find(tx.connection, command.delivery_id)
    delivery = deliveries.lock(tx.connection, seen) if seen else None
    if delivery is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    if command.expected_version not in (None, delivery.version):
        raise VersionMismatch(f"delivery {delivery.number} is at version {delivery.version}")
    if delivery.state in ("delivered", "cancelled"):
        raise DeliveryStateRefuses(
            f"delivery {delivery.number} is {delivery.state}",
            cure="the carrier can be said until the goods have arrived",
            state=delivery.state,
        )
    hand_over(tx, delivery, command.carrier, command.tracking_numbers)
    packages.forget_tracking(tx.connection, delivery.id)
    deliveries.save(tx, delivery, delivery)
    return replace(delivery, version=delivery.version + 1)


def hand_over(
    tx: Transaction, delivery: Delivery, code: str | None, numbers: Sequence[str]
) -> Carrier | None:
    """Note who takes a locked delivery along; return the carrier, or nothing."""
    require_carrier_for(code, numbers)
    found = None if code is None else _active(tx, code)
    unique = list(dict.fromkeys(numbers))
    taken = carriers.set_shipment(tx.connection, delivery.id, found.id if found else None, unique)
    if taken is not None:
        raise TrackingNumberTaken(
            f"another delivery went under {taken}",
            field=f"tracking_numbers.{list(numbers).index(taken)}",
            cure="read the number from the label again",
        )
    return found


def _active(tx: Transaction, code: str) -> Carrier:
    found = carriers.of_code(tx.connection, code)
    if found is None or not found.active:
        raise UnknownCarrier(f"there is no active carrier {code}", field="carrier")
    return found
