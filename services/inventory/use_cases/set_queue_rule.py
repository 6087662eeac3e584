"""Rank the waiting orders by another rule, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction, lock_series
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.inventory.domain.queue_rule import QueueRule, require_each_once, sequence_of
from services.inventory.events import ReservationReordered, StockFreed
from services.inventory.store import items, queue_rules
from services.inventory.use_cases.reserve_stock import QUEUE


@dataclass(frozen=True)
class SetQueueRule:
    """In which order groups of customers are served, and whether the promised day comes before the sequence."""

    groups: tuple[str, ...] = ()
    by_promised_day: bool = False
    expected_version: int | None = None


def set_queue_rule(tx: Transaction, command: SetQueueRule) -> QueueRule:
    """Store the rule as the next version and rank everybody who waits by it; each customer's order is told why.

    Whoever joins the queue takes its number first and reads the rule then. So with the series kept, nobody can join
    by the old rule once the queue was ranked by the new one.
    """
    require_each_once(command.groups)
    items.lock(tx.connection, queue_rules.items_waited_for(tx.connection))
    # Before the series, as by whoever releases one or makes it.
    queue_rules.producing(tx.connection)
    lock_series(tx, QUEUE)
    before = queue_rules.current(tx.connection)
    if command.expected_version not in (None, before.version):
        raise VersionMismatch(f"the rule of the queue is at version {before.version}")
    rule = QueueRule(before.version + 1, command.groups, command.by_promised_day)
    if not queue_rules.add(tx, rule):
        raise VersionMismatch("the rule of the queue was changed meanwhile")
    _rank(tx, rule)
    _rank_production(tx, rule)
    for item_id in queue_rules.items_waited_for(tx.connection):
        publish(tx, StockFreed(item_id, "reordered"))
    return rule


def _rank_production(tx: Transaction, rule: QueueRule) -> None:
    ranked = [
        (each.production_order_id, each.queue_no, rule.place(None, each.due_on, sequence_of(each.queue_no)))
        for each in queue_rules.producing(tx.connection)
    ]
    moved = [(order_id, place) for order_id, before, place in ranked if place != before]
    queue_rules.move_production(tx.connection, moved)


def _rank(tx: Transaction, rule: QueueRule) -> None:
    waiting = queue_rules.queued(tx.connection)
    places = {
        each.reservation_id: rule.place(each.group, each.promised_on, sequence_of(each.queue_no))
        for each in waiting
    }
    moved = [each for each in waiting if places[each.reservation_id] != each.queue_no]
    queue_rules.move(tx.connection, [(each.reservation_id, places[each.reservation_id]) for each in moved])
    position = {key: place for place, key in enumerate(sorted(places, key=places.__getitem__), start=1)}
    for old, each in enumerate(waiting, start=1):
        if position[each.reservation_id] != old:
            reason = rule.reason(each.group, each.promised_on)
            told = ReservationReordered(each.order_id, each.order_number, rule.version, reason)
            publish(tx, told, correlation_id=each.correlation_id)
