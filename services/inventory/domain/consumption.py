"""Which stock rows a production order reserves and uses up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.quantity import Quantity
from services.inventory.domain.items import NO_LOT, Item, require_granularity, require_lot
from services.inventory.domain.production_errors import ComponentNotOnOrder, ConsumedTwice
from services.inventory.domain.stock import StockKey, StockRow

Sums = dict[StockKey, Quantity]


@dataclass(frozen=True)
class ActualUse:
    """What was really used up of a component (and lot), said by somebody; nothing of it, if ``quantity`` is zero."""

    item_id: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsumptionLine:
    """What a report used up of a component, and what it would have by the bill of materials."""

    item_id: str
    planned: Quantity
    quantity: Quantity


def nearest_first(rows: Iterable[StockRow], warehouse_id: str) -> list[StockRow]:
    """Return stock rows in the order in which an order of ``warehouse_id`` draws on them.

    Its own warehouse, then the others as orders of customers do; there the lot that expires first, then the oldest.
    """

    def key(row: StockRow) -> tuple[bool, bool, str, date, str]:
        expiry = row.expires_on or date.max
        elsewhere = row.key.warehouse_id != warehouse_id
        return elsewhere, not row.in_default_warehouse, row.warehouse_code, expiry, row.age

    return sorted(rows, key=key)


def take(wanted: int, parts: Iterable[tuple[StockKey, int]]) -> tuple[Sums, int]:
    """Return how much of ``wanted`` thousandths is taken of each part, from the front, and what is lacking then."""
    taken: Sums = {}
    for key, there in parts:
        some = min(wanted, there)
        if some > 0:
            taken[key] = taken.get(key, Quantity.zero()) + Quantity(some)
            wanted -= some
    return taken, wanted


def by_component(
    actual: Sequence[ActualUse], components: Iterable[str], items: Mapping[str, Item]
) -> dict[str, list[tuple[int, ActualUse]]]:
    """Return what was said of each component, with its place; refuse what cannot have been used for the order."""
    found: dict[str, list[tuple[int, ActualUse]]] = {}
    known, seen = set(components), set()
    for place, use in enumerate(actual):
        field = f"consumed.{place}"
        if use.item_id not in known:
            raise ComponentNotOnOrder(
                "the order has no such component",
                field=f"{field}.item_id",
                cure="name a component of this production order",
            )
        item = items[use.item_id]
        require_granularity(item, use.quantity, f"{field}.quantity")
        if use.quantity or use.lot:
            require_lot(item, use.lot, f"{field}.lot")
        if (use.item_id, use.lot or NO_LOT) in seen:
            raise ConsumedTwice(
                f"{item.sku} is named twice",
                field=f"{field}.item_id",
                cure="name each component and lot once",
            )
        seen.add((use.item_id, use.lot or NO_LOT))
        found.setdefault(use.item_id, []).append((place, use))
    return found
