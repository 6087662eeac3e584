"""Make a pick list of several notes, pick all of it in one act, or give it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from services.inventory.domain import pick_list as rules
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.fulfilment_errors import (
    NoteNotForPickList,
    NothingToPick,
    PickListNotFound,
    PickListStateRefuses,
)
from services.inventory.domain.items import Item
from services.inventory.domain.pick_list import PickList, ScannedOnList, ShortOnList
from services.inventory.domain.serials import expand
from services.inventory.store import deliveries, items, pick_lists, reservations, serials
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.move_serials import not_there
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_locked
from services.inventory.use_cases.ship_delivery import Locked, items_to_lock, require_locked

SERIES = "pick_list"


@dataclass(frozen=True)
class MakePickList:
    """Which notes of a warehouse; none named: up to ``most`` that are ready, the earliest promise first."""

    warehouse_id: str
    delivery_ids: tuple[str, ...] = ()
    promised_by: date | None = None
    most: int = 20


@dataclass(frozen=True)
class PickAll:
    """Which list was picked on ``today``, what was not found for it, and the serials of what was taken."""

    pick_list_id: str
    today: date
    short: tuple[ShortOnList, ...] = ()
    expected_version: int | None = None
    serials: tuple[ScannedOnList, ...] = ()


def make_pick_list(tx: Transaction, command: MakePickList) -> PickList:
    """Put notes that are ready on a new list; each is on one open list at a time."""
    require_open_place(tx, command.warehouse_id)
    named = tuple(dict.fromkeys(command.delivery_ids))
    for delivery_id in named:
        _require_ready(tx, command, delivery_id)
    chosen = named or tuple(
        pick_lists.ready_notes(
            tx.connection, command.warehouse_id, promised_by=command.promised_by, most=command.most
        )
    )
    if not chosen:
        raise NothingToPick("no note is ready that is on no pick list", field="warehouse_id")
    new = PickList(tx.new_id(), f"PL-{next_number(tx, SERIES):06d}", command.warehouse_id, chosen)
    taken = pick_lists.add(tx, new)
    if taken is not None:
        raise NoteNotForPickList("a note is on another pick list", field=_field(command, taken))
    gone = set(chosen) - pick_lists.keep_ready(tx.connection, new)
    if gone:
        raise NoteNotForPickList("a note is not ready any more", field=_field(command, min(gone)))
    return new


def _require_ready(tx: Transaction, command: MakePickList, delivery_id: str) -> None:
    note, field = deliveries.find(tx.connection, delivery_id), _field(command, delivery_id)
    if note is None:
        raise NoteNotForPickList("there is no such delivery", field=field)
    if note.state != "ready" or note.warehouse_id != command.warehouse_id:
        raise NoteNotForPickList(
            f"delivery {note.number} is {note.state}"
            + ("" if note.warehouse_id == command.warehouse_id else " in another warehouse"),
            field=field,
            state=note.state,
        )


def _field(command: MakePickList, delivery_id: str) -> str:
    if delivery_id in command.delivery_ids:
        return f"delivery_ids.{command.delivery_ids.index(delivery_id)}"
    return "warehouse_id"


def pick_all(tx: Transaction, command: PickAll) -> PickList:
    """Pick every note of the list that is still ready. What is short the last of them go without, each as usual.

    A serial that somebody else took for another list meanwhile is refused by its name, and with it the whole act.
    """
    listed = _open(tx, command.pick_list_id, command.expected_version)
    picked = rules.end(listed, "picked")
    if not pick_lists.end(tx, picked):
        raise PickListStateRefuses(f"pick list {listed.number} was ended meanwhile")
    locked = _lock_notes(tx, listed.delivery_ids, whole_orders=bool(command.short))
    notes = [each.delivery for each in locked]
    known = {item_id: each.items[item_id] for each in locked for item_id in each.delivery.item_ids}
    shares = rules.spread_short(notes, command.short, known)
    _require_there(tx, listed, command.short, known)
    named = rules.spread_serials(notes, command.serials, shares, known)
    for each in locked:
        short = tuple(shares.get(each.delivery.id, ()))
        picked_note = PickDelivery(each.delivery.id, command.today, short=short)
        pick_locked(tx, each, picked_note, named.get(each.delivery.id, ()))
    return replace(picked, version=picked.version + 1)


def _require_there(
    tx: Transaction, listed: PickList, short: Sequence[ShortOnList], known: Mapping[str, Item]
) -> None:
    """Refuse to report a serial short that the books do not have there, by the field that names it."""
    for index, lack in enumerate(short):
        field = f"short.{index}.serials"
        names = expand(lack.serials, field)
        there = {
            each.serial
            for each in serials.some_of(tx.connection, lack.item_id, names)
            if (each.state, each.warehouse_id) == ("in_stock", listed.warehouse_id)
        }
        for name in names:
            if name not in there:
                raise not_there(tx, known[lack.item_id], name, field)


def cancel_pick_list(tx: Transaction, pick_list_id: str, expected_version: int | None) -> PickList:
    """Give a list up; its notes can be picked by themselves, or listed again."""
    listed = _open(tx, pick_list_id, expected_version)
    cancelled = rules.end(listed, "cancelled")
    if not pick_lists.end(tx, cancelled):
        raise PickListStateRefuses(f"pick list {listed.number} was ended meanwhile")
    return replace(cancelled, version=cancelled.version + 1)


def _open(tx: Transaction, pick_list_id: str, expected_version: int | None) -> PickList:
    found = pick_lists.find(tx.connection, pick_list_id, lock=True)
    if found is None:
        raise PickListNotFound("there is no such pick list", field="pick_list_id")
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"pick list {found.number} is at version {found.version}")
    return found


def _lock_notes(tx: Transaction, delivery_ids: Sequence[str], *, whole_orders: bool) -> list[Locked]:
    """Lock the items of all notes, then their reservations, then the notes, as everybody does; in the list's order."""
    seen = [note for note in (deliveries.find(tx.connection, each) for each in delivery_ids) if note]
    known = items.lock(tx.connection, items_to_lock(tx, seen, whole_order=whole_orders))
    held = reservations.lock_of_orders(tx.connection, [note.order_id for note in seen])
    for reservation in held.values() if whole_orders else ():
        require_locked(reservation, known)
    now: dict[str, Delivery] = {}
    for note in sorted(seen, key=lambda note: note.id):
        found = deliveries.lock(tx.connection, note)
        if found is not None and found.state == "ready":
            now[note.id] = found
    return [Locked(now[note.id], held[note.order_id], known) for note in seen if note.id in now]
