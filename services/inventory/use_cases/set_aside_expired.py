"""Set expired stock aside, by the company's day, before anything is promised.

Setting aside is one statement; from then on nothing of the row is available, and the one that reserves refuses it.
Whoever promises stock does so first for what is due, under the lock of the item, so that no promise is made between the
end of a day and the job that takes back what was promised before (``expire_stock``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain.stock import StockRow
from services.inventory.events import StockFreed
from services.inventory.store import stock
from services.inventory.use_cases.cover_shortage import cover_shortage


def set_aside(tx: Transaction, item_ids: Collection[str], today: date) -> bool:
    """Set aside what of the locked items has expired before ``today``; what is lacking then is asked for.

    What was promised of it is taken back because of what is told here, in a transaction that locks what it needs.
    """
    expired = stock.set_aside(tx.connection, item_ids, today)
    if not expired:
        return False
    for item_id in expired:
        publish(tx, StockFreed(item_id, "expired"))
    cover_shortage(tx, item_ids, may_grow=True)
    return True


def usable_rows(tx: Transaction, item_ids: Collection[str], today: date) -> list[StockRow]:
    """Return the stock rows of the locked items, once what is due is set aside; mostly that is nothing."""
    rows = stock.rows(tx.connection, item_ids)
    if any(row.is_due(today) for row in rows):
        set_aside(tx, item_ids, today)
        rows = stock.rows(tx.connection, item_ids)
    return rows
