"""Exact quantities: thousandths of a unit of measure, held as a whole number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SCALE = 1000
LIMIT_MILLI = 10**15
_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?\Z", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Quantity:
    """A quantity in thousandths (``milli``) of the item's unit of measure.

    Whole numbers keep arithmetic exact on every database; three decimals serve kilograms and metres alike.
    """

    milli: int

    def __post_init__(self) -> None:
        if not -LIMIT_MILLI <= self.milli <= LIMIT_MILLI:
            raise ValueError("a quantity may not exceed 10^12 units")

    @classmethod
    def of(cls, text: str | int | Decimal) -> Quantity:
        """Read plain decimal digits with up to three decimals; ``ValueError`` for anything else."""
        written = format(text, "f") if isinstance(text, Decimal) else str(text)
        if not _TEXT.match(written):
            raise ValueError(f"not a quantity with up to 3 decimals: {written[:40]!r}")
        whole, _, decimals = written.partition(".")
        return cls(int(whole + decimals.ljust(3, "0")))

    @classmethod
    def zero(cls) -> Quantity:
        """Return no units."""
        return cls(0)

    @property
    def decimal(self) -> Decimal:
        """The quantity in whole units, exactly."""
        return Decimal(self.milli) / SCALE

    def fits(self, decimals: int) -> bool:
        """Tell whether the quantity needs no more than ``decimals`` places, so that 1.5 pieces can be refused."""
        step: int = 10 ** (3 - decimals)
        return self.milli % step == 0

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.milli + other.milli)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.milli - other.milli)

    def __neg__(self) -> Quantity:
        return Quantity(-self.milli)

    def __bool__(self) -> bool:
        return self.milli != 0

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.milli), SCALE)
        sign = "-" if self.milli < 0 else ""
        return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")
