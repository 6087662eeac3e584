"""Take in what was ordered: counted on the order's lines, booked as stock, and given to those who wait for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Price
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.items import NO_LOT
from services.inventory.domain.purchase import (
    LineNotOnPurchaseOrder,
    PurchaseLine,
    PurchaseOrder,
    more_than_awaited,
    receive,
    require_receivable,
)
from services.inventory.domain.requisition import Requisition
from services.inventory.domain.sourcing import Arrived
from services.inventory.domain.stock import StockKey
from services.inventory.domain.supply import amount_of
from services.inventory.events import PurchaseOrderReceived, PurchaseReceivedLine
from services.inventory.store import items, purchase_orders, suppliers
from services.inventory.store.purchase_orders import ReceivedPart
from services.inventory.use_cases.book_stock import BookStock, StockDocument, StockLine, book_stock
from services.inventory.use_cases.give_to_order import give_to_orders
from services.inventory.use_cases.purchase_orders import close_requisitions, locked_purchase_order


@dataclass(frozen=True)
class ReceivedLine:
    """How much of a line came in; several lots of a line are several of these.

    It is worth what the order says that it costs, unless ``unit_cost`` says otherwise.
    """

    line_id: str
    quantity: Quantity
    lot: str | None = None
    expires_on: date | None = None
    unit_cost: Price | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReceivePurchase:
    """What came in of a purchase order; ``reference`` is the number on the supplier's delivery note."""

    purchase_order_id: str
    lines: tuple[ReceivedLine, ...]
    today: date
    received_on: date | None = None
    reference: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class TakenIn:
    """The booking of what came in, and the notes of what goes on to customers at once."""

    document: StockDocument
    notes: tuple[Delivery, ...]


def receive_purchase(tx: Transaction, command: ReceivePurchase) -> StockDocument:
    """Book what came in; on the terms of ``take_in``."""
    return take_in(tx, command).document


def take_in(tx: Transaction, command: ReceivePurchase, *, sent_on: bool = False) -> TakenIn:
    """Book what came in; refuse more than was ordered and the tolerance allows, with the figures.

    All or nothing. A line counts what came by one statement that refuses too much, so two who take in the last of
    it at once are one too many only once. Requisitions whose line is complete are closed. What was got for one order
    alone is that order's. ``sent_on``: it goes to the customer without lying in the house.
    """
    before, made_from = locked_purchase_order(tx, command.purchase_order_id, command.expected_version)
    require_receivable(before)
    ordered = _count(tx, before, command.lines)
    document = book_stock(tx, _booking(before, command, ordered))
    parts = [
        ReceivedPart(line.id, line.item_id, came.quantity, came.lot or NO_LOT)
        for line, came in zip(ordered, command.lines, strict=True)
    ]
    purchase_orders.add_receipt(tx.connection, document.id, parts)
    after = receive(before, _by_line(parts))
    purchase_orders.save(tx, before, after)
    complete = {line.requisition_id for line in after.lines if not line.outstanding}
    close_requisitions(tx, [each for each in made_from.values() if each.id in complete])
    _tell(tx, after, document, parts)
    notes = give_to_orders(tx, _got_for_orders(after, made_from, parts), sent_on=sent_on)
    return TakenIn(document, tuple(notes))


def _got_for_orders(
    purchase: PurchaseOrder, made_from: Mapping[str, Requisition], parts: Sequence[ReceivedPart]
) -> Iterator[tuple[str, Arrived]]:
    """Give what of the parts was got for one order alone, with that order."""
    asked = {line.id: made_from.get(line.requisition_id) for line in purchase.lines}
    for part in parts:
        one = asked[part.line_id]
        if one is not None and one.order_id is not None and one.order_line_id is not None:
            key = StockKey(part.item_id, purchase.warehouse_id, part.lot)
            yield one.order_id, Arrived(one.order_line_id, key, part.quantity)


def _count(tx: Transaction, purchase: PurchaseOrder, came: Sequence[ReceivedLine]) -> list[PurchaseLine]:
    """Count ``came`` on the lines; return the line of each, as it was before all this."""
    lines = {line.id: line for line in purchase.lines}
    counted = dict(lines)
    for place, part in enumerate(came):
        if part.line_id not in lines:
            raise LineNotOnPurchaseOrder(
                "the purchase order has no such line",
                field=f"lines.{place}.line_id",
                cure="name a line of this purchase order",
            )
        line = counted[part.line_id]
        if not purchase_orders.receive(tx.connection, line.id, part.quantity):
            raise more_than_awaited(line, part.quantity, f"lines.{place}.quantity")
        counted[line.id] = replace(line, received=line.received + part.quantity)
    return [lines[part.line_id] for part in came]


def _booking(purchase: PurchaseOrder, command: ReceivePurchase, ordered: Sequence[PurchaseLine]) -> BookStock:
    return BookStock(
        kind="receipt",
        warehouse_id=purchase.warehouse_id,
        lines=tuple(
            StockLine(
                line.item_id,
                came.quantity,
                came.lot,
                came.expires_on,
                came.unit_cost,
                line.unit_price,
                came.serials,
            )
            for line, came in zip(ordered, command.lines, strict=True)
        ),
        today=command.today,
        booked_on=command.received_on,
        reference=command.reference or purchase.number,
    )


def _by_line(parts: Sequence[ReceivedPart]) -> dict[str, Quantity]:
    came: dict[str, Quantity] = {}
    for part in parts:
        came[part.line_id] = came.get(part.line_id, Quantity.zero()) + part.quantity
    return came


def _tell(
    tx: Transaction, after: PurchaseOrder, document: StockDocument, parts: Sequence[ReceivedPart]
) -> None:
    supplier = suppliers.find(tx.connection, after.supplier_id)
    assert supplier is not None, "a purchase order has a supplier"
    known = items.known(tx.connection, after.item_ids)
    lines = {line.id: line for line in after.lines}
    told = tuple(
        PurchaseReceivedLine(
            line_id=part.line_id,
            item_id=part.item_id,
            sku=known[part.item_id].sku,
            quantity=part.quantity,
            unit_price=lines[part.line_id].unit_price,
            amount=amount_of(part.quantity, lines[part.line_id].unit_price, f"lines.{place}.quantity"),
            lot=part.lot or None,
            value=value,
        )
        for place, (part, value) in enumerate(zip(parts, document.values, strict=True))
    )
    event = PurchaseOrderReceived(
        purchase_order_id=after.id,
        number=after.number,
        supplier_id=supplier.id,
        supplier_number=supplier.number,
        warehouse_id=after.warehouse_id,
        receipt_id=document.id,
        receipt_number=document.number,
        received_on=document.booked_on,
        lines=told,
        fully_received=after.fully_received,
        reference=document.reference,
    )
    publish(tx, event)
