"""What hands did with a delivery, with whom it went, and how it arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from sqlalchemy import Connection, select

from libs.common.quantity import Quantity
from services.inventory.domain.carriers import NUMBER_GOES_HERE
from services.inventory.store.fulfilment_tables import (
    carrier,
    package,
    package_line,
    pick_record,
    proof_of_delivery,
    shipment,
    tracking,
)
from services.inventory.store.tables import customer, delivery, goods_return, item
from services.inventory.store.teams import SIGHT


@dataclass(frozen=True)
class PickShown:
    """What a hand did: took it, did not find it, or put it back."""

    kind: str
    order_line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    lot: str | None
    instead_of: str | None
    reason: str | None
    actor: str | None
    recorded_at: datetime


@dataclass(frozen=True)
class PackedLineShown:
    """What is in a package of one order line and lot."""

    order_line_id: str
    lot: str | None
    quantity: Quantity


@dataclass(frozen=True)
class PackageShown:
    """A package and what is in it."""

    package_no: int
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    tracking_number: str | None
    packed_by: str | None
    packed_at: datetime
    lines: tuple[PackedLineShown, ...]


@dataclass(frozen=True)
class TrackingShown:
    """A number under which a part of the delivery goes, and where it can be followed."""

    number: str
    url: str | None


@dataclass(frozen=True)
class ProofShown:
    """Who signed for the goods."""

    delivered_on: date
    signed_by: str
    note: str | None
    file_name: str | None
    file_sha256: str | None
    return_id: str | None
    return_number: str | None
    actor: str | None
    recorded_at: datetime


@dataclass(frozen=True)
class FulfilmentShown:
    """All that is kept of a note beside its lines."""

    delivery_id: str
    number: str
    state: str
    picks: tuple[PickShown, ...]
    packages: tuple[PackageShown, ...]
    carrier_code: str | None
    carrier_name: str | None
    tracking: tuple[TrackingShown, ...]
    proof: ProofShown | None


def fulfilment(connection: Connection, delivery_id: str, *, owner_id: str | None) -> FulfilmentShown | None:
    """Return what was done with a note; nothing when there is none, or when its customer is not ``owner_id``'s."""
    statement = (
        select(
            delivery.c.id,
            delivery.c.number,
            delivery.c.state,
            carrier.c.code,
            carrier.c.name,
            carrier.c.tracking_url,
        )
        .outerjoin(customer, customer.c.id == delivery.c.customer_id)
        .outerjoin(shipment, shipment.c.delivery_id == delivery.c.id)
        .outerjoin(carrier, carrier.c.id == shipment.c.carrier_id)
        .where(delivery.c.id == delivery_id)
    )
    if owner_id is not None:
        statement = statement.where(SIGHT.holds(customer.c.owner_id, owner_id))
    head = connection.execute(statement).one_or_none()
    if head is None:
        return None
    return FulfilmentShown(
        delivery_id=head.id,
        number=head.number,
        state=head.state,
        picks=_picks(connection, delivery_id),
        packages=_packages(connection, delivery_id),
        carrier_code=head.code,
        carrier_name=head.name,
        tracking=_tracking(connection, delivery_id, head.tracking_url),
        proof=_proof(connection, delivery_id),
    )


def _picks(connection: Connection, delivery_id: str) -> tuple[PickShown, ...]:
    columns = ("kind", "order_line_id", "item_id", "instead_of", "reason", "actor", "recorded_at")
    statement = (
        select(
            *(pick_record.c[name] for name in columns),
            pick_record.c.quantity_milli.label("quantity"),
            pick_record.c.lot.label("lot_text"),
            item.c.sku,
        )
        .join(item, item.c.id == pick_record.c.item_id)
        .where(pick_record.c.delivery_id == delivery_id)
        .order_by(pick_record.c.id)
    )
    rows = [row._asdict() for row in connection.execute(statement)]
    return tuple(PickShown(lot=row.pop("lot_text") or None, **row) for row in rows)


def _packages(connection: Connection, delivery_id: str) -> tuple[PackageShown, ...]:
    names = (
        "package_no", "weight_g", "length_mm", "width_mm", "height_mm", "tracking_number", "packed_by", "packed_at",
    )  # fmt: skip
    held: dict[int, list[PackedLineShown]] = {}
    line = package_line.c
    of_note = select(line.package_no, line.order_line_id, line.lot, line.quantity_milli)
    of_note = of_note.where(line.delivery_id == delivery_id).order_by(line.order_line_id, line.lot)
    for number, order_line_id, lot, quantity in connection.execute(of_note):
        held.setdefault(number, []).append(PackedLineShown(order_line_id, lot or None, quantity))
    heads = select(*(package.c[name] for name in names)).where(package.c.delivery_id == delivery_id)
    rows = connection.execute(heads.order_by(package.c.package_no))
    return tuple(PackageShown(**row._asdict(), lines=tuple(held[row.package_no])) for row in rows)


def _tracking(connection: Connection, delivery_id: str, pattern: str | None) -> tuple[TrackingShown, ...]:
    statement = select(tracking.c.number).where(tracking.c.delivery_id == delivery_id)
    found = connection.execute(statement.order_by(tracking.c.position)).scalars()
    return tuple(TrackingShown(number, _address(pattern, number)) for number in found)


def _address(pattern: str | None, number: str) -> str | None:
    """Return where a shipment can be followed; whatever its number is, it changes nothing else of the address."""
    return pattern.replace(NUMBER_GOES_HERE, quote(number, safe="")) if pattern else None


def _proof(connection: Connection, delivery_id: str) -> ProofShown | None:
    columns = (
        "delivered_on", "signed_by", "note", "file_name", "file_sha256", "return_id", "actor", "recorded_at",
    )  # fmt: skip
    statement = (
        select(*(proof_of_delivery.c[name] for name in columns), goods_return.c.number.label("return_number"))
        .outerjoin(goods_return, goods_return.c.id == proof_of_delivery.c.return_id)
        .where(proof_of_delivery.c.delivery_id == delivery_id)
    )
    row = connection.execute(statement).one_or_none()
    return ProofShown(**row._asdict()) if row else None
