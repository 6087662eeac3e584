"""Keep the replica of items as inventory tells it."""

from __future__ import annotations

from libs.common.db import Transaction
from services.crm.domain.item import Item
from services.crm.store import items


def keep_item(tx: Transaction, item: Item, sequence: int) -> None:
    """Store an item as of inventory's ``sequence``-th message about it; the latest word counts."""
    items.put(tx.connection, item, sequence, tx.now)
