"""Keep the replica of items as inventory tells it."""

from __future__ import annotations

from libs.common.db import Transaction
from services.service_desk.store import items


def keep_item(tx: Transaction, item_id: str, sku: str, name: str, sequence: int) -> None:
    """Store what an item is called, as of inventory's ``sequence``-th message about it; the latest word counts."""
    items.put(tx.connection, item_id, sku, name, sequence, tx.now)
