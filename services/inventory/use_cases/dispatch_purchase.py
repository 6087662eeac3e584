"""Note that the supplier sent goods to the customer: taken in, given to the order and shipped in one act."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery, Part, milli_by_line
from services.inventory.domain.purchase import LineNotOnPurchaseOrder, PurchaseOrder
from services.inventory.domain.requisition import Requisition
from services.inventory.domain.sourcing import NotSentOn, missing_of, require_wanted
from services.inventory.store import picking, reservations
from services.inventory.use_cases.purchase_orders import locked_purchase_order
from services.inventory.use_cases.receive_purchase import ReceivePurchase, take_in
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


def dispatch_purchase(tx: Transaction, command: ReceivePurchase) -> None:
    """Book what the supplier sent as received and as shipped on the same day, all of it or nothing.

    It passes through the books and never lies in the house: what a customer got is in the ledger like everything else.
    """
    purchase, made_from = locked_purchase_order(tx, command.purchase_order_id, command.expected_version)
    _require_sent_on(tx, command, purchase, made_from)
    received = take_in(tx, replace(command, expected_version=None), sent_on=True)
    named: dict[str, list[str]] = {}
    for line in received.document.lines:
        named.setdefault(line.item_id, []).extend(line.serials)
    for note in received.notes:
        sent = ShipDelivery(
            note.id, command.today, command.received_on, _with_serials(note, named), sent_from_here=False
        )
        ship_delivery(tx, sent)


def _with_serials(note: Delivery, named: dict[str, list[str]]) -> tuple[Part, ...]:
    """Return the lines of a note with the serials that came in for it, taken off ``named``; none, if it has no such."""
    if not any(named.get(line.key.item_id) for line in note.lines):
        return ()
    items = {line.order_line_id: line.key.item_id for line in note.lines}
    parts = []
    for order_line_id, milli in milli_by_line(note.lines).items():
        pool = named.get(items[order_line_id], [])
        taken, pool[:] = tuple(pool[: milli // 1000]), pool[milli // 1000 :]
        parts.append(Part(order_line_id, Quantity(milli), taken))
    return tuple(parts)


def _require_sent_on(
    tx: Transaction, command: ReceivePurchase, purchase: PurchaseOrder, made_from: dict[str, Requisition]
) -> None:
    lines = {line.id: made_from.get(line.requisition_id) for line in purchase.lines}
    sent: list[tuple[str, str, Quantity]] = []
    wanted: dict[str, Quantity] = {}
    for place, part in enumerate(command.lines):
        if part.line_id not in lines:
            raise LineNotOnPurchaseOrder(
                "the purchase order has no such line",
                field=f"lines.{place}.line_id",
                cure="name a line of this purchase order",
            )
        asked = lines[part.line_id]
        lacks = {} if asked is None or asked.order_id is None else _lacks(tx, asked.order_id)
        if asked is None or asked.order_line_id is None or asked.order_line_id not in lacks:
            raise NotSentOn(
                "this line is not for an order that waits for what its supplier sends on",
                field=f"lines.{place}.line_id",
            )
        wanted |= lacks
        sent.append((f"lines.{place}.quantity", asked.order_line_id, part.quantity))
    require_wanted(wanted, sent)


def _lacks(tx: Transaction, order_id: str) -> dict[str, Quantity]:
    """Return what an order still wants of its lines, if its goods are sent on to the customer."""
    found = reservations.of_order(tx.connection, order_id, lock=True)
    if found is None or found.state != "sourcing" or found.source != "supplier":
        return {}
    claims = picking.claims(tx.connection, found.id)
    return {line.order_line_id: lack for line, lack in missing_of(found.lines, claims)}
