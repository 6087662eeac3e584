"""The three-way match: what a supplier invoices beside what was ordered and what came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine, value_of

Mismatch = Literal["quantity", "price"]
FULL_BP = 10_000


@dataclass(frozen=True)
class Tolerance:
    """How much too much is borne: ``bp`` hundredths of a percent, and at most ``amount``.

    A bound that is not set does not bind; where neither is set, nothing is borne. An amount in another currency than
    the invoice's cannot be compared and bears nothing.
    """

    bp: int | None = None
    amount: Money | None = None

    def bears(self, excess: int, of: int, value: Money) -> bool:
        """Tell whether ``excess`` of ``of`` (in the same unit), which is worth ``value``, is borne."""
        if excess <= 0:
            return True
        if self.bp is None and self.amount is None:
            return False
        if self.bp is not None and excess * FULL_BP > of * self.bp:
            return False
        if self.amount is None:
            return True
        return self.amount.currency == value.currency and value <= self.amount


@dataclass(frozen=True)
class MatchPolicy:
    """What is borne of too high a price and of too large a quantity; version 0, nothing, is how it begins."""

    version: int = 0
    price: Tolerance = Tolerance()
    quantity: Tolerance = Tolerance()


@dataclass(frozen=True)
class LineMatch:
    """What came of a line: ``over`` is invoiced beyond what came in, ``dearer`` beyond the order's price.

    ``cleared`` is what the goods are worth at the order's price; without ``mismatches`` the line is as it should be.
    """

    received: Quantity
    invoiced_before: Quantity
    over: Quantity
    dearer: Money
    cleared: Money
    mismatches: tuple[Mismatch, ...]


def match_line(line: BoughtLine, quantity: Quantity, unit_price: Price, policy: MatchPolicy) -> LineMatch:
    """Compare ``quantity`` at ``unit_price`` with the line as it stands.

    Only what is to the company's disadvantage is a mismatch: less goods than came in, or a lower price, are not.
    """
    after = line.invoiced + quantity
    over = max(after - line.received, Quantity.zero())
    dearer = _dearer(line, quantity, unit_price)
    mismatches: list[Mismatch] = []
    if not policy.quantity.bears(over.milli, line.received.milli, line.value_of(over)):
        mismatches.append("quantity")
    if not policy.price.bears(unit_price.e4 - line.unit_price.e4, line.unit_price.e4, dearer):
        mismatches.append("price")
    return LineMatch(
        received=line.received,
        invoiced_before=line.invoiced,
        over=over,
        dearer=dearer,
        cleared=line.value_between(line.invoiced, after),
        mismatches=tuple(mismatches),
    )


def _dearer(line: BoughtLine, quantity: Quantity, unit_price: Price) -> Money:
    more = unit_price.e4 - line.unit_price.e4
    return value_of(quantity, Price(max(more, 0), unit_price.currency))
