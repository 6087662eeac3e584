"""Prices that are worked out of others: so much on or off the list price, another policy's, or what the item costs.

The arithmetic is in fractions from the first price to the last percent, through as many policies as there are
between, and is rounded once: half up, to the four decimals that a unit price has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol, TypeVar

from libs.common.money import LIMIT_MINOR, Price, divide_half_up
from libs.common.quantity import Quantity
from services.sales.domain.amounts import FULL_BP, percent
from services.sales.domain.audience import Aimed, is_for_all

Base = Literal["list", "policy", "cost"]
NotNow = Literal[
    "other_currency",
    "not_yet_valid",
    "no_longer_valid",
    "below_min_quantity",
    "cost_unknown",
    "cost_in_other_currency",
]
MOST_ON_COST_BP = 9 * FULL_BP
"""What is put on a cost at most: it is sold at ten times of it."""


@dataclass(frozen=True, slots=True)
class Formula:
    """``change_bp`` hundredths of a percent on (below zero: off) a base, in ``currency``.

    The base is the list price, which is what the fixed prices for all say on the same occasion, or with ``policy``
    what the policy of this name says on it, whoever that one is for; ``of_cost`` it is what a unit of the item costs
    the company on the day of pricing.
    """

    currency: str
    change_bp: int
    policy: str | None = None
    of_cost: bool = False

    @property
    def base(self) -> Base:
        """What the price is worked out of."""
        if self.of_cost:
            return "cost"
        return "list" if self.policy is None else "policy"

    @property
    def percent_off(self) -> Decimal | None:
        """The percentage that is taken off the base, if it is."""
        return percent(-self.change_bp) if self.change_bp < 0 and not self.of_cost else None

    @property
    def percent_on(self) -> Decimal | None:
        """The percentage that is put on the base, if it is."""
        return percent(self.change_bp) if self.change_bp >= 0 and not self.of_cost else None

    @property
    def factor(self) -> Decimal | None:
        """By what a cost is multiplied, where it is the base."""
        return Decimal(FULL_BP + self.change_bp) / FULL_BP if self.of_cost else None


class Rule(Aimed, Protocol):
    """What is asked of a rule here."""

    @property
    def policy(self) -> str:
        """The name of its policy."""

    @property
    def price(self) -> Price | Formula:
        """What one unit costs."""

    @property
    def min_quantity(self) -> Quantity:
        """From which quantity on."""

    @property
    def valid_from(self) -> date | None:
        """From which day on."""

    @property
    def valid_until(self) -> date | None:
        """Until which day."""

    @property
    def rank(self) -> Any:
        """What is compared between rules that all apply."""


R = TypeVar("R", bound=Rule)


class Moment(Protocol):
    """What of an occasion is not about the buyer."""

    @property
    def currency(self) -> str:
        """In what is paid."""

    @property
    def quantity(self) -> Quantity:
        """How much is bought."""

    @property
    def on(self) -> date:
        """When."""

    @property
    def unit_cost(self) -> Price | None:
        """What a unit of the item costs the company then, where that is known."""


def why_not_now(rule: Rule, moment: Moment) -> NotNow | None:
    """Return why the rule gives no price, whoever asks; ``None`` when it does."""
    if rule.price.currency != moment.currency:
        return "other_currency"
    if rule.valid_from is not None and moment.on < rule.valid_from:
        return "not_yet_valid"
    if rule.valid_until is not None and moment.on > rule.valid_until:
        return "no_longer_valid"
    if moment.quantity < rule.min_quantity:
        return "below_min_quantity"
    return _why_no_cost(rule.price, moment)


def _why_no_cost(price: Price | Formula, moment: Moment) -> NotNow | None:
    if isinstance(price, Price) or not price.of_cost:
        return None
    if moment.unit_cost is None:
        return "cost_unknown"
    return "cost_in_other_currency" if moment.unit_cost.currency != price.currency else None


def price_of(rule: Rule, moment: Moment, book: Sequence[Rule]) -> Price | None:
    """Return what a unit costs by ``rule``; ``None`` where its base gives no price, or one beyond all bounds."""
    if isinstance(rule.price, Price):
        return rule.price
    exact = _exact(rule, moment, book, frozenset((rule.policy,)))
    if exact is None:
        return None
    e4 = divide_half_up(exact.numerator, exact.denominator)
    return Price(e4, rule.price.currency) if e4 <= LIMIT_MINOR else None


def _exact(rule: Rule, moment: Moment, book: Sequence[Rule], seen: frozenset[str]) -> Fraction | None:
    """Return the price in ten-thousandths of the major unit, to the last digit.

    ``seen`` are the policies that led here: none is worked out of itself, whatever is written in them.
    """
    if isinstance(rule.price, Price):
        return Fraction(rule.price.e4)
    if rule.price.of_cost:
        return _of_cost(rule.price, moment)
    base = _base_of(rule.price, moment, book)
    if base is None or (rule.price.policy is not None and base.policy in seen):
        return None
    before = _exact(base, moment, book, seen | {base.policy})
    return None if before is None else before * (FULL_BP + rule.price.change_bp) / FULL_BP


def _of_cost(formula: Formula, moment: Moment) -> Fraction | None:
    cost = moment.unit_cost
    if cost is None or cost.currency != formula.currency:
        return None
    return Fraction(cost.e4) * (FULL_BP + formula.change_bp) / FULL_BP


def uses_cost(rules: Iterable[Rule]) -> bool:
    """Tell whether any price is worked out of what the item costs."""
    return any(isinstance(rule.price, Formula) and rule.price.of_cost for rule in rules)


def _base_of(formula: Formula, moment: Moment, book: Sequence[Rule]) -> Rule | None:
    """Return the rule that the formula is about: of those that hold on this occasion, the one that would win."""
    fitting = (rule for rule in _candidates(formula, book) if why_not_now(rule, moment) is None)
    return max(fitting, key=lambda rule: rule.rank, default=None)


def _candidates(formula: Formula, book: Iterable[Rule]) -> Iterable[Rule]:
    if formula.policy is not None:
        return (rule for rule in book if rule.policy == formula.policy)
    return (rule for rule in book if isinstance(rule.price, Price) and is_for_all(rule))


def named_bases(rules: Iterable[R]) -> set[str]:
    """Return the names of the policies that prices of ``rules`` are worked out of."""
    formulas = (rule.price for rule in rules if isinstance(rule.price, Formula))
    return {formula.policy for formula in formulas if formula.policy is not None}


def reached(rules: Sequence[R], further: Iterable[R]) -> list[R]:
    """Return those of ``further`` that prices of ``rules`` are worked out of, be it through others."""
    by_policy: dict[str, list[R]] = {}
    for rule in further:
        by_policy.setdefault(rule.policy, []).append(rule)
    found: list[R] = []
    names = named_bases(rules)
    while names:
        more = [rule for name in sorted(names) for rule in by_policy.pop(name, [])]
        found += more
        names = named_bases(more)
    return found


def way_back(name: str, bases: Iterable[str], based_on: Mapping[str, set[str]]) -> tuple[str, ...] | None:
    """Return how the policies ``bases`` lead back to ``name``, which would be worked out of itself; else ``None``.

    ``based_on`` tells for each policy the names of those that its prices are worked out of.
    """
    ways: list[tuple[str, ...]] = [(base,) for base in sorted(bases)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == name:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, further) for further in sorted(based_on.get(way[-1], set()))]
    return None
