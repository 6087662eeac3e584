"""Pick lists: one way through the shelves for several delivery notes of a warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import LineNamedTwice, MoreThanOnDelivery, QuantityNotPositive
from services.inventory.domain.fulfilment_errors import PickListStateRefuses
from services.inventory.domain.picking import ShortPart, ShortReason

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
    """How much of an item, and lot, was not found for all notes together."""

    item_id: str
    quantity: Quantity
    reason: ShortReason
    lot: str | None = None
    note: str | None = None


def end(of: PickList, state: PickListState) -> PickList:
    """Return the list picked or cancelled."""
    if of.state != "open":
        raise PickListStateRefuses(f"pick list {of.number} is {of.state}", state=of.state)
    return replace(of, state=state)


def spread_short(notes: Sequence[Delivery], short: Sequence[ShortOnList]) -> dict[str, list[ShortPart]]:
    """Return what each note goes without, by note: the last to be served go without first."""
    shares: dict[str, list[ShortPart]] = {}
    named: set[tuple[str, str | None]] = set()
    for index, lack in enumerate(short):
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


def _share(note: Delivery, lack: ShortOnList, milli: int, shares: list[ShortPart]) -> int:
    """Let a note go without up to ``milli`` of what is lacking; return how much it does."""
    taken = 0
    for line in reversed(note.lines):
        if line.key.item_id == lack.item_id and line.key.lot == (lack.lot or ""):
            part = min(milli - taken, line.quantity.milli)
            if part:
                lot = line.key.lot or None
                shares.append(ShortPart(line.order_line_id, Quantity(part), lack.reason, lot, lack.note))
                taken += part
    return taken
