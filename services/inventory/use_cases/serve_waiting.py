"""Serve the orders that wait for an item, first come first served, a bounded number per transaction.

Who takes a part is given what there is in its turn. Of those that are not whole then, whoever is ahead may be filled
with what others hold behind it and cannot use yet (``claim_held``).
"""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain.queue import HEAD, Waiter, served
from services.inventory.domain.stock import available_by_item
from services.inventory.events import StockFreed
from services.inventory.store import items, queue
from services.inventory.use_cases.claim_held import claim_held
from services.inventory.use_cases.serve_one import serve
from services.inventory.use_cases.set_aside_expired import usable_rows

BATCH = 50


def serve_waiting(
    tx: Transaction, item_id: str, *, after: int = 0, batch: int = BATCH, today: date | None = None
) -> int:
    """Reserve for those who wait for ``item_id`` behind queue number ``after`` (0: all); return how many got something.

    Only those first seen are considered: whoever joined the queue since then saw the same stock and the same
    orders ahead of him. When a full batch was looked at and stock is left over, the rest follows by itself.
    """
    after, today = after or HEAD, today or tx.now.date()
    first_seen = queue.candidates(tx.connection, item_id, after=after, limit=batch)
    if not first_seen:
        return 0
    item_ids = set().union(*queue.items_of(tx.connection, first_seen).values()) | {item_id}
    items.lock(tx.connection, item_ids)
    candidates = _still_waiting(tx, item_id, after, first_seen)
    if not candidates:
        return 0
    up_to = max(candidates.values())
    waiters = queue.waiters(tx.connection, item_ids, after=after, up_to=up_to, servable=candidates)
    available = available_by_item(usable_rows(tx, item_ids, today))
    ahead = queue.wanted(tx.connection, item_ids, up_to=after)
    chosen = served(waiters, available, ahead)
    for share in chosen:
        serve(tx, share.waiter.reservation_id, share.gets, today)
    claimed = claim_held(tx, item_ids, set(candidates), today)
    if len(first_seen) == batch and _left_over(item_id, waiters, available, ahead) > 0:
        publish(tx, StockFreed(item_id, "queue_advanced", up_to))
    return len(chosen) + claimed


def _still_waiting(tx: Transaction, item_id: str, after: int, first_seen: dict[str, int]) -> dict[str, int]:
    """Return those of ``first_seen`` who wait still, now that nobody else can serve or release them."""
    now = queue.candidates(tx.connection, item_id, after=after, limit=len(first_seen))
    return {key: number for key, number in now.items() if key in first_seen}


def _left_over(item_id: str, waiters: list[Waiter], available: dict[str, int], ahead: dict[str, int]) -> int:
    """Return the milli of the item that nobody looked at so far has or wants."""
    wanted = sum(waiter.wants.get(item_id, 0) for waiter in waiters)
    return available.get(item_id, 0) - ahead.get(item_id, 0) - wanted
