"""Say which serials leave with a note: those that were picked for it, or those that are named now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery, Part, milli_by_line
from services.inventory.domain.items import Item
from services.inventory.domain.serial_errors import SerialsMissing
from services.inventory.domain.serials import require_once, require_serials, require_untracked, units_of
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.move_serials import Happening, move, put_back_picked

Named = dict[str, tuple[str, ...]]


def ship_serials(
    tx: Transaction, shipped: Delivery, known: Mapping[str, Item], parts: Sequence[Part]
) -> Named:
    """Move the serials of a locked note that leaves to its customer; return them by order line.

    What was picked for it and does not leave with it lies in stock again: the note that follows is picked anew.
    """
    items = {line.order_line_id: known[line.key.item_id] for line in shipped.lines}
    for place, part in enumerate(parts):
        require_untracked(items[part.order_line_id], part.serials, f"lines.{place}.serials")
    if not any(item.serial_tracked for item in items.values()):
        return {}
    picked = _picked(tx, shipped.id)
    places = {part.order_line_id: index for index, part in enumerate(parts)}
    going: Named = {}
    for order_line_id, milli in milli_by_line(shipped.lines).items():
        item = items[order_line_id]
        if item.serial_tracked:
            index = places.get(order_line_id)
            field = "lines" if index is None else f"lines.{index}.serials"
            given = () if index is None else parts[index].serials
            names = _going(item, Quantity(milli), given, picked.get(order_line_id, ()), field)
            require_once(names, field, [each for line in going.values() for each in line])
            _leave(tx, shipped, order_line_id, item, names, field)
            going[order_line_id] = names
    put_back_picked(tx, shipped.id, shipped.number)
    return going


def _picked(tx: Transaction, delivery_id: str) -> Named:
    found: dict[str, list[str]] = {}
    for each in serials.of_document(tx.connection, delivery_id, "picked"):
        found.setdefault(each.line_id or "", []).append(each.serial)
    return {line: tuple(names) for line, names in found.items()}


def _going(
    item: Item, quantity: Quantity, given: Sequence[str], picked: Sequence[str], field: str
) -> tuple[str, ...]:
    if given:
        return require_serials(item, quantity, given, field)
    if len(picked) != units_of(quantity):
        raise SerialsMissing(
            f"{units_of(quantity)} {item.uom} of {item.sku} leave, {len(picked)} serials were named at picking",
            field=field,
            sku=item.sku,
            wanted=units_of(quantity),
            named=len(picked),
        )
    return tuple(picked)


def _leave(
    tx: Transaction, note: Delivery, order_line_id: str, item: Item, names: Sequence[str], field: str
) -> None:
    place = Place("shipped", note.id, customer_id=note.customer_id, line_id=order_line_id)
    own = Before("picked", note.warehouse_id, note.id, order_line_id)
    free = Before("in_stock", note.warehouse_id)
    move(tx, item, names, (own, free), Happening("shipped", place, note.number), field)
