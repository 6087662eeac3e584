"""Fill an order with what others behind it in the queue hold and cannot use before they have the rest.

Without this two orders that leave in one piece could each hold what the other lacks, once somebody went ahead: by the
company's rule, or because what it had been promised was taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.queue import Holder, Taken, Waiter, claim
from services.inventory.domain.stock import Allocation, StockKey, available_by_item, by_stock_row
from services.inventory.events import StockFreed
from services.inventory.store import queue, reservations, stock
from services.inventory.use_cases.hold_part import give_back
from services.inventory.use_cases.respect_shelf_life import wanted_until
from services.inventory.use_cases.serve_one import serve

CLAIMED = "claimed"


def claim_held(tx: Transaction, item_ids: Collection[str], candidates: Collection[str], today: date) -> int:
    """Fill those of ``candidates`` that can be, whole, by what those behind them give; return how many.

    The items are locked, and all that is free of them has been given out already.
    """
    holders = queue.holders(tx.connection, item_ids)
    if not holders:
        return 0
    filled = 0
    for waiter in _in_turn(tx, item_ids, candidates):
        taken = _claim(tx, waiter, item_ids, holders)
        if taken:
            _move(tx, waiter, taken, today)
            holders = queue.holders(tx.connection, item_ids)
            filled += 1
    if filled:
        for item_id in queue.items_waited_for(tx.connection, item_ids):
            publish(tx, StockFreed(item_id, CLAIMED))
    return filled


def _in_turn(tx: Transaction, item_ids: Collection[str], candidates: Collection[str]) -> list[Waiter]:
    """Return those of ``candidates`` that still lack something, the first first."""
    waiting = queue.waiting_among(tx.connection, candidates)
    if not waiting:
        return []
    up_to, first = max(waiting.values()), min(waiting.values())
    waiters = queue.waiters(tx.connection, item_ids, after=first - 1, up_to=up_to, servable=waiting)
    return sorted((each for each in waiters if each.servable), key=lambda each: each.queue_no)


def _claim(
    tx: Transaction, waiter: Waiter, item_ids: Collection[str], holders: Sequence[Holder]
) -> tuple[Taken, ...]:
    available = available_by_item(stock.rows(tx.connection, item_ids))
    ahead = queue.wanted(tx.connection, item_ids, up_to=waiter.queue_no - 1)
    return claim(waiter.wants, waiter.queue_no, available, ahead, holders)


def _move(tx: Transaction, waiter: Waiter, taken: Sequence[Taken], today: date) -> None:
    """Let the holders give, then the one ahead take, all in this transaction; the holders are told where they stand."""
    gives: dict[str, dict[str, int]] = {}
    for each in taken:
        gives.setdefault(each.reservation_id, {})[each.item_id] = each.milli
    late = _late_for(tx, waiter, {each.item_id for each in taken}, today)
    for reservation_id, milli in sorted(gives.items()):
        _give(tx, reservation_id, milli, late, today)
    serve(tx, waiter.reservation_id, waiter.wants, today, CLAIMED)


def _late_for(
    tx: Transaction, waiter: Waiter, item_ids: Collection[str], today: date
) -> dict[StockKey, bool]:
    """Return which rows that are not set aside do not last long enough for the one ahead: he is given them last."""
    taker = reservations.of_id(tx.connection, waiter.reservation_id)
    rows = [row for row in stock.rows(tx.connection, item_ids) if not row.expired]
    until = wanted_until(tx, taker, rows, today) if taker is not None else {}
    return {row.key: not row.lasts_until(until.get(row.key.item_id)) for row in rows}


def _give(
    tx: Transaction, reservation_id: str, milli: Mapping[str, int], late: Mapping[StockKey, bool], today: date
) -> None:
    """Let a holder give so much of each item, out of the rows in ``late``."""
    holder = reservations.of_id(tx.connection, reservation_id, lock=True)
    if holder is None or holder.state != "partial":
        raise RuntimeError(f"reservation {reservation_id} holds a part and is not partial")
    left = dict(milli)
    parts: list[Allocation] = []
    usable = [part for part in reversed(reservations.held(tx.connection, reservation_id)) if part.key in late]
    for part in sorted(usable, key=lambda part: late[part.key]):
        given = min(left.get(part.key.item_id, 0), part.quantity.milli)
        if given:
            left[part.key.item_id] -= given
            parts.append(part._replace(quantity=Quantity(given)))
    if any(left.values()):
        raise Later(f"order {holder.order_number} has given up what it held a moment ago")
    give_back(tx, holder, parts, today)
    if not stock.unreserve(tx.connection, by_stock_row(parts)):
        raise RuntimeError(f"order {holder.order_number} holds more than its stock rows say")
