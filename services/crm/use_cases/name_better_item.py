"""Name the better one of an item: what sales puts in its place, A+ for A."""

from __future__ import annotations

from libs.common.db import Transaction
from services.crm.domain.recommendation import BetterItemWrong
from services.crm.store import buyings, items


def name_better_item(tx: Transaction, item_id: str, better_id: str | None, by: str) -> None:
    """Let ``better_id`` be the better one of an item, or none; customers hear of it as they are looked at."""
    if better_id is None:
        buyings.no_better(tx, item_id)
        return
    known = items.known(tx.connection, [item_id, better_id])
    if item_id == better_id or item_id not in known:
        raise BetterItemWrong("this item has no other one", field="item_id")
    if better_id not in known or not known[better_id].active:
        raise BetterItemWrong("there is no such item that is sold", field="better_id")
    buyings.set_better(tx, item_id, better_id, by)
    buyings.look_at_all(tx)
