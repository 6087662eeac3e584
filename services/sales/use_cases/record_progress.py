"""Record on the order what the others did: shipped, invoiced, were paid. The last of the three completes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain import progress
from services.sales.domain.order import Order
from services.sales.events import OrderCompleted
from services.sales.store import orders
from services.sales.use_cases.follow_ticket import tell_ticket_order
from services.sales.use_cases.telling import locked_order, tell


def record_shipment(tx: Transaction, order_id: str, lines: Iterable[tuple[str, Quantity]]) -> Order:
    """Record what left the house, as (order line, quantity); a line may come in several parts."""
    before = locked_order(tx, order_id)
    return save_progress(tx, before, progress.ship(before, _summed(lines)))


def record_invoice(
    tx: Transaction, order_id: str, lines: Iterable[tuple[str, Quantity]], total: Money
) -> Order:
    """Record an invoice of ``total`` for parts of the order."""
    before = locked_order(tx, order_id)
    return save_progress(tx, before, progress.invoice(before, _summed(lines), total))


def record_not_invoiced(tx: Transaction, order_id: str, lines: Iterable[tuple[str, Quantity]]) -> Order:
    """Record what left the house and will never be invoiced."""
    before = locked_order(tx, order_id)
    return save_progress(tx, before, progress.leave_out(before, _summed(lines)))


def record_payment(tx: Transaction, order_id: str, amount: Money) -> Order:
    """Record that ``amount`` was paid on the order's invoices."""
    before = locked_order(tx, order_id)
    return save_progress(tx, before, progress.pay(before, amount))


def record_owed_again(tx: Transaction, order_id: str, amount: Money) -> Order:
    """Record that ``amount`` of the order's invoices, which had been settled, is owed again."""
    before = locked_order(tx, order_id)
    return save_progress(tx, before, progress.owe_again(before, amount))


def _summed(lines: Iterable[tuple[str, Quantity]]) -> Mapping[str, Quantity]:
    sums: dict[str, Quantity] = {}
    for line_id, quantity in lines:
        sums[line_id] = sums.get(line_id, Quantity.zero()) + quantity
    return sums


def save_progress(tx: Transaction, before: Order, after: Order) -> Order:
    """Store how far a locked order has come, and tell when that was the last step."""
    orders.save_progress(tx, before, after)
    saved = orders.save(tx, after)
    if saved.delivery_status != before.delivery_status:
        tell_ticket_order(tx, saved, "shipped" if saved.delivery_status == "full" else "part_shipped")
    if saved.state == "done" and before.state != "done":
        tell(tx, saved, OrderCompleted(saved.id, saved.number))
    return saved
