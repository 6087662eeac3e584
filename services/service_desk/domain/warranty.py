"""Until when what a customer holds is under warranty: so many months from the day on which it left."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Cover = Literal["in", "out", "none"]
COVERS: tuple[Cover, ...] = get_args(Cover)
MONTHS_OF_YEAR = 12
MOST_MONTHS = 1200


@dataclass(frozen=True)
class Term:
    """For how many months an item is under warranty, for what leaves from a day on; none at all with 0 months."""

    item_id: str
    valid_from: date
    months: int


def warranty_until(shipped_on: date, terms: Sequence[Term]) -> date | None:
    """Return the last day of warranty by the term that held when it left; ``None`` where nothing was promised."""
    held = [term for term in terms if term.valid_from <= shipped_on]
    term = max(held, key=lambda each: each.valid_from, default=None)
    return None if term is None or term.months == 0 else months_later(shipped_on, term.months)


def cover_on(day: date, until: date | None) -> Cover:
    """Tell whether something is under warranty on a day: the last day is within."""
    if until is None:
        return "none"
    return "in" if day <= until else "out"


def months_later(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the last of that month if it is shorter."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
