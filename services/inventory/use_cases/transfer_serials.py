"""Serials that go from one warehouse to another: named when they leave, and those that arrive when not all do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.ids import derived_id
from libs.common.quantity import Quantity
from services.inventory.domain.items import Item
from services.inventory.domain.serials import require_serials, units_of
from services.inventory.domain.transfers import Arrival, PartNotUnderWay, Transfer, TransferPart
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.move_serials import Happening, move

Changed = Sequence[tuple[TransferPart, Quantity, Quantity]]


@dataclass(frozen=True)
class SentSerials:
    """Which units of a line of a transfer leave."""

    line_no: int
    serials: tuple[str, ...]


def _line_id(transfer: Transfer, line_no: int) -> str:
    """Return what tells the serials of one line of a transfer from those of another."""
    return derived_id(transfer.id, str(line_no))


def send_serials(
    tx: Transaction, sent: Transfer, named: Sequence[SentSerials], known: Mapping[str, Item], transit_id: str
) -> None:
    """Let the serials of a transfer leave: as many as units, each in stock where it leaves from."""
    lines = {line.line_no: line for line in sent.lines}
    places: dict[int, int] = {}
    for index, each in enumerate(named):
        if each.line_no not in lines or each.line_no in places:
            raise PartNotUnderWay(
                f"{sent.number} has no such line, or it is named twice", field=f"lines.{index}.line_no"
            )
        places[each.line_no] = index
    for line in sent.lines:
        place = places.get(line.line_no)
        field = "lines" if place is None else f"lines.{place}.serials"
        given = () if place is None else named[place].serials
        names = require_serials(known[line.item_id], line.quantity, given, field)
        under_way = Place("under_way", sent.id, transit_id, line_id=_line_id(sent, line.line_no))
        here = [Before("in_stock", sent.from_id)]
        move(tx, known[line.item_id], names, here, Happening("sent", under_way, sent.number), field)


def take_in_serials(
    tx: Transaction, after: Transfer, changed: Changed, arrivals: Sequence[Arrival], known: Mapping[str, Item]
) -> None:
    """Take in the serials that arrived and write off those that are lost; which, is said where not all arrived."""
    given = {arrival.line_no: (index, arrival) for index, arrival in enumerate(arrivals)}
    under_way = serials.of_document(tx.connection, after.id, "under_way")
    for part, received, lost in changed:
        item, line_id = known[part.item_id], _line_id(after, part.line_no)
        index, arrival = given.get(part.line_no, (0, Arrival(part.line_no)))
        field = f"lines.{index}.serials"
        left = tuple(each.serial for each in under_way if each.line_id == line_id)
        alone = units_of(received) == len(left) and not arrival.serials
        came = require_serials(item, received, left if alone else arrival.serials, field)
        here = [Before("under_way", document_id=after.id, line_id=line_id)]
        arrived = Happening("arrived", Place("in_stock", after.id, after.to_id), after.number)
        move(tx, item, came, here, arrived, field)
        rest = tuple(name for name in left if name not in came)
        alone = units_of(lost) == len(rest) and not arrival.lost_serials
        field = f"lines.{index}.lost_serials"
        gone = require_serials(item, lost, rest if alone else arrival.lost_serials, field)
        written_off = Happening("lost", Place("lost", after.id), after.number)
        move(tx, item, gone, here, written_off, field)
