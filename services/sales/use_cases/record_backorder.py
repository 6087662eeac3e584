"""Record what an order waits for in the warehouse, line by line."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.db import Transaction
from services.sales.domain.backorder import Backordered
from services.sales.domain.order_waits import can_be_held_again
from services.sales.store import backorders
from services.sales.use_cases.telling import locked_head, locked_order


def record_backorder(tx: Transaction, order_id: str, lines: Iterable[Backordered]) -> None:
    """Keep what the warehouse says last; an order that has ended waits for nothing."""
    if can_be_held_again(locked_head(tx, order_id)):
        backorders.replace_all(tx, order_id, lines)


def record_taken_back(tx: Transaction, order_id: str) -> None:
    """Keep that all that has not left is waited for: nothing is held any more, and nobody has said yet from when."""
    order = locked_order(tx, order_id)
    if can_be_held_again(order):
        rest = (Backordered(line.id, line.to_ship) for line in order.lines if line.to_ship)
        backorders.replace_all(tx, order_id, rest)
