"""Serials that come back: announced once, received as announced, and each restocked or scrapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.items import Item
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.domain.serial_errors import SerialAnnounced, SerialNotShipped
from services.inventory.domain.serials import require_serials, require_untracked, units_of
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.move_serials import Happening, move, not_there

Known = Mapping[str, Item]


def announce_serials(tx: Transaction, asked: GoodsReturn, parts: Sequence[ReturnPart], known: Known) -> None:
    """Note which serials are to come back: such as left on the line of the delivery, and that nobody announced yet."""
    for index, (line, part) in enumerate(zip(asked.lines, parts, strict=True)):
        item, field = known[line.item_id], f"lines.{index}.serials"
        names = require_serials(item, line.quantity, part.serials, field)
        found = {each.serial: each for each in serials.some_of(tx.connection, item.id, names)}
        for name in names:
            each = found.get(name)
            here = each and (each.state, each.document_id, each.line_id)
            if here != ("shipped", asked.delivery_id, line.order_line_id):
                raise SerialNotShipped(
                    f"serial {name} of {item.sku} did not leave on this line of {asked.delivery_number},"
                    " or is back already",
                    field=field,
                    serial=name,
                )
            if not serials.announce(tx.connection, asked.id, line.line_no, item.id, name):
                raise SerialAnnounced(f"serial {name} is on another return", field=field, serial=name)


def receive_serials(
    tx: Transaction, received: GoodsReturn, parts: Sequence[ReceivedPart], known: Known, quarantine_id: str
) -> None:
    """Take the serials that came into quarantine; those that did not stay with the customer."""
    announced = serials.announced(tx.connection, received.id, "expected")
    named = {part.line_no: (index, part) for index, part in enumerate(parts)}
    came: list[str] = []
    for line in received.lines:
        item = known[line.item_id]
        index, part = named.get(line.line_no, (0, None))
        field = f"lines.{index}.serials"
        given = part.serials if part is not None else ()
        require_untracked(item, given, field)
        if not item.serial_tracked or not line.received:
            continue
        all_came = not given and line.received == line.quantity
        expected = announced.get(line.line_no, [])
        names = require_serials(item, line.received, expected if all_came else given, field)
        for name in names:
            if name not in expected:
                raise not_there(tx, item, name, field)
        place = Place("quarantine", received.id, quarantine_id, line_id=line.order_line_id)
        left = [Before("shipped", document_id=received.delivery_id, line_id=line.order_line_id)]
        move(tx, item, names, left, Happening("returned", place, received.number), field)
        came += names
        serials.set_outcome(tx.connection, received.id, "in_quarantine", names)
    serials.set_outcome(tx.connection, received.id, "not_received")


def inspect_serials(
    tx: Transaction,
    after: GoodsReturn,
    inspections: Sequence[Inspection],
    known: Known,
    quarantine_id: str,
) -> None:
    """Put each inspected serial on the shelf or scrap it; which are scrapped is said where not all are."""
    waiting = serials.announced(tx.connection, after.id, "in_quarantine")
    lines = {line.line_no: line for line in after.lines}
    for index, each in enumerate(inspections):
        line, field = lines[each.line_no], f"lines.{index}.scrap_serials"
        item, there = known[line.item_id], waiting.get(each.line_no, [])
        require_untracked(item, each.scrap_serials, field)
        if not item.serial_tracked:
            continue
        scrapped = _scrapped(item, each, there, field)
        for name in scrapped:
            if name not in there:
                raise not_there(tx, item, name, field)
        kept = [name for name in there if name not in scrapped]
        lies = [Before("quarantine", quarantine_id, after.id)]
        back = Place("in_stock", after.id, after.warehouse_id)
        move(tx, item, kept, lies, Happening("restocked", back, after.number), field)
        move(
            tx, item, scrapped, lies, Happening("scrapped", Place("scrapped", after.id), after.number), field
        )
        serials.set_outcome(tx.connection, after.id, "restocked", kept)
        serials.set_outcome(tx.connection, after.id, "scrapped", scrapped)


def _scrapped(item: Item, each: Inspection, there: Sequence[str], field: str) -> tuple[str, ...]:
    if not each.scrap_serials and units_of(each.scrap) == len(there):
        return tuple(there)
    return require_serials(item, each.scrap or Quantity.zero(), each.scrap_serials, field)
