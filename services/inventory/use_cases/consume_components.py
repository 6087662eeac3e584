"""Use components up for a production order: what is reserved for it by its bill of materials, or what somebody says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.consumption import (
    ActualUse,
    ConsumptionLine,
    Sums,
    by_component,
    nearest_first,
    take,
)
from services.inventory.domain.fulfilment_errors import LotExpired
from services.inventory.domain.items import NO_LOT, Item
from services.inventory.domain.production_errors import ComponentsMissing
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.serials import require_untracked
from services.inventory.domain.stock import StockKey, StockRow
from services.inventory.store import components, stock
from services.inventory.use_cases.assign_components import assign, holding
from services.inventory.use_cases.use_serials import require_named, rows_of_serials, use_up_serials
from services.inventory.use_cases.value_stock import value_moves

Said = Mapping[str, list[tuple[int, ActualUse]]]


@dataclass(frozen=True)
class Document:
    """What the moves of a report are booked with: its id, the number of its order, its day."""

    id: str
    number: str
    day: date


@dataclass
class _Drawn:
    """What is drawn of stock rows: out of what the order holds, and out of what nobody holds."""

    rows: Sequence[StockRow]
    held: dict[StockKey, Quantity]
    of_held: Sums
    of_free: Sums

    def draw(self, wanted: int, keys: Sequence[StockKey], *, free: bool) -> int:
        """Draw ``wanted`` thousandths of ``keys``, from the front, first of what is held; return what is lacking."""
        held = ((key, self.held[key].milli) for key in keys if key in self.held)
        taken, lacking = take(wanted, held)
        self._note(taken, self.of_held)
        for key, quantity in taken.items():
            self.held[key] -= quantity
        if free and lacking:
            available = {row.key: row.available.milli for row in self.rows}
            more, lacking = take(lacking, ((key, available[key]) for key in keys))
            self._note(more, self.of_free)
        return lacking

    def _note(self, taken: Sums, sums: Sums) -> None:
        for key, quantity in taken.items():
            sums[key] = sums.get(key, Quantity.zero()) + quantity


def consume(
    tx: Transaction,
    before: ProductionOrder,
    after: ProductionOrder,
    known: Mapping[str, Item],
    actual: Sequence[ActualUse],
    document: Document,
) -> tuple[ProductionOrder, list[ConsumptionLine], Money | None]:
    """Take out of the stock what the report that led from ``before`` to ``after`` used up, and say so in the ledger.

    A component that ``actual`` names was used up as it says, from whatever lot; of the others what the bill says, out
    of what the order holds or can still get. Returns the order with what it consumed and holds, the report's lines, and
    what all of it was worth.
    """
    said = by_component(actual, (each.item_id for each in before.components), known)
    planned = {
        new.item_id: new.used - old.used for old, new in zip(before.components, after.components, strict=True)
    }
    require_named(planned, said, known)
    after = _topped_up(tx, before, after, [item_id for item_id in planned if item_id not in said])
    rows = nearest_first(stock.rows(tx.connection, planned), after.warehouse_id)
    _require_fresh(rows, known, said, document.day)
    rows = [row for row in rows if not (row.expired or row.is_due(document.day))]
    drawn = _Drawn(rows, components.held(tx.connection, after.id), {}, {})
    field = "finished" if after.finished > before.finished else "scrapped"
    for item_id, quantity in planned.items():
        if item_id in said:
            _draw_as_said(tx, drawn, known[item_id], said[item_id])
        else:
            _draw_by_bill(drawn, known[item_id], quantity, field)
    use_up_serials(tx, said, known, document.id, document.number)
    used, worth = _book(tx, after, known, drawn, document)
    lines = [
        ConsumptionLine(item_id, quantity, used.get(item_id, Quantity.zero()))
        for item_id, quantity in planned.items()
    ]
    consumed = tuple(
        replace(each, consumed=each.consumed + used.get(each.item_id, Quantity.zero()))
        for each in after.components
    )
    after = holding(replace(after, components=consumed), drawn.of_held, sign=-1)
    return after, [line for line in lines if line.planned or line.quantity], worth


def _topped_up(
    tx: Transaction, before: ProductionOrder, after: ProductionOrder, item_ids: Sequence[str]
) -> ProductionOrder:
    """Return ``after`` with what else it can get of components of which it does not hold all that was used up."""
    used = {each.item_id: each.used for each in before.components}
    short = [
        each.item_id
        for each in after.components
        if each.item_id in item_ids and each.held < each.used - used[each.item_id]
    ]
    if not short:
        return after
    still_to_use = tuple(replace(each, used=used[each.item_id]) for each in after.components)
    given = assign(tx, replace(after, components=still_to_use), short)
    held = {each.item_id: each.held for each in given.components}
    return replace(
        after, components=tuple(replace(each, held=held[each.item_id]) for each in after.components)
    )


def _draw_by_bill(drawn: _Drawn, item: Item, wanted: Quantity, field: str) -> None:
    keys = [row.key for row in drawn.rows if row.key.item_id == item.id]
    lacking = drawn.draw(wanted.milli, keys, free=False)
    if lacking:
        raise _missing(item, wanted, lacking, field)


def _require_fresh(rows: Sequence[StockRow], known: Mapping[str, Item], said: Said, day: date) -> None:
    """Refuse to use up what has expired; what is not named is drawn from other lots."""
    expired = {
        (row.key.item_id, row.key.lot): row.expires_on for row in rows if row.expired or row.is_due(day)
    }
    for item_id, uses in said.items():
        for place, use in uses:
            if use.quantity and use.lot and (item_id, use.lot) in expired:
                raise LotExpired(
                    f"lot {use.lot} of {known[item_id].sku} expired on {expired[item_id, use.lot]}",
                    field=f"consumed.{place}.lot",
                    cure="use another lot, and take this one off the books by an adjustment",
                    lot=use.lot,
                )


def _draw_as_said(tx: Transaction, drawn: _Drawn, item: Item, said: Sequence[tuple[int, ActualUse]]) -> None:
    for place, use in said:
        require_untracked(item, use.serials, f"consumed.{place}.serials")
        if item.serial_tracked:
            for key, quantity in rows_of_serials(tx, item, use, f"consumed.{place}.serials").items():
                if drawn.draw(quantity.milli, [key], free=True):
                    raise _missing(item, use.quantity, quantity.milli, f"consumed.{place}.serials")
            continue
        keys = [
            row.key for row in drawn.rows if (row.key.item_id, row.key.lot) == (item.id, use.lot or NO_LOT)
        ]
        lacking = drawn.draw(use.quantity.milli, keys, free=True)
        if lacking:
            raise _missing(item, use.quantity, lacking, f"consumed.{place}.quantity")


def _missing(item: Item, wanted: Quantity, lacking: int, field: str) -> ComponentsMissing:
    there = Quantity(wanted.milli - lacking)
    return ComponentsMissing(
        f"{wanted} {item.uom} of {item.sku} would be used up, {there} are there for the order",
        field=field,
        cure="report as much as the components allow, or receive what is missing first",
        sku=item.sku,
        wanted=wanted,
        there=there,
    )


def _book(
    tx: Transaction, order: ProductionOrder, known: Mapping[str, Item], drawn: _Drawn, document: Document
) -> tuple[dict[str, Quantity], Money | None]:
    """Take what was drawn off the stock rows and write it down; return the sum by component, and what it was worth."""
    if not stock.reserve(tx.connection, drawn.of_free):
        raise Later("the stock was changed by somebody who did not lock the item")
    if not components.let_go(tx.connection, order.id, drawn.of_held):
        raise RuntimeError(f"production order {order.number} uses up more than it holds")
    sums = dict(drawn.of_held)
    for key, quantity in drawn.of_free.items():
        sums[key] = sums.get(key, Quantity.zero()) + quantity
    if not stock.consume(tx.connection, sums):
        raise RuntimeError(f"production order {order.number} uses up more than its stock rows say")
    moves = [
        stock.Move(key, -quantity, "consumption", document.id, document.number, document.day)
        for key, quantity in sorted(sums.items())
    ]
    valued = value_moves(tx, known, moves)
    stock.write_moves(tx, valued)
    used: dict[str, Quantity] = {}
    for key, quantity in sums.items():
        used[key.item_id] = used.get(key.item_id, Quantity.zero()) + quantity
    return used, _worth(valued)


def _worth(moves: Sequence[stock.Move]) -> Money | None:
    """Return what all were worth together; ``None`` where one has no cost yet, or their currencies differ."""
    values = [move.value for move in moves if move.value is not None]
    currencies = {value.currency for value in values}
    if len(values) < len(moves) or len(currencies) != 1:
        return None
    return -Money.total(values, currencies.pop())
