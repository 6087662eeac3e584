"""Value moves of stock at moving-average cost, in the transaction that moves it; and value stock anew by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.money import Price
from libs.common.outbox import publish
from services.inventory.domain import valuation as rules
from services.inventory.domain.errors import ItemNotFound
from services.inventory.domain.items import Item
from services.inventory.domain.valuation import AT_CURRENT_COST, Valuation, Worth
from services.inventory.events import ItemCostChanged
from services.inventory.store import items, valuations
from services.inventory.store.stock import Move
from services.inventory.store.valuations import Revaluation
from services.inventory.use_cases.tell_value import tell_moves, tell_revaluation

FIRST_COST = "the first cost that came to be known"


@dataclass(frozen=True)
class RevalueItem:
    """Say what a unit of an item is worth from ``today`` on, and why."""

    item_id: str
    unit_cost: Price
    reason: str
    today: date


def value_moves(
    tx: Transaction,
    known: Mapping[str, Item],
    moves: Sequence[Move],
    worths: Sequence[Worth] = (),
    *,
    told_elsewhere: bool = False,
) -> list[Move]:
    """Return ``moves`` of locked items with their values, and keep what the stock is worth after them.

    ``worths`` say what each move that comes in is worth; without them all come in at the current cost. Reads and writes
    once, however many moves there are. What changes the stock's value is told, unless the caller tells it
    (``told_elsewhere``).
    """
    if not moves:
        return []
    before = valuations.lock(tx.connection, {move.key.item_id for move in moves})
    now, valued, found = dict(before), [], []
    for move, worth in zip(moves, worths or [AT_CURRENT_COST] * len(moves), strict=True):
        change = rules.move(now[move.key.item_id], move.quantity, worth)
        now[move.key.item_id] = change.after
        valued.append(replace(move, value=change.value))
        if change.revalued and worth.unit_cost is not None:
            found.append(
                Revaluation(move.key.item_id, change.revalued, worth.unit_cost, FIRST_COST, move.moved_on)
            )
    valuations.save(tx, list(now.values()))
    _write_down(tx, known, found)
    if not told_elsewhere:
        tell_moves(tx, {item_id: known[item_id].sku for item_id in now}, valued)
    days = {move.key.item_id: move.moved_on for move in moves}
    for item_id, after in sorted(now.items()):
        _tell(tx, known[item_id], before[item_id], after, days[item_id])
    return valued


def revalue_item(tx: Transaction, command: RevalueItem) -> Valuation:
    """Value all stock of an item at ``unit_cost`` a unit, write down by how much that differs, and tell of the cost."""
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise ItemNotFound("there is no such item", field="item_id")
    before = valuations.lock(tx.connection, [item.id])[item.id]
    change = rules.revalue(before, command.unit_cost)
    if change.after == before:
        return before
    assert change.revalued is not None, "a valuation anew says by how much"
    valuations.save(tx, [change.after])
    note = Revaluation(item.id, change.revalued, command.unit_cost, command.reason, command.today)
    _write_down(tx, {item.id: item}, [note])
    _tell(tx, item, before, change.after, command.today)
    return change.after


def _write_down(tx: Transaction, known: Mapping[str, Item], found: Sequence[Revaluation]) -> None:
    """Keep and tell what stock became worth without moving."""
    if not found:
        return
    for revaluation_id, each in zip(valuations.add_revaluations(tx, found), found, strict=True):
        tell_revaluation(tx, revaluation_id, known[each.item_id].sku, each)


def _tell(tx: Transaction, item: Item, before: Valuation, after: Valuation, on: date) -> None:
    if after.unit_cost is not None and after.unit_cost != before.unit_cost:
        publish(tx, ItemCostChanged(item.id, item.sku, after.unit_cost, on, before.unit_cost))
