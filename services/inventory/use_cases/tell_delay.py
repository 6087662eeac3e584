"""Tell, once, that an order's promised day has passed and not all of it has left."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain.delay import UNFILLED, waits_for
from services.inventory.events import DelayedLine, DelayedNote, DeliveryDelayed
from services.inventory.store import delays, deliveries, reservations, warehouses


def tell_delay(tx: Transaction, order_id: str, today: date) -> bool:
    """Tell of a late order, unless it was told, has left meanwhile or is given up; return whether it was told now."""
    late = reservations.of_order(tx.connection, order_id, lock=True)
    if late is None or late.promised_on is None or late.promised_on >= today:
        return False
    if late.state not in (*UNFILLED, "reserved"):
        return False
    notes = deliveries.open_of_order(tx.connection, order_id)
    packing = warehouses.that_pack(tx.connection, {each.warehouse_id for each in notes})
    waits = waits_for(late, [each.state for each in notes], must_pack=bool(packing))
    if waits == "release" and delays.lacks_again(tx.connection, late.id):
        waits = "stock"
    if not delays.note(tx, order_id, late.promised_on, waits, today):
        return False
    told = DeliveryDelayed(
        order_id=order_id,
        order_number=late.order_number,
        customer_id=late.customer_id,
        promised_on=late.promised_on,
        noticed_on=today,
        waits_for=waits,
        lines=tuple(
            DelayedLine(line.order_line_id, line.item_id, line.quantity - line.shipped)
            for line in late.lines
            if line.quantity != line.shipped
        ),
        notes=tuple(DelayedNote(each.id, each.number, each.state) for each in notes),
    )
    publish(tx, told, correlation_id=late.correlation_id)
    return True
