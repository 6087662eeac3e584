"""Which price applies, and why: every rule that was tried, and what became of it.

The most specific rule wins (a customer's own before one for all), then the highest tier that the quantity
reaches, then the latest beginning, then the policy that was entered last. The trace holds all that the decision
was made from, so it can be made again from the trace alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from libs.common.money import Price
from libs.common.quantity import Quantity

Outcome = Literal[
    "won",
    "other_customer",
    "other_currency",
    "not_yet_valid",
    "no_longer_valid",
    "below_min_quantity",
    "less_specific",
    "smaller_tier",
    "older",
    "entered_earlier",
]


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A line of a price policy for one item: from ``min_quantity`` on, one unit costs ``unit_price``.

    It holds from ``valid_from`` to ``valid_until``, both days included (``None``: open), and for one customer or,
    with ``customer_id`` ``None``, for all.
    """

    policy_id: str
    policy: str
    revision: int
    unit_price: Price
    min_quantity: Quantity
    customer_id: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def rank(self) -> tuple[bool, int, date, str]:
        """What is compared between rules that all apply; the highest wins."""
        return (
            self.customer_id is not None,
            self.min_quantity.milli,
            self.valid_from or date.min,
            self.policy_id,
        )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who buys how much of what, in which currency, on which day."""

    item_id: str
    customer_id: str
    currency: str
    quantity: Quantity
    on: date


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule that was tried, and why it won or lost."""

    rule: PriceRule
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Override:
    """A price that a person set in place of the policy's."""

    unit_price: Price
    by: str


@dataclass(frozen=True, slots=True)
class PriceTrace:
    """How a line came to its price."""

    occasion: Occasion
    attempts: tuple[Attempt, ...]
    override: Override | None = None

    @property
    def winner(self) -> PriceRule | None:
        """The rule that applies, or nothing."""
        return next((attempt.rule for attempt in self.attempts if attempt.outcome == "won"), None)

    @property
    def policy_price(self) -> Price | None:
        """What the policies say, whoever may have set another price."""
        return None if self.winner is None else self.winner.unit_price

    @property
    def price(self) -> Price | None:
        """The price that counts."""
        return self.policy_price if self.override is None else self.override.unit_price

    @property
    def source(self) -> Literal["policy", "override"]:
        """Where the price that counts comes from."""
        return "policy" if self.override is None else "override"


def find_price(occasion: Occasion, rules: Iterable[PriceRule]) -> PriceTrace:
    """Try every rule on ``occasion`` and return what became of each."""
    tried = tuple(rules)
    applicable = [rule for rule in tried if _misfit(rule, occasion) is None]
    winner = max(applicable, key=lambda rule: rule.rank, default=None)
    attempts = tuple(Attempt(rule, _outcome(rule, occasion, winner)) for rule in tried)
    return PriceTrace(occasion, attempts)


def recompute(trace: PriceTrace) -> PriceTrace:
    """Decide again from what the trace holds; a trace that tells the truth equals the result."""
    again = find_price(trace.occasion, (attempt.rule for attempt in trace.attempts))
    return replace(again, override=trace.override)


def _misfit(rule: PriceRule, occasion: Occasion) -> Outcome | None:
    if rule.customer_id not in (None, occasion.customer_id):
        return "other_customer"
    if rule.unit_price.currency != occasion.currency:
        return "other_currency"
    if rule.valid_from is not None and occasion.on < rule.valid_from:
        return "not_yet_valid"
    if rule.valid_until is not None and occasion.on > rule.valid_until:
        return "no_longer_valid"
    return "below_min_quantity" if occasion.quantity < rule.min_quantity else None


def _outcome(rule: PriceRule, occasion: Occasion, winner: PriceRule | None) -> Outcome:
    misfit = _misfit(rule, occasion)
    if misfit is not None or winner is None:
        return misfit or "won"
    if rule is winner:
        return "won"
    reasons: tuple[Outcome, ...] = ("less_specific", "smaller_tier", "older", "entered_earlier")
    pairs = zip(rule.rank, winner.rank, reasons, strict=True)
    return next((reason for mine, best, reason in pairs if mine != best), "entered_earlier")


def to_data(trace: PriceTrace) -> dict[str, Any]:
    """Return the trace as plain data, to be stored with the line and shown to people."""
    occasion = trace.occasion
    return {
        "item_id": occasion.item_id,
        "customer_id": occasion.customer_id,
        "currency": occasion.currency,
        "quantity": str(occasion.quantity),
        "on": occasion.on.isoformat(),
        "source": trace.source,
        "policy_price": _price_text(trace.policy_price),
        "override": None
        if trace.override is None
        else {"unit_price": _price_text(trace.override.unit_price), "by": trace.override.by},
        "rules": [_rule_data(attempt) for attempt in trace.attempts],
    }


def _rule_data(attempt: Attempt) -> dict[str, Any]:
    rule = attempt.rule
    return {
        "policy_id": rule.policy_id,
        "policy": rule.policy,
        "revision": rule.revision,
        "customer_id": rule.customer_id,
        "min_quantity": str(rule.min_quantity),
        "valid_from": None if rule.valid_from is None else rule.valid_from.isoformat(),
        "valid_until": None if rule.valid_until is None else rule.valid_until.isoformat(),
        "unit_price": _price_text(rule.unit_price),
        "currency": rule.unit_price.currency,
        "outcome": attempt.outcome,
    }


def _price_text(price: Price | None) -> str | None:
    return None if price is None else price.digits


def from_data(data: Mapping[str, Any]) -> PriceTrace:
    """Read a stored trace back."""
    currency = data["currency"]
    occasion = Occasion(
        item_id=data["item_id"],
        customer_id=data["customer_id"],
        currency=currency,
        quantity=Quantity.of(data["quantity"]),
        on=date.fromisoformat(data["on"]),
    )
    given = data["override"]
    override = None if given is None else Override(Price.of(given["unit_price"], currency), given["by"])
    return PriceTrace(occasion, tuple(_attempt(rule) for rule in data["rules"]), override)


def _attempt(data: Mapping[str, Any]) -> Attempt:
    rule = PriceRule(
        policy_id=data["policy_id"],
        policy=data["policy"],
        revision=data["revision"],
        unit_price=Price.of(data["unit_price"], data["currency"]),
        min_quantity=Quantity.of(data["min_quantity"]),
        customer_id=data["customer_id"],
        valid_from=_day(data["valid_from"]),
        valid_until=_day(data["valid_until"]),
    )
    return Attempt(rule, data["outcome"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
