"""How far an order has come: what has left the house, what is on invoices, what has been paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.errors import ShippedTooMuch
from services.sales.domain.order import BillingStatus, DeliveryStatus, Order, OrderLine, PaymentStatus


def ship(order: Order, quantities: Mapping[str, Quantity]) -> Order:
    """Return the order after ``quantities`` (by order line) have left the house."""
    lines = tuple(
        replace(line, shipped=_grown(order, line, line.shipped, quantities.get(line.id)))
        for line in order.lines
    )
    _check_known(order, quantities)
    return settle(replace(order, lines=lines))


def invoice(order: Order, quantities: Mapping[str, Quantity], total: Money) -> Order:
    """Return the order after an invoice of ``total`` for ``quantities`` (by order line)."""
    lines = tuple(
        replace(line, invoiced=_grown(order, line, line.invoiced, quantities.get(line.id)))
        for line in order.lines
    )
    _check_known(order, quantities)
    return settle(replace(order, lines=lines, invoiced=order.invoiced + total))


def leave_out(order: Order, quantities: Mapping[str, Quantity]) -> Order:
    """Return the order after it was said that ``quantities`` (by order line) will never be invoiced."""
    lines = tuple(
        replace(line, not_invoiced=_grown(order, line, line.not_invoiced, quantities.get(line.id)))
        for line in order.lines
    )
    _check_known(order, quantities)
    return settle(replace(order, lines=lines))


def pay(order: Order, amount: Money) -> Order:
    """Return the order after ``amount`` was paid on its invoices."""
    return settle(replace(order, paid=order.paid + amount))


def owe_again(order: Order, amount: Money) -> Order:
    """Return the order after ``amount``, which had counted as paid, is owed again; one that is done stays done."""
    return settle(replace(order, paid=order.paid - amount))


def _grown(order: Order, line: OrderLine, before: Quantity, more: Quantity | None) -> Quantity:
    after = before if more is None else before + more
    if after > line.quantity:
        raise ShippedTooMuch(f"{order.number} line {line.line_no}: {after} of {line.quantity} {line.uom}")
    return after


def _check_known(order: Order, quantities: Mapping[str, Quantity]) -> None:
    strangers = set(quantities) - {line.id for line in order.lines}
    if strangers:
        raise ShippedTooMuch(f"{order.number} has no line {', '.join(sorted(strangers))}")


def has_shipped(order: Order) -> bool:
    """Tell whether any goods of the order have left the house."""
    return any(line.shipped for line in order.lines)


def close_short(order: Order, reason: str, detail: str | None) -> Order:
    """Return the order with all that has not left given up: it was cancelled while a part was on its way."""
    lines = tuple(replace(line, given_up=line.quantity - line.shipped) for line in order.lines)
    closed = replace(order, lines=lines, cancel_requested_at=None, cancel_reason=reason, cancel_detail=detail)
    return settle(closed)


def settle(order: Order) -> Order:
    """Return the order with its statuses worked out from its lines and sums.

    It is *processing* from the first shipment on and *done* when nothing is left to ship, to invoice or to pay. That
    is its end: what finance claims again later, because a loss was taken back, is finance's matter alone. A cancelled
    one stays so, whatever is credited of it.
    """
    delivery, billing = delivery_status(order.lines), billing_status(order.lines)
    payment = payment_status(billing, order.invoiced, order.paid)
    state = order.state
    if state == "done":
        payment = "paid"
    if state == "confirmed" and delivery != "waiting":
        state = "processing"
    if state == "cancelled":
        delivery = "none"
    all_left = not any(line.to_ship for line in order.lines)
    if state == "processing" and all_left and (billing, payment) == ("invoiced", "paid"):
        state = "done"
    return replace(
        order, state=state, delivery_status=delivery, billing_status=billing, payment_status=payment
    )


def delivery_status(lines: Iterable[OrderLine]) -> DeliveryStatus:
    """Return how much of a confirmed order has been shipped."""
    rows = list(lines)
    if all(line.shipped == line.quantity for line in rows):
        return "full"
    return "partial" if any(line.shipped for line in rows) else "waiting"


def billing_status(lines: Iterable[OrderLine]) -> BillingStatus:
    """Return how much of an order has been invoiced; *to_invoice*: goods are out and no invoice is."""
    rows = list(lines)
    if all(line.invoiced >= line.quantity - line.given_up - line.not_invoiced for line in rows):
        return "invoiced"
    if any(line.invoiced for line in rows):
        return "partial"
    return "to_invoice" if any(line.shipped for line in rows) else "none"


def payment_status(billing: BillingStatus, invoiced: Money, paid: Money) -> PaymentStatus:
    """Return how much has been paid: *paid* when all is invoiced and nothing of it is open."""
    if billing == "invoiced" and paid >= invoiced:
        return "paid"
    return "partial" if paid else "not_paid"
