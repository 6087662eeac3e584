"""Whose unspent budget would do better elsewhere: from a running campaign that earns little to the one that earns most.

What a campaign earned is the margin of what was sold: revenue owed to it, without tax, less what the goods cost when
they left. Where that is not known of most of the revenue of each, all are compared by revenue, for a margin and a
revenue are not to be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from libs.common.money import Money, divide_half_up

FULL_BP = 10_000
By = Literal["margin", "revenue"]
LEAST_COSTED_BP = 8000
"""Of its revenue: where goods of less have a known cost, a campaign's margin is not known."""
LEAST_NEW_CUSTOMERS = 3
"""Fewer say nothing of the next ones: a campaign with fewer is no better place for money."""
LEAST_SPENT_BP = 2000
"""Of its budget: before so much is spent, nobody knows how a campaign fares."""
TIMES_BETTER = 2
PART = 2
"""Half of what is left goes over: who is shown to be wrong next month has half to go on with."""


@dataclass(frozen=True)
class Fared:
    """How a running campaign fares so far, all money in the company's currency.

    ``costed`` is the part of the revenue of which is known what its goods cost, which is ``goods_cost``.
    """

    campaign_id: str
    code: str
    name: str
    budget: Money
    cost: Money
    revenue: Money
    new_customers: int
    costed: Money
    goods_cost: Money

    @property
    def margin(self) -> Money:
        """What is left of the part of known cost."""
        return self.costed - self.goods_cost

    @property
    def has_margin(self) -> bool:
        """Whether the margin is that of most of the revenue."""
        return self.costed.minor * FULL_BP >= self.revenue.minor * LEAST_COSTED_BP

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

    def earned_bp(self, by: By) -> int:
        """What came back of the money that was spent, in hundredths of a percent."""
        earned = self.margin if by == "margin" else self.revenue
        return divide_half_up(max(earned.minor, 0) * FULL_BP, self.cost.minor)

    @property
    def is_known(self) -> bool:
        """Whether enough was spent to say how it fares."""
        return self.cost.minor > 0 and self.cost.minor * FULL_BP >= self.budget.minor * LEAST_SPENT_BP


@dataclass(frozen=True)
class Shift:
    """A proposal: so much of what is left of one campaign goes to another, by what they earned."""

    source: Fared
    target: Fared
    amount: Money
    by: By


def shifts(campaigns: Sequence[Fared]) -> list[Shift]:
    """Return what to shift, from whoever earns least first; nothing goes to one that is not at least twice as good."""
    known = [each for each in campaigns if each.is_known]
    good = [each for each in known if each.new_customers >= LEAST_NEW_CUSTOMERS]
    if not good:
        return []
    by: By = "margin" if all(each.has_margin for each in known) else "revenue"
    best = max(good, key=lambda each: (each.earned_bp(by), each.code))
    poor = [
        each
        for each in known
        if each.left and each is not best and each.earned_bp(by) * TIMES_BETTER <= best.earned_bp(by)
    ]
    poor.sort(key=lambda each: (each.earned_bp(by), each.code))
    found = (Shift(each, best, each.left.share(1, PART), by) for each in poor)
    return [each for each in found if each.amount]
