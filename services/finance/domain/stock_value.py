"""What the ledger makes of changes of the stock's value that are neither a sale nor a purchase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from libs.common.money import Money
from services.finance.domain.ledger import Entry, Posting
from services.finance.domain.roles import (
    OPENING,
    PRODUCTION_DIFFERENCE,
    REVALUATION,
    SCRAP,
    STOCK,
    STOCK_GAIN,
    STOCK_LOSS,
    UNORDERED,
    WIP,
)

_COUNTERPARTS = {
    "opening": OPENING,
    "receipt": UNORDERED,
    "scrap": SCRAP,
    "revaluation": REVALUATION,
    "consumption": WIP,
    "production": WIP,
}
_ORDER = ("consumption", "production")


@dataclass(frozen=True)
class ValueChange:
    """By how much a document changed what stock is worth, and what it did."""

    kind: str
    value: Money


def stock_value_entry(change_id: str, number: str, on: date, changes: Iterable[ValueChange]) -> Entry | None:
    """Return the entry of a document that changed what stock is worth; ``None`` where it came to nothing.

    Postings come in pairs, a debit and its credit. What was used up is work in progress until what was made of it
    comes in; what is left then is a difference of production, or scrap where nothing came in.
    """
    sums = _sums(changes)
    pairs = [
        pair
        for (kind, currency, more), minor in sums.items()
        for pair in _pair(kind, Money(minor, currency), more=more)
    ]
    pairs += _rest_of_production(sums)
    return Entry("stock_value", change_id, number, None, on, tuple(pairs)) if pairs else None


def _sums(changes: Iterable[ValueChange]) -> dict[tuple[str, str, bool], int]:
    """Return how much each kind added or took, by kind, currency and whether it added; what was used up first."""
    found: dict[tuple[str, str, bool], int] = {}
    for change in changes:
        key = (change.kind, change.value.currency, change.value.minor > 0)
        found[key] = found.get(key, 0) + abs(change.value.minor)
    place = {kind: n for n, kind in enumerate(_ORDER)}
    return dict(sorted(found.items(), key=lambda each: (place.get(each[0][0], -1), each[0])))


def _pair(kind: str, amount: Money, *, more: bool) -> tuple[Posting, ...]:
    """Return both sides of what a kind added to stock (``more``) or took from it; others are gains and losses."""
    other = _COUNTERPARTS.get(kind, STOCK_GAIN if more else STOCK_LOSS)
    return pair(STOCK, other, amount) if more else pair(other, STOCK, amount)


def pair(debit: str, credit: str, amount: Money) -> tuple[Posting, ...]:
    """Return a debit and the credit of the same amount; nothing of nothing."""
    nothing = Money.zero(amount.currency)
    return (Posting(debit, amount, nothing), Posting(credit, nothing, amount)) if amount else ()


def _rest_of_production(sums: dict[tuple[str, str, bool], int]) -> Iterator[Posting]:
    left: dict[str, int] = {}
    for (kind, currency, more), minor in sums.items():
        if _COUNTERPARTS.get(kind) == WIP:
            left[currency] = left.get(currency, 0) + (-minor if more else minor)
    made = any(kind == "production" for kind, _, _ in sums)
    for currency, minor in sorted(left.items()):
        yield from rest_of_wip(minor, currency, made=made)


def rest_of_wip(minor: int, currency: str, *, made: bool) -> tuple[Posting, ...]:
    """Return the pair that clears ``minor`` units of work in progress, which may be too many or too few."""
    account = PRODUCTION_DIFFERENCE if made else SCRAP
    if minor >= 0:
        return pair(account, WIP, Money(minor, currency))
    return pair(WIP, account, Money(-minor, currency))
