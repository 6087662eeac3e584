"""Picking: what hands really took of a note, from which lot, and what was not on the shelf.

The note proposes lots, those that expire first first. A picker may take another one and say why, but none that has
expired. What is reserved and not found is *short*: it stands again in the queue, before everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    LineNamedTwice,
    LineNotOnDelivery,
    LotMissing,
    LotNotTracked,
    MoreThanOnDelivery,
)
from services.inventory.domain.fulfilment_errors import LotNotOnNote, LotReasonMissing
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.lots import summed
from services.inventory.domain.serials import require_serials
from services.inventory.domain.shelf import Shelf
from services.inventory.domain.stock import Allocation, StockKey

ShortReason = Literal["not_found", "damaged", "expired", "other"]
SHORT_REASONS: tuple[ShortReason, ...] = ("not_found", "damaged", "expired", "other")


@dataclass(frozen=True)
class PickedPart:
    """How much of an order line was taken; ``lot`` when it matters, with a ``reason`` when it is not a proposed one.

    ``serials`` name the units, now or when they are shipped.
    """

    order_line_id: str
    quantity: Quantity
    lot: str | None = None
    reason: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShortPart:
    """How much of an order line was not found; ``lot`` where the line is proposed from several.

    ``serials`` say which units the books have and the shelf has not.
    """

    order_line_id: str
    quantity: Quantity
    reason: ShortReason
    lot: str | None = None
    note: str | None = None
    serials: tuple[str, ...] = ()


class Taken(NamedTuple):
    """What was taken from ``key``, where the note proposed ``proposed``; ``place`` of its part, from 0, if named."""

    order_line_id: str
    key: StockKey
    proposed: StockKey
    quantity: Quantity
    reason: str | None = None
    place: int | None = None

    @property
    def swapped(self) -> bool:
        """Whether another lot was taken than the proposed one."""
        return self.key != self.proposed


class Missing(NamedTuple):
    """What should have lain on ``key`` and did not."""

    order_line_id: str
    key: StockKey
    quantity: Quantity
    reason: ShortReason
    note: str | None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picking:
    """A note after picking: what is in hand, what is missing, and what stays for a backorder."""

    taken: tuple[Taken, ...]
    missing: tuple[Missing, ...]
    rest: tuple[Allocation, ...]

    @property
    def lines(self) -> tuple[Allocation, ...]:
        """The lines of the note now: one per order line and lot, in the order in which they were first taken."""
        return summed(Allocation(each.order_line_id, each.key, each.quantity) for each in self.taken)


def pick_parts(
    delivery: Delivery,
    parts: Sequence[PickedPart],
    short: Sequence[ShortPart],
    items: Mapping[str, Item],
) -> Picking:
    """Return what becomes of ``delivery``; without ``parts`` all of it was taken that is not ``short``.

    A part without a lot is of the proposed ones, from the front. ``items`` are those of the note by order line.
    """
    shelf = Shelf(delivery.lines)
    _check_parts(shelf, parts, items)
    missing = _missing(shelf, short, items)
    if not parts:
        taken = [Taken(line.order_line_id, line.key, line.key, line.quantity) for line in shelf.rest()]
        return Picking(tuple(taken), missing, ())
    return Picking(_taken(shelf, parts), missing, shelf.rest())


def _check_parts(shelf: Shelf, parts: Sequence[PickedPart], items: Mapping[str, Item]) -> None:
    named: set[tuple[str, str | None]] = set()
    totals: dict[str, int] = {}
    for index, part in enumerate(parts):
        field = f"lines.{index}"
        _require_line(shelf, part.order_line_id, field)
        item = items[part.order_line_id]
        require_quantity(item, part.quantity, f"{field}.quantity")
        _require_lot_of(item, part.lot, field)
        if (part.order_line_id, part.lot) in named:
            raise LineNamedTwice("the line is named twice", field=field, cure="name each line and lot once")
        named.add((part.order_line_id, part.lot))
        totals[part.order_line_id] = totals.get(part.order_line_id, 0) + part.quantity.milli
        _require_held(shelf, part.order_line_id, totals[part.order_line_id], f"{field}.quantity")
        if part.serials:
            require_serials(item, part.quantity, part.serials, f"{field}.serials")


def _require_line(shelf: Shelf, order_line_id: str, field: str) -> None:
    if order_line_id not in shelf.left:
        raise LineNotOnDelivery(
            "the delivery has no such line",
            field=f"{field}.order_line_id",
            cure="name a line of this delivery",
        )


def _require_lot_of(item: Item, lot: str | None, field: str) -> None:
    if lot and not item.lot_tracked:
        raise LotNotTracked(
            f"{item.sku} is not tracked by lot", field=f"{field}.lot", cure="leave the lot out"
        )


def _require_held(shelf: Shelf, order_line_id: str, milli: int, field: str, lot: str | None = None) -> None:
    held = shelf.milli(order_line_id, lot)
    if milli > held:
        raise MoreThanOnDelivery(
            f"the delivery holds {Quantity(held)} of this line" + (f" in lot {lot}" if lot else ""),
            field=field,
            cure="name at most what the delivery holds",
            on_delivery=str(Quantity(held)),
        )


def _missing(shelf: Shelf, short: Sequence[ShortPart], items: Mapping[str, Item]) -> tuple[Missing, ...]:
    """Take what was not found off the shelf: a lot that stays unnamed must be the only one of its line."""
    found: list[Missing] = []
    for index, part in enumerate(short):
        field = f"short.{index}"
        _require_line(shelf, part.order_line_id, field)
        item = items[part.order_line_id]
        require_quantity(item, part.quantity, f"{field}.quantity")
        _require_lot_of(item, part.lot, field)
        lots = [key.lot for key in shelf.of(part.order_line_id)]
        if part.lot is None and len(lots) > 1:
            raise LotMissing(
                f"the line is to be taken from the lots {', '.join(lots)}",
                field=f"{field}.lot",
                cure="name the lot that was not found",
            )
        if part.lot and part.lot not in lots:
            raise LotNotOnNote(f"the note does not propose lot {part.lot}", field=f"{field}.lot")
        _require_held(shelf, part.order_line_id, part.quantity.milli, f"{field}.quantity", part.lot)
        names = require_serials(item, part.quantity, part.serials, f"{field}.serials")
        for key, quantity in shelf.draw(part.order_line_id, part.quantity.milli, part.lot):
            found.append(Missing(part.order_line_id, key, quantity, part.reason, part.note, names))
    return tuple(found)


def _taken(shelf: Shelf, parts: Sequence[PickedPart]) -> tuple[Taken, ...]:
    """Take every part: those of a proposed lot from it, then those without a lot, and then other lots instead."""
    taken: list[Taken] = []
    left = {place: part.quantity.milli for place, part in enumerate(parts)}
    for lots_named in (True, False):
        for place, part in enumerate(parts):
            if bool(part.lot) is lots_named:
                for key, quantity in shelf.draw(part.order_line_id, left[place], part.lot):
                    taken.append(Taken(part.order_line_id, key, key, quantity, place=place))
                    left[place] -= quantity.milli
    for place, part in enumerate(parts):
        if left[place]:
            taken += _instead(shelf, part, place, left[place])
    return tuple(taken)


def _instead(shelf: Shelf, part: PickedPart, place: int, milli: int) -> list[Taken]:
    """Take another lot in place of the proposed ones."""
    if shelf.milli(part.order_line_id) < milli:
        raise MoreThanOnDelivery(
            "with what is short, more is named than the delivery holds",
            field=f"lines.{place}.quantity",
            cure="name as taken only what is not short",
        )
    if not part.reason:
        raise LotReasonMissing(
            f"the note proposes other lots than {part.lot}",
            field=f"lines.{place}.reason",
            cure="say why this lot was taken, or take the proposed one",
            proposed=[key.lot for key in shelf.of(part.order_line_id)],
        )
    return [
        Taken(
            part.order_line_id, proposed._replace(lot=part.lot or ""), proposed, quantity, part.reason, place
        )
        for proposed, quantity in shelf.draw(part.order_line_id, milli)
    ]
