"""Whose unspent budget would do better elsewhere: from a running campaign that earns little to the one that earns most.

What a campaign earned is the revenue owed to it, without tax; what goods cost is not known here, so no margin is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from libs.common.money import Money, divide_half_up

FULL_BP = 10_000
LEAST_NEW_CUSTOMERS = 3
"""Fewer say nothing of the next ones: a campaign with fewer is no better place for money."""
LEAST_SPENT_BP = 2000
"""Of its budget: before so much is spent, nobody knows how a campaign fares."""
TIMES_BETTER = 2
PART = 2
"""Half of what is left goes over: who is shown to be wrong next month has half to go on with."""


@dataclass(frozen=True)
class Fared:
    """How a running campaign fares so far, all money in the company's currency."""

    campaign_id: str
    code: str
    name: str
    budget: Money
    cost: Money
    revenue: Money
    new_customers: int

    @property
    def left(self) -> Money:
        """What is not spent of its budget."""
        return max(self.budget - self.cost, Money.zero(self.budget.currency))

    @property
    def cac(self) -> Money | None:
        """What a new customer costs."""
        if not self.new_customers:
            return None
        return Money(divide_half_up(self.cost.minor, self.new_customers), self.cost.currency)

    @property
    def earned_bp(self) -> int:
        """What came back of the money that was spent, in hundredths of a percent."""
        return divide_half_up(max(self.revenue.minor, 0) * FULL_BP, self.cost.minor)

    @property
    def is_known(self) -> bool:
        """Whether enough was spent to say how it fares."""
        return self.cost.minor > 0 and self.cost.minor * FULL_BP >= self.budget.minor * LEAST_SPENT_BP


@dataclass(frozen=True)
class Shift:
    """A proposal: so much of what is left of one campaign goes to another."""

    source: Fared
    target: Fared
    amount: Money


def shifts(campaigns: Sequence[Fared]) -> list[Shift]:
    """Return what to shift, from whoever earns least first; nothing goes to one that is not at least twice as good."""
    known = [each for each in campaigns if each.is_known]
    good = [each for each in known if each.new_customers >= LEAST_NEW_CUSTOMERS]
    if not good:
        return []
    best = max(good, key=lambda each: (each.earned_bp, each.code))
    poor = [
        each
        for each in known
        if each.left and each is not best and each.earned_bp * TIMES_BETTER <= best.earned_bp
    ]
    poor.sort(key=lambda each: (each.earned_bp, each.code))
    found = (Shift(each, best, each.left.share(1, PART)) for each in poor)
    return [each for each in found if each.amount]
