"""Serials of components that production uses up, and of what it finishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.consumption import ActualUse, Sums
from services.inventory.domain.items import NO_LOT, Item
from services.inventory.domain.serial_errors import SerialsMissing
from services.inventory.domain.serials import require_serials
from services.inventory.domain.stock import StockKey
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.move_serials import Happening, move, not_there

Said = Mapping[str, list[tuple[int, ActualUse]]]


def require_named(planned: Mapping[str, Quantity], said: Said, known: Mapping[str, Item]) -> None:
    """Refuse a report that uses up a component with serials and does not say which."""
    for item_id, quantity in planned.items():
        if quantity and item_id not in said and known[item_id].serial_tracked:
            item = known[item_id]
            raise SerialsMissing(
                f"{quantity} {item.uom} of {item.sku} are used up, and no serial is named",
                field="consumed",
                cure="name the component in consumed, with the serial of each unit",
                sku=item.sku,
            )


def rows_of_serials(tx: Transaction, item: Item, use: ActualUse, field: str) -> Sums:
    """Return from which stock rows the named serials of a component come: where each of them lies."""
    names = require_serials(item, use.quantity, use.serials, field)
    found = {each.serial: each for each in serials.some_of(tx.connection, item.id, names)}
    sums: Sums = {}
    for name in names:
        each = found.get(name)
        if each is None or each.state != "in_stock" or each.warehouse_id is None:
            raise not_there(tx, item, name, field)
        key = StockKey(item.id, each.warehouse_id, NO_LOT)
        sums[key] = sums.get(key, Quantity.zero()) + Quantity(1000)
    return sums


def use_up_serials(
    tx: Transaction, said: Said, known: Mapping[str, Item], document_id: str, reference: str
) -> None:
    """Let the named serials of components be used up, each by a statement that finds it in stock."""
    for item_id, uses in sorted(said.items()):
        for place, use in uses:
            item, field = known[item_id], f"consumed.{place}.serials"
            names = require_serials(item, use.quantity, use.serials, field)
            used = Happening("consumed", Place("consumed", document_id), reference)
            move(tx, item, names, [Before("in_stock")], used, field)


def finished_serials(item: Item, finished: Quantity, given: Sequence[str]) -> tuple[str, ...]:
    """Return the serials of what was finished: one for each unit."""
    return require_serials(item, finished, given, "serials")
