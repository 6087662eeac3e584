"""How an order is told of: within its conversation, with its lines as they were agreed."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain.errors import OrderNotFound
from services.sales.domain.order import Order
from services.sales.events import OrderedLine
from services.sales.store import orders


def tell(tx: Transaction, order: Order, event: object) -> None:
    """Say ``event`` in the conversation that ``order`` belongs to."""
    publish(tx, event, correlation_id=order.conversation_id)


def ordered_lines(order: Order) -> tuple[OrderedLine, ...]:
    """Return the lines of ``order`` as others are told them."""
    return tuple(
        OrderedLine(
            order_line_id=line.id,
            line_no=line.line_no,
            item_id=line.item_id,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            amount=line.amount,
            promotion=line.promotion,
            net=line.net,
            tax=line.tax_amount,
            tax_code=line.tax.code if line.tax else None,
            tax_percent=line.tax.percent if line.tax else None,
        )
        for line in order.lines
    )


def locked_order(tx: Transaction, order_id: str) -> Order:
    """Return the order with its lines, locked; one that sales never placed is a fault in the message that names it."""
    return _known(orders.lock(tx, order_id), order_id)


def lock_orders(tx: Transaction, order_ids: Iterable[str]) -> None:
    """Lock together the orders that ``locked_order`` will be asked for one by one."""
    orders.lock_ahead(tx, order_ids)


def locked_head(tx: Transaction, order_id: str) -> Order:
    """Return the order without its lines, locked, on the terms of ``locked_order``."""
    return _known(orders.lock_head(tx, order_id), order_id)


def _known(found: Order | None, order_id: str) -> Order:
    if found is None:
        raise OrderNotFound(f"there is no order {order_id}")
    return found
