"""Record what an order waits for in the warehouse, line by line."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.db import Transaction
from services.sales.domain.backorder import Backordered
from services.sales.domain.order_waits import can_be_held_again
from services.sales.store import backorders
from services.sales.use_cases.telling import locked_head


def record_backorder(tx: Transaction, order_id: str, lines: Iterable[Backordered]) -> None:
    """Keep what the warehouse says last; an order that has ended waits for nothing."""
    if can_be_held_again(locked_head(tx, order_id)):
        backorders.replace_all(tx, order_id, lines)
