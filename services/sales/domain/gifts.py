"""What a promotion gives: a percentage or an amount off a line, units for nothing, or a percentage off a set.

Each says of a line how much it takes off what is left of it, exactly, in fractions of the minor unit; what is rounded
is the line in the end, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Protocol

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP

_ANY = Quantity(1)
Kind = Literal["percent_off", "amount_off", "free_units", "bundle"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: what of, how much, how much of the same above it, and what stands on the whole document."""

    item_id: str
    quantity: Quantity
    above: Quantity
    beside: Mapping[str, Quantity]


class Gift(Protocol):
    """One kind of promotion."""

    @property
    def kind(self) -> Kind:
        """Its name."""

    def concerns(self, item_id: str) -> bool:
        """Tell whether a line of the item can have it."""

    def off(self, left: Fraction, place: Place) -> Fraction:
        """Return what it takes off the ``left`` of a line; nothing when its condition is not met."""

    def of_the_line(self, item_id: str) -> Gift:
        """Return the gift as a line of the item remembers it: without the other items that have it too."""


@dataclass(frozen=True, slots=True)
class PercentOff:
    """``percent_bp`` hundredths of a percent off each line of one of ``items`` (none: of any), from a quantity on."""

    percent_bp: int
    items: tuple[str, ...] = ()
    min_quantity: Quantity = _ANY
    kind: Literal["percent_off"] = "percent_off"

    def concerns(self, item_id: str) -> bool:
        """Tell whether a line of the item can have it."""
        return not self.items or item_id in self.items

    def off(self, left: Fraction, place: Place) -> Fraction:
        """Return its percentage of what is left."""
        if place.quantity < self.min_quantity:
            return Fraction(0)
        return left * self.percent_bp / FULL_BP

    def of_the_line(self, item_id: str) -> PercentOff:
        """Return it without the other items."""
        return replace(self, items=())


@dataclass(frozen=True, slots=True)
class AmountOff:
    """``amount`` off each line of one of ``items`` (none: of any), from a quantity on, but never more than is left."""

    amount: Money
    items: tuple[str, ...] = ()
    min_quantity: Quantity = _ANY
    kind: Literal["amount_off"] = "amount_off"

    def concerns(self, item_id: str) -> bool:
        """Tell whether a line of the item can have it."""
        return not self.items or item_id in self.items

    def off(self, left: Fraction, place: Place) -> Fraction:
        """Return the amount, or what is left."""
        return Fraction(0) if place.quantity < self.min_quantity else min(left, Fraction(self.amount.minor))

    def of_the_line(self, item_id: str) -> AmountOff:
        """Return it without the other items."""
        return replace(self, items=())


@dataclass(frozen=True, slots=True)
class FreeUnits:
    """Of every ``buy`` and ``free`` units of one of ``items`` on a line, the ``free`` ones cost nothing.

    The line's quantity counts them all: of "buy two, get one" a line of 7 has two free units.
    """

    buy: Quantity
    free: Quantity
    items: tuple[str, ...] = ()
    kind: Literal["free_units"] = "free_units"

    def concerns(self, item_id: str) -> bool:
        """Tell whether a line of the item can have it."""
        return not self.items or item_id in self.items

    def off(self, left: Fraction, place: Place) -> Fraction:
        """Return what the free units would cost."""
        times = place.quantity.milli // (self.buy.milli + self.free.milli)
        return left * times * self.free.milli / place.quantity.milli

    def of_the_line(self, item_id: str) -> FreeUnits:
        """Return it without the other items."""
        return replace(self, items=())


@dataclass(frozen=True, slots=True)
class Part:
    """How much of an item belongs to a set."""

    item_id: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Bundle:
    """``percent_bp`` off whole sets of ``parts``, as many as stand on the document; what is over costs the full price.

    Where an item stands on several lines, the upper ones go into the sets first.
    """

    percent_bp: int
    parts: tuple[Part, ...]
    kind: Literal["bundle"] = "bundle"

    def concerns(self, item_id: str) -> bool:
        """Tell whether the item belongs to the set."""
        return any(part.item_id == item_id for part in self.parts)

    def sets(self, beside: Mapping[str, Quantity]) -> int:
        """Return how many whole sets stand on the document."""
        nothing = Quantity.zero()
        return min(beside.get(part.item_id, nothing).milli // part.quantity.milli for part in self.parts)

    def off(self, left: Fraction, place: Place) -> Fraction:
        """Return the percentage of the line's share in the sets."""
        need = next(part.quantity.milli for part in self.parts if part.item_id == place.item_id)
        in_sets = self.sets(place.beside) * need - place.above.milli
        share = Fraction(min(max(in_sets, 0), place.quantity.milli), place.quantity.milli)
        return left * share * self.percent_bp / FULL_BP

    def of_the_line(self, item_id: str) -> Bundle:
        """Return it whole: whether the line has it depends on the other items."""
        return self
