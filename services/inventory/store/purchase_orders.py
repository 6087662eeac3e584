"""Purchase orders with their lines, and what came in for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from libs.common.db import Prepared, Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.availability import Arrival
from services.inventory.domain.purchase import AWAITED, PurchaseLine, PurchaseOrder
from services.inventory.store.purchase_tables import (
    purchase_order,
    purchase_order_line,
    purchase_receipt_line,
    requisition,
)

_NAMES = (
    "id", "number", "supplier_id", "warehouse_id", "state", "drafted_by", "sent_by", "ordered_on", "reference",
    "reason", "version", "approval_id",
)  # fmt: skip
_CHANGING = ("state", "sent_by", "ordered_on", "reason", "approval_id")
_LINE = purchase_order_line
_QUANTITY = type_coerce(_LINE.c.quantity_milli, BigInteger)
_RECEIVED = type_coerce(_LINE.c.received_milli, BigInteger)
_CAME = bindparam("came", type_=BigInteger)
_RECEIVE = Prepared(
    update(_LINE)
    .where(
        _LINE.c.id == bindparam("b_id"),
        type_coerce(_LINE.c.most_milli, BigInteger) >= _RECEIVED + _CAME,
    )
    .values(received_milli=_RECEIVED + _CAME)
)


@dataclass(frozen=True)
class ReceivedPart:
    """What came in of a line with one receipt, of one lot (empty where the item is not tracked by lot)."""

    line_id: str
    item_id: str
    quantity: Quantity
    lot: str


def find(connection: Connection, purchase_order_id: str, *, lock: bool = False) -> PurchaseOrder | None:
    """Return a purchase order, or nothing; ``lock`` keeps it to this transaction.

    Whoever changes one locks its items first, then its requisitions.
    """
    query = select(purchase_order).where(purchase_order.c.id == purchase_order_id)
    row = connection.execute(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if row is None:
        return None
    return of_row(row, lines_of(connection, {row.id: row.currency})[row.id])


def of_row(row: Row[Any], lines: Sequence[PurchaseLine]) -> PurchaseOrder:
    """Return the purchase order that stands in a row of its table."""
    known = {name: getattr(row, name) for name in _NAMES}
    return PurchaseOrder(**known, total=Money(row.total_minor, row.currency), lines=tuple(lines))


def lines_of(connection: Connection, currencies: Mapping[str, str]) -> dict[str, list[PurchaseLine]]:
    """Return the lines of purchase orders, by order; ``currencies`` names the orders and what they are priced in."""
    found: dict[str, list[PurchaseLine]] = {order_id: [] for order_id in currencies}
    query = select(_LINE).where(_LINE.c.purchase_order_id.in_(sorted(currencies)))
    for row in connection.execute(query.order_by(_LINE.c.purchase_order_id, _LINE.c.position)):
        found[row.purchase_order_id].append(_line(row, currencies[row.purchase_order_id]))
    return found


def _line(row: Row[Any], currency: str) -> PurchaseLine:
    return PurchaseLine(
        id=row.id,
        item_id=row.item_id,
        requisition_id=row.requisition_id,
        quantity=row.quantity_milli,
        most=row.most_milli,
        unit_price=Price(row.unit_price_e4, currency),
        amount=Money(row.amount_minor, currency),
        expected_on=row.expected_on,
        received=row.received_milli,
    )


def add(tx: Transaction, new: PurchaseOrder) -> None:
    """Store a new purchase order with its lines."""
    values = {name: getattr(new, name) for name in _NAMES}
    money = {"total_minor": new.total.minor, "currency": new.total.currency}
    stamps = {"created_at": tx.now, "updated_at": tx.now}
    tx.connection.execute(insert(purchase_order).values(**values, **money, **stamps))
    tx.connection.execute(
        insert(_LINE), [_line_values(new.id, place, line) for place, line in enumerate(new.lines)]
    )


def _line_values(purchase_order_id: str, position: int, line: PurchaseLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "purchase_order_id": purchase_order_id,
        "position": position,
        "item_id": line.item_id,
        "requisition_id": line.requisition_id,
        "quantity_milli": line.quantity,
        "most_milli": line.most,
        "received_milli": line.received,
        "unit_price_e4": line.unit_price.e4,
        "amount_minor": line.amount.minor,
        "expected_on": line.expected_on,
    }


def save(tx: Transaction, before: PurchaseOrder, after: PurchaseOrder) -> None:
    """Store the head of a changed purchase order as its next version, and the days of its lines where they moved."""
    statement = (
        update(purchase_order)
        .where(purchase_order.c.id == after.id, purchase_order.c.version == before.version)
        .values(
            **{name: getattr(after, name) for name in _CHANGING},
            version=before.version + 1,
            updated_at=tx.now,
        )
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"purchase order {after.number} was changed meanwhile")
    for old, new in zip(before.lines, after.lines, strict=True):
        if old.expected_on != new.expected_on:
            moved = update(_LINE).where(_LINE.c.id == new.id).values(expected_on=new.expected_on)
            tx.connection.execute(moved)


def receive(connection: Connection, line_id: str, came: Quantity) -> bool:
    """Count ``came`` on a line; false when more would have come in than is taken in of it."""
    return connection.execute(_RECEIVE, {"b_id": line_id, "came": came.milli}).rowcount == 1


def add_receipt(connection: Connection, document_id: str, parts: Sequence[ReceivedPart]) -> None:
    """Store which lines a receipt, which is booked as ``document_id``, was for."""
    connection.execute(
        insert(purchase_receipt_line),
        [
            {
                "document_id": document_id,
                "position": place,
                "purchase_order_line_id": part.line_id,
                "item_id": part.item_id,
                "lot": part.lot,
                "quantity_milli": part.quantity,
            }
            for place, part in enumerate(parts)
        ],
    )


def outstanding(connection: Connection, item_ids: Collection[str]) -> dict[str, int]:
    """Return the milli of each item that purchase orders, drafts among them, have still to bring for whoever wants."""
    query = (
        select(_LINE.c.item_id, func.sum(_QUANTITY - _RECEIVED).label("milli"))
        .join(purchase_order, purchase_order.c.id == _LINE.c.purchase_order_id)
        .join(requisition, requisition.c.id == _LINE.c.requisition_id)
        .where(
            requisition.c.origin != "order",
            _LINE.c.item_id.in_(sorted(set(item_ids))),
            purchase_order.c.state.in_(("draft", *AWAITED)),
            _QUANTITY > _RECEIVED,
        )
        .group_by(_LINE.c.item_id)
    )
    return {row.item_id: int(row.milli) for row in connection.execute(query)}


def arrivals(connection: Connection, item_id: str, *, drafts: bool = False) -> list[Arrival]:
    """Return what is on its way of an item for whoever wants it, the next first; with ``drafts`` those too."""
    states = ("draft", *AWAITED) if drafts else AWAITED
    query = (
        select(
            _LINE.c.expected_on,
            purchase_order.c.id,
            purchase_order.c.number,
            purchase_order.c.warehouse_id,
            type_coerce(_QUANTITY - _RECEIVED, BigInteger).label("milli"),
        )
        .join(purchase_order, purchase_order.c.id == _LINE.c.purchase_order_id)
        .join(requisition, requisition.c.id == _LINE.c.requisition_id)
        .where(
            requisition.c.origin != "order",
            _LINE.c.item_id == item_id,
            purchase_order.c.state.in_(states),
            _QUANTITY > _RECEIVED,
        )
        .order_by(_LINE.c.expected_on, purchase_order.c.number)
    )
    return [
        Arrival(row.expected_on, row.id, row.number, row.warehouse_id, Quantity(int(row.milli)))
        for row in connection.execute(query)
    ]
