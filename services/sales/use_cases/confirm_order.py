"""Confirm an order: the point from which the goods may go out."""

from __future__ import annotations

from libs.common.db import Transaction
from services.sales.domain import order as rules
from services.sales.domain.order import Order
from services.sales.domain.order_type import ORDINARY, Process
from services.sales.events import OrderConfirmed
from services.sales.store import orders
from services.sales.use_cases.follow_ticket import tell_ticket_order
from services.sales.use_cases.telling import locked_order, ordered_lines, tell


def confirm_order(tx: Transaction, order_id: str, process: Process = ORDINARY) -> Order:
    """Confirm the order and tell the warehouse and finance all they need for their part in its ``process``."""
    order = orders.save(tx, rules.confirm(locked_order(tx, order_id)))
    confirmed = OrderConfirmed(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        ordered_on=order.ordered_on,
        total=order.total,
        lines=ordered_lines(order),
        promised_on=order.promised_on,
        order_type=order.order_type,
        order_type_version=order.order_type_version,
        payment=process.payment,
        invoice_on=process.invoice,
        source=process.source,
        handover=process.handover,
        tax=order.tax,
        down_payment_bp=process.down_payment_bp,
    )
    tell(tx, order, confirmed)
    tell_ticket_order(tx, order, "confirmed")
    return order
