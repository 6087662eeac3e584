"""Keep the replica of items as inventory tells it."""

from __future__ import annotations

from libs.common.db import Transaction
from services.service_desk.domain.installed import Item
from services.service_desk.store import items


def keep_item(tx: Transaction, item: Item, sequence: int) -> None:
    """Store the item as of inventory's ``sequence``-th message about it; the latest word counts."""
    items.put(tx.connection, item, sequence, tx.now)
