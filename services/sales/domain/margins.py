"""What is left of a price when the goods are paid: cost as of the day of pricing, and the margin over it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal

from libs.common.money import LIMIT_MINOR, Money, Price, divide_half_up
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP, line_amount, percent
from services.sales.domain.taxes import Taxed

MOST_COST = 10**15
LOWEST_BP = -100 * FULL_BP
"""No margin is told below this; what is given away for nothing has it."""


def line_cost(unit_cost: Price | None, quantity: Quantity, currency: str) -> Money | None:
    """Return what a quantity costs, rounded half up once.

    ``None`` where nobody knows the cost, where it is in another currency than the sale, or is beyond all bounds.
    """
    if unit_cost is None or unit_cost.currency != currency:
        return None
    try:
        cost = line_amount(unit_cost, quantity, 0).amount
    except ValueError:
        return None
    return cost if cost.minor <= MOST_COST else None


def margin_bp(amount: Money, cost: Money) -> int:
    """Return which part of ``amount`` is left after ``cost``, in hundredths of a percent; below zero at a loss."""
    if not amount:
        return LOWEST_BP if cost else 0
    return max(divide_half_up((amount - cost).minor * FULL_BP, amount.minor), LOWEST_BP)


def total_cost(costs: list[Money | None], currency: str) -> Money | None:
    """Return what all lines cost together; ``None`` where a line's cost is not known."""
    known = [cost.minor for cost in costs if cost is not None]
    if not costs or len(known) < len(costs) or sum(known) > LIMIT_MINOR:
        return None
    return Money(sum(known), currency)


class Margin(ABC):
    """What something sold leaves over: ``earned`` for it, at ``cost`` if that is known."""

    @property
    @abstractmethod
    def earned(self) -> Money:
        """What the customer pays, without tax."""

    @property
    @abstractmethod
    def cost(self) -> Money | None:
        """What the goods cost."""

    @property
    def margin(self) -> Money | None:
        """What is left; ``None`` where the cost is not known."""
        return None if self.cost is None else self.earned - self.cost

    @property
    def margin_bp(self) -> int | None:
        """The same in hundredths of a percent of what is earned."""
        return None if self.cost is None else margin_bp(self.earned, self.cost)

    @property
    def margin_percent(self) -> Decimal | None:
        """The same as a percentage."""
        return None if self.margin_bp is None else percent(self.margin_bp)


class LineMargin(Taxed, Margin):
    """The margin of a priced line, at the cost of the day on which it was priced."""

    quantity: Quantity
    unit_cost: Price | None

    @property
    def earned(self) -> Money:
        """The line's amount, without the tax that it may contain."""
        return self.net

    @property
    def cost(self) -> Money | None:
        """The line's cost."""
        return line_cost(self.unit_cost, self.quantity, self.amount.currency)
