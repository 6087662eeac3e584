"""Which price applies, and why: every rule that was tried, and what became of it.

The most specific rule wins (``audience.py``: a customer's own, his group's, the channel's, the region's, then those
for all), then the highest tier that the quantity reaches, then the latest beginning, then the policy that was
entered last. The trace holds all that the decision was made from, so it can be made again from the trace alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain.audience import Buyer, Stranger, specificity, stranger
from services.sales.domain.formulas import Formula, price_of, uses_cost, why_not_now

Outcome = (
    Stranger
    | Literal[
        "won",
        "other_currency",
        "not_yet_valid",
        "no_longer_valid",
        "below_min_quantity",
        "cost_unknown",
        "cost_in_other_currency",
        "no_base_price",
        "less_specific",
        "smaller_tier",
        "older",
        "entered_earlier",
    ]
)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A line of a price policy for one item: from ``min_quantity`` on, one unit costs ``price``, or what it gives.

    It holds from ``valid_from`` to ``valid_until``, both days included (``None``: open), and for whom it names.
    """

    policy_id: str
    policy: str
    revision: int
    price: Price | Formula
    min_quantity: Quantity
    customer_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None

    @property
    def rank(self) -> tuple[tuple[bool, ...], int, date, str]:
        """What is compared between rules that all apply; the highest wins."""
        return (
            specificity(self),
            self.min_quantity.milli,
            self.valid_from or date.min,
            self.policy_id,
        )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who buys how much of what, in which currency, on which day, and by which way.

    ``unit_cost`` is what a unit costs the company that day, where that is known and a price is worked out of it.
    """

    item_id: str
    customer_id: str
    currency: str
    quantity: Quantity
    on: date
    customer_group: str | None = None
    channel: str | None = None
    region: str | None = None
    unit_cost: Price | None = None


def occasion_for(
    buyer: Buyer,
    item_id: str,
    currency: str,
    quantity: Quantity,
    on: date,
    unit_cost: Price | None = None,
) -> Occasion:
    """Return the occasion on which ``buyer`` buys an item."""
    return Occasion(
        item_id,
        buyer.customer_id,
        currency,
        quantity,
        on,
        customer_group=buyer.customer_group,
        channel=buyer.channel,
        region=buyer.region,
        unit_cost=unit_cost,
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule that was tried, why it won or lost, and the price that it gives, if it gives one on this occasion."""

    rule: PriceRule
    outcome: Outcome
    unit_price: Price | None


@dataclass(frozen=True, slots=True)
class Override:
    """A price that a person set in place of the policy's."""

    unit_price: Price
    by: str


@dataclass(frozen=True, slots=True)
class PriceTrace:
    """How a line came to its price. ``bases`` are rules of policies that others are worked out of."""

    occasion: Occasion
    attempts: tuple[Attempt, ...]
    override: Override | None = None
    bases: tuple[PriceRule, ...] = ()

    @property
    def won(self) -> Attempt | None:
        """The attempt that won, or nothing."""
        return next((attempt for attempt in self.attempts if attempt.outcome == "won"), None)

    @property
    def winner(self) -> PriceRule | None:
        """The rule that applies, or nothing."""
        return None if self.won is None else self.won.rule

    @property
    def policy_price(self) -> Price | None:
        """What the policies say, whoever may have set another price."""
        return None if self.won is None else self.won.unit_price

    @property
    def price(self) -> Price | None:
        """The price that counts."""
        return self.policy_price if self.override is None else self.override.unit_price

    @property
    def source(self) -> Literal["policy", "override"]:
        """Where the price that counts comes from."""
        return "policy" if self.override is None else "override"


def find_price(occasion: Occasion, rules: Iterable[PriceRule], bases: Iterable[PriceRule] = ()) -> PriceTrace:
    """Try every rule on ``occasion`` and return what became of each; prices may be worked out of ``bases``.

    The cost stays in the trace only where some price is worked out of it.
    """
    tried, more = tuple(rules), tuple(bases)
    book = (*tried, *more)
    if occasion.unit_cost is not None and not uses_cost(book):
        occasion = replace(occasion, unit_cost=None)
    prices = [price_of(rule, occasion, book) for rule in tried]
    misfits = [_misfit(rule, occasion, price) for rule, price in zip(tried, prices, strict=True)]
    fitting = [rule for rule, misfit in zip(tried, misfits, strict=True) if misfit is None]
    winner = max(fitting, key=lambda rule: rule.rank, default=None)
    attempts = tuple(
        Attempt(rule, misfit or _outcome(rule, winner), price)
        for rule, misfit, price in zip(tried, misfits, prices, strict=True)
    )
    return PriceTrace(occasion, attempts, bases=more)


def recompute(trace: PriceTrace) -> PriceTrace:
    """Decide again from what the trace holds; a trace that tells the truth equals the result."""
    again = find_price(trace.occasion, (attempt.rule for attempt in trace.attempts), trace.bases)
    return replace(again, override=trace.override)


def _misfit(rule: PriceRule, occasion: Occasion, price: Price | None) -> Outcome | None:
    found = stranger(rule, occasion) or why_not_now(rule, occasion)
    return "no_base_price" if found is None and price is None else found


def _outcome(rule: PriceRule, winner: PriceRule | None) -> Outcome:
    if winner is None or rule is winner:
        return "won"
    reasons: tuple[Outcome, ...] = ("less_specific", "smaller_tier", "older", "entered_earlier")
    pairs = zip(rule.rank, winner.rank, reasons, strict=True)
    return next((reason for mine, best, reason in pairs if mine != best), "entered_earlier")
