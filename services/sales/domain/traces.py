"""A price trace as plain data, to be stored with its line and shown to people, and back.

Version 1, which is not written any more, knew prices for one customer or for all only, and no formulas: what it
does not say was not there, so it reads, and decides, as it did. ``unit_cost`` is there only where a price is worked
out of what the item costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import basis_points, percent
from services.sales.domain.formulas import Formula
from services.sales.domain.pricing import Attempt, Occasion, Override, PriceRule, PriceTrace

VERSION = 2
AIMS = ("customer_id", "customer_group", "channel", "region")


def to_data(trace: PriceTrace) -> dict[str, Any]:
    """Return the trace as plain data."""
    occasion = trace.occasion
    return {
        "version": VERSION,
        "item_id": occasion.item_id,
        **aims_data(occasion),
        "currency": occasion.currency,
        "quantity": str(occasion.quantity),
        "on": occasion.on.isoformat(),
        **_cost_data(occasion.unit_cost),
        "source": trace.source,
        "policy_price": _price_text(trace.policy_price),
        "override": None
        if trace.override is None
        else {"unit_price": _price_text(trace.override.unit_price), "by": trace.override.by},
        "rules": [
            _rule_data(attempt.rule)
            | {"unit_price": _price_text(attempt.unit_price), "outcome": attempt.outcome}
            for attempt in trace.attempts
        ],
        "base_rules": [
            _rule_data(rule)
            | {"unit_price": _price_text(rule.price) if isinstance(rule.price, Price) else None}
            for rule in trace.bases
        ],
    }


def _cost_data(cost: Price | None) -> dict[str, Any]:
    return {} if cost is None else {"unit_cost": {"amount": cost.digits, "currency": cost.currency}}


def _cost_of(data: Mapping[str, Any]) -> Price | None:
    cost = data.get("unit_cost")
    return None if cost is None else Price.of(cost["amount"], cost["currency"])


def aims_data(aimed: Any) -> dict[str, str | None]:
    """Return for whom something is, or whom it is about."""
    return {name: getattr(aimed, name) for name in AIMS}


def _rule_data(rule: PriceRule) -> dict[str, Any]:
    return {
        "policy_id": rule.policy_id,
        "policy": rule.policy,
        "revision": rule.revision,
        **aims_data(rule),
        "min_quantity": str(rule.min_quantity),
        "valid_from": day_text(rule.valid_from),
        "valid_until": day_text(rule.valid_until),
        "currency": rule.price.currency,
        "formula": _formula_data(rule.price) if isinstance(rule.price, Formula) else None,
    }


def _formula_data(formula: Formula) -> dict[str, Any]:
    return {"base": formula.base, "policy": formula.policy, "change_percent": str(percent(formula.change_bp))}


def _price_text(price: Price | None) -> str | None:
    return None if price is None else price.digits


def day_text(day: date | None) -> str | None:
    """Return the day as it is written down."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """Read a day back."""
    return None if text is None else date.fromisoformat(text)


def from_data(data: Mapping[str, Any]) -> PriceTrace:
    """Read a stored trace back, of whichever version."""
    currency = data["currency"]
    given = data["override"]
    override = None if given is None else Override(Price.of(given["unit_price"], currency), given["by"])
    attempts = tuple(_attempt(rule) for rule in data["rules"])
    bases = tuple(_rule(rule) for rule in data.get("base_rules", ()))
    return PriceTrace(occasion_of(data), attempts, override, bases)


def occasion_of(data: Mapping[str, Any]) -> Occasion:
    """Return who bought how much of what, and when."""
    return Occasion(
        item_id=data["item_id"],
        currency=data["currency"],
        quantity=Quantity.of(data["quantity"]),
        on=date.fromisoformat(data["on"]),
        customer_id=data["customer_id"],
        customer_group=data.get("customer_group"),
        channel=data.get("channel"),
        region=data.get("region"),
        unit_cost=_cost_of(data),
    )


def _attempt(data: Mapping[str, Any]) -> Attempt:
    price = data["unit_price"]
    unit_price = None if price is None else Price.of(price, data["currency"])
    return Attempt(_rule(data), data["outcome"], unit_price)


def _rule(data: Mapping[str, Any]) -> PriceRule:
    return PriceRule(
        policy_id=data["policy_id"],
        policy=data["policy"],
        revision=data["revision"],
        price=_price(data),
        min_quantity=Quantity.of(data["min_quantity"]),
        customer_id=data["customer_id"],
        valid_from=day_of(data["valid_from"]),
        valid_until=day_of(data["valid_until"]),
        customer_group=data.get("customer_group"),
        channel=data.get("channel"),
        region=data.get("region"),
    )


def _price(data: Mapping[str, Any]) -> Price | Formula:
    formula, currency = data.get("formula"), data["currency"]
    if formula is None:
        return Price.of(data["unit_price"], currency)
    change_bp = basis_points(Decimal(formula["change_percent"]))
    return Formula(currency, change_bp, formula["policy"], formula["base"] == "cost")
