"""Open items of another currency, valued at the rate of a closing day: a gain or loss that nobody has realised yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from libs.common.money import Money
from services.finance.domain.exchange import ExchangeRate
from services.finance.domain.ledger import Entry, postings_of
from services.finance.domain.roles import (
    PAYABLES,
    PAYABLES_REVALUED,
    RECEIVABLES,
    RECEIVABLES_REVALUED,
    UNREALISED,
)

REVALUED = {RECEIVABLES: RECEIVABLES_REVALUED, PAYABLES: PAYABLES_REVALUED}
"""The control accounts whose open items are revalued, and the accounts that bear the difference for them."""


@dataclass(frozen=True)
class OpenItems:
    """What was open on a control account, debit less credit, and what it is carried at in the company's books."""

    role: str
    open: Money
    carried: Money


@dataclass(frozen=True)
class Revalued:
    """Open items beside what they are worth at the rate of the day."""

    items: OpenItems
    rate: ExchangeRate
    worth: Money

    @property
    def difference(self) -> Money:
        """What they are worth more: a gain of claims, a loss of debts."""
        return self.worth - self.items.carried


def revalued(items: OpenItems, rate: ExchangeRate) -> Revalued:
    """Return what open items are worth at a rate."""
    return Revalued(items, rate, rate.convert(items.open))


def revaluation_entry(
    document: tuple[str, str], on: date, parts: Iterable[Revalued], *, reverse: bool = False
) -> Entry | None:
    """Return the entry of a revaluation, or of its reversal, in the company's currency; ``None`` where nothing differs.

    The control accounts stay what the documents are carried at: what they are worth more is on accounts beside them.
    """
    sides = [(REVALUED[part.items.role], part.difference) for part in parts]
    sides = [(account, -amount if reverse else amount) for account, amount in sides if amount]
    if not sides:
        return None
    whole = Money.total((amount for _, amount in sides), sides[0][1].currency)
    return Entry("revaluation", *document, None, on, postings_of(*sides, (UNREALISED, -whole)))
