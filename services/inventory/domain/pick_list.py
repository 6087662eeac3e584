"""Pick lists: one way through the shelves for several delivery notes of a warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    LineNamedTwice,
    LineNotOnDelivery,
    MoreThanOnDelivery,
    QuantityNotPositive,
)
from services.inventory.domain.fulfilment_errors import PickListStateRefuses
from services.inventory.domain.items import Item
from services.inventory.domain.picking import ShortPart, ShortReason
from services.inventory.domain.serial_errors import SerialsMissing
from services.inventory.domain.serials import (
    expand,
    require_once,
    require_serials,
    require_untracked,
    units_of,
)

PickListState = Literal["open", "picked", "cancelled"]


@dataclass(frozen=True)
class PickList:
    """Notes that are picked in one act, in the order in which they are served."""

    id: str
    number: str
    warehouse_id: str
    delivery_ids: tuple[str, ...]
    state: PickListState = "open"
    version: int = 1


@dataclass(frozen=True)
class ShortOnList:
    """How much of an item, and lot, was not found for all notes together; ``serials`` of units the books have there."""

    item_id: str
    quantity: Quantity
    reason: ShortReason
    lot: str | None = None
    note: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScannedOnList:
    """Which units of an item were taken: for the note that is named, or for whichever of the list wants some."""

    item_id: str
    serials: tuple[str, ...]
    delivery_id: str | None = None


class NamedUnits(NamedTuple):
    """The serials that were taken for an order line, and the field of the request that names them."""

    order_line_id: str
    serials: tuple[str, ...]
    field: str


class _Want(NamedTuple):
    delivery_id: str
    order_line_id: str
    item_id: str
    units: int


def end(of: PickList, state: PickListState) -> PickList:
    """Return the list picked or cancelled."""
    if of.state != "open":
        raise PickListStateRefuses(f"pick list {of.number} is {of.state}", state=of.state)
    return replace(of, state=state)


def spread_short(
    notes: Sequence[Delivery], short: Sequence[ShortOnList], known: Mapping[str, Item]
) -> dict[str, list[ShortPart]]:
    """Return what each note goes without, by note: the last to be served go without first."""
    shares: dict[str, list[ShortPart]] = {}
    named: set[tuple[str, str | None]] = set()
    for index, asked in enumerate(short):
        lack = _with_serials(asked, known, f"short.{index}.serials")
        field = f"short.{index}"
        if lack.quantity.milli <= 0:
            raise QuantityNotPositive("a lack of nothing", field=f"{field}.quantity", cure="leave it out")
        if (lack.item_id, lack.lot) in named:
            raise LineNamedTwice("the item is named twice", field=field, cure="name each item and lot once")
        named.add((lack.item_id, lack.lot))
        left = lack.quantity.milli
        for note in reversed(notes):
            left -= _share(note, lack, left, shares.setdefault(note.id, []))
        if left:
            on_list = Quantity(lack.quantity.milli - left)
            raise MoreThanOnDelivery(
                f"the list has {on_list} of this item and lot",
                field=f"{field}.quantity" if on_list else f"{field}.item_id",
                cure="name at most what the list has",
                on_list=on_list,
            )
    return shares


def _with_serials(lack: ShortOnList, known: Mapping[str, Item], field: str) -> ShortOnList:
    """Return what is lacking with each serial by its name; an item that no note has is refused elsewhere."""
    item = known.get(lack.item_id)
    if item is None or lack.quantity.milli <= 0:
        return lack
    return replace(lack, serials=require_serials(item, lack.quantity, lack.serials, field))


def _share(note: Delivery, lack: ShortOnList, milli: int, shares: list[ShortPart]) -> int:
    """Let a note go without up to ``milli`` of what is lacking; return how much it does."""
    taken = 0
    for line in reversed(note.lines):
        if line.key.item_id == lack.item_id and line.key.lot == (lack.lot or ""):
            part = min(milli - taken, line.quantity.milli)
            if part:
                lot = line.key.lot or None
                last = units_of(Quantity(milli - taken))
                names = lack.serials[last - units_of(Quantity(part)) : last]
                shares.append(
                    ShortPart(line.order_line_id, Quantity(part), lack.reason, lot, lack.note, names)
                )
                taken += part
    return taken


def spread_serials(
    notes: Sequence[Delivery],
    scanned: Sequence[ScannedOnList],
    shares: Mapping[str, Sequence[ShortPart]],
    known: Mapping[str, Item],
) -> dict[str, list[NamedUnits]]:
    """Return the serials that are taken for each note: those named for it, then of the rest in the notes' order.

    Of an item of which any serial is named each unit is that is taken; of others they are named when they leave.
    """
    wants = _wants(notes, shares)
    named: dict[str, list[NamedUnits]] = {}
    seen: list[str] = []
    for for_a_note in (True, False):
        for index, each in enumerate(scanned):
            if (each.delivery_id is not None) is for_a_note:
                field = f"serials.{index}.serials"
                names = _scanned(each, known, f"serials.{index}", seen)
                wants = _give(each, names, wants, named, field)
    _require_all_named(scanned, wants, known)
    return named


def _wants(notes: Sequence[Delivery], shares: Mapping[str, Sequence[ShortPart]]) -> list[_Want]:
    """Return how many units each line of the notes takes, in the order in which they are served."""
    wants = []
    for note in notes:
        lacks: dict[str, int] = {}
        for short in shares.get(note.id, ()):
            lacks[short.order_line_id] = lacks.get(short.order_line_id, 0) + units_of(short.quantity)
        for line in note.lines:
            units = units_of(line.quantity) - lacks.get(line.order_line_id, 0)
            wants.append(_Want(note.id, line.order_line_id, line.key.item_id, units))
    return wants


def _scanned(each: ScannedOnList, known: Mapping[str, Item], field: str, seen: list[str]) -> tuple[str, ...]:
    item = known.get(each.item_id)
    if item is None:
        raise LineNotOnDelivery(
            "the list wants none of this item", field=f"{field}.item_id", cure="put the units back"
        )
    require_untracked(item, each.serials, f"{field}.serials")
    names = expand(each.serials, f"{field}.serials")
    mine = [f"{each.item_id} {name}" for name in names]
    require_once(mine, f"{field}.serials", seen)
    seen += mine
    return names


def _give(
    each: ScannedOnList,
    names: tuple[str, ...],
    wants: Sequence[_Want],
    named: dict[str, list[NamedUnits]],
    field: str,
) -> list[_Want]:
    """Give serials to the lines that want them; return what is wanted still. More than are wanted are refused."""
    still, left = [], names
    for want in wants:
        fits = want.item_id == each.item_id and each.delivery_id in (None, want.delivery_id)
        part = left[: want.units] if fits else ()
        left = left[len(part) :]
        if part:
            named.setdefault(want.delivery_id, []).append(NamedUnits(want.order_line_id, part, field))
        still.append(want._replace(units=want.units - len(part)))
    if left:
        raise SerialsMissing(
            f"{len(names)} serials are named, {len(names) - len(left)} units are wanted",
            field=field,
            cure="put the rest back, or name the note that they are for",
            wanted=len(names) - len(left),
            named=len(names),
        )
    return still


def _require_all_named(
    scanned: Sequence[ScannedOnList], wants: Sequence[_Want], known: Mapping[str, Item]
) -> None:
    for index, each in enumerate(scanned):
        lacking = sum(want.units for want in wants if want.item_id == each.item_id)
        if lacking:
            raise SerialsMissing(
                f"{lacking} units of {known[each.item_id].sku} are taken whose serials are not named",
                field=f"serials.{index}.serials",
                cure="name the serial of each unit, or report as short what was not found",
                sku=known[each.item_id].sku,
                unnamed=lacking,
            )
