"""Packing: what was picked of a note goes into packages, all of it, or is said to be left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    DeliveryStateRefuses,
    LineNamedTwice,
    LineNotOnDelivery,
    LotMissing,
    MoreThanOnDelivery,
)
from services.inventory.domain.fulfilment_errors import LotNotOnNote, PackingIncomplete
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.lots import summed
from services.inventory.domain.shelf import Shelf
from services.inventory.domain.stock import Allocation


@dataclass(frozen=True)
class PackedPart:
    """How much of an order line goes into a package; the lot where the line was picked from several."""

    order_line_id: str
    quantity: Quantity
    lot: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """How much of an order line was picked and not packed, and why; it goes back to the shelf."""

    order_line_id: str
    quantity: Quantity
    reason: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Package:
    """What is packed together: grams and millimetres as far as they are known."""

    parts: tuple[PackedPart, ...]
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    tracking_number: str | None = None


@dataclass(frozen=True)
class Packing:
    """The lines of each package, lot by lot, and what of the note was left out, with the reasons."""

    packages: tuple[tuple[Allocation, ...], ...]
    left_out: tuple[tuple[Allocation, str], ...]

    @property
    def lines(self) -> tuple[Allocation, ...]:
        """What is packed of the note: one line per order line and lot."""
        return summed(line for lines in self.packages for line in lines)

    @property
    def rest(self) -> tuple[Allocation, ...]:
        """What is left out of the note."""
        return summed(line for line, _ in self.left_out)


def pack(
    delivery: Delivery, packages: Sequence[Package], left_out: Sequence[LeftOut], items: Mapping[str, Item]
) -> Packing:
    """Return how a picked note is packed; ``items`` are those of the note by order line.

    Together packages and what is left out are exactly what was picked, lot by lot.
    """
    if delivery.state != "picked":
        raise DeliveryStateRefuses(
            f"delivery {delivery.number} is {delivery.state} and cannot be packed",
            cure="pick it first" if delivery.state == "ready" else "read the delivery again",
            state=delivery.state,
        )
    shelf = Shelf(delivery.lines)
    packed = tuple(
        _package(shelf, package, f"packages.{number}", items) for number, package in enumerate(packages)
    )
    left = [
        (line, part.reason)
        for number, part in enumerate(left_out)
        for line in _drawn(shelf, part, f"left_out.{number}", items)
    ]
    _require_all(shelf.rest(), items)
    return Packing(packed, tuple(left))


def _package(shelf: Shelf, package: Package, field: str, items: Mapping[str, Item]) -> tuple[Allocation, ...]:
    named: set[tuple[str, str | None]] = set()
    lines: list[Allocation] = []
    for number, part in enumerate(package.parts):
        place = f"{field}.lines.{number}"
        if (part.order_line_id, part.lot) in named:
            raise LineNamedTwice(
                "the line is named twice", field=place, cure="name each line and lot once per package"
            )
        named.add((part.order_line_id, part.lot))
        lines += _drawn(shelf, part, place, items)
    return summed(lines)


def _drawn(
    shelf: Shelf, part: PackedPart | LeftOut, field: str, items: Mapping[str, Item]
) -> list[Allocation]:
    """Take a part of what is not packed yet."""
    if part.order_line_id not in shelf.left:
        raise LineNotOnDelivery(
            "the delivery has no such line",
            field=f"{field}.order_line_id",
            cure="name a line of this delivery",
        )
    require_quantity(items[part.order_line_id], part.quantity, f"{field}.quantity")
    lots = [key.lot for key in shelf.left[part.order_line_id]]
    if part.lot is None and len(lots) > 1:
        raise LotMissing(
            f"the line was picked from the lots {', '.join(lots)}", field=f"{field}.lot", cure="name the lot"
        )
    if part.lot is not None and part.lot not in lots:
        raise LotNotOnNote(f"nothing of lot {part.lot} was picked for this line", field=f"{field}.lot")
    held = shelf.milli(part.order_line_id, part.lot)
    if part.quantity.milli > held:
        raise MoreThanOnDelivery(
            f"{Quantity(held)} of this line are not packed yet",
            field=f"{field}.quantity",
            cure="pack at most what was picked",
            on_delivery=str(Quantity(held)),
        )
    drawn = shelf.draw(part.order_line_id, part.quantity.milli, part.lot)
    return [Allocation(part.order_line_id, key, quantity) for key, quantity in drawn]


def _require_all(rest: Iterable[Allocation], items: Mapping[str, Item]) -> None:
    missing = [f"{line.quantity} of {items[line.order_line_id].sku}" for line in rest]
    if missing:
        raise PackingIncomplete(
            f"neither packed nor left out: {', '.join(missing)}",
            field="packages",
            cure="pack it, or name it in left_out with the reason",
            missing=missing,
        )
