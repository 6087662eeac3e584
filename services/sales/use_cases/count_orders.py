"""Count orders in the figures, as they are confirmed, brought in, changed, cut short and cancelled."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from services.sales.store import figures


def count_order(tx: Transaction, order_id: str, day: date) -> None:
    """Count an order that was confirmed on ``day``; again, it changes nothing."""
    figures.count(tx, order_id, day)


def count_again(tx: Transaction, order_id: str) -> None:
    """Count an order for what it is worth now; one that was never confirmed counts for nothing."""
    figures.count(tx, order_id)
