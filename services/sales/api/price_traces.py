"""How a price trace is shown: what the stored data say, so that a line of any age can be worked out again."""

from __future__ import annotations

from typing import Any

from marshmallow import post_dump

from libs.common.web import Strict, fields
from services.sales.api.margins import hides_costs


class TracedFormula(Strict):
    """How a price was worked out: so many percent on the base, below zero off it.

    Of a cost the percentage is shown to those only who may see costs: with the price it would tell what goods cost.
    """

    base = fields.Choice("list", "policy", "cost")
    policy = fields.Text(max=120, allow_none=True)
    change_percent = fields.Text(max=7, allow_none=True)

    @post_dump
    def _hide(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        return shown | {"change_percent": None} if shown["base"] == "cost" and hides_costs() else shown


class BaseRule(Strict):
    """A price rule; what it gives on the occasion is its ``unit_price``, null where it gives nothing."""

    policy_id = fields.IdField()
    policy = fields.Text(max=120)
    revision = fields.CountField(least=1)
    customer_id = fields.IdField(allow_none=True)
    customer_group = fields.Text(max=40, allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    min_quantity = fields.Text(max=20)
    valid_from = fields.Text(max=10, allow_none=True)
    valid_until = fields.Text(max=10, allow_none=True)
    unit_price = fields.Text(max=30, allow_none=True)
    currency = fields.Text(max=3)
    formula = fields.Nested(TracedFormula, allow_none=True)


class TriedRule(BaseRule):
    """A price rule that was tried, and its outcome: ``won``, or why it lost."""

    outcome = fields.Text(max=32)


class GivenPrice(Strict):
    """A price that a person set, and who."""

    unit_price = fields.Text(max=30)
    by = fields.Text(max=64)


class TracedPart(Strict):
    """How much of an item belongs to a set."""

    item_id = fields.IdField()
    quantity = fields.Text(max=20)


class TracedGift(Strict):
    """What a promotion gives; which names there are depends on its kind."""

    kind = fields.Choice("percent_off", "amount_off", "free_units", "bundle")
    percent = fields.Text(max=7)
    amount = fields.Text(max=30)
    min_quantity = fields.Text(max=20)
    buy = fields.Text(max=20)
    free = fields.Text(max=20)
    parts = fields.ListOf(TracedPart)


class TriedPromotion(Strict):
    """A promotion that was tried on the line, its outcome (``applied``, or why not), and what it took off."""

    promotion_id = fields.IdField()
    promotion = fields.Text(max=120)
    revision = fields.CountField(least=1)
    currency = fields.Text(max=3)
    gift = fields.Nested(TracedGift)
    priority = fields.CountField()
    exclusive = fields.Flag()
    customer_id = fields.IdField(allow_none=True)
    customer_group = fields.Text(max=40, allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    valid_from = fields.Text(max=10, allow_none=True)
    valid_until = fields.Text(max=10, allow_none=True)
    coupon = fields.Text(max=40, allow_none=True)
    outcome = fields.Text(max=32)
    off = fields.Text(max=30)


class TracedCost(Strict):
    """What a unit of the item cost the company on the day of pricing."""

    amount = fields.Text(max=30)
    currency = fields.Text(max=3)


class TraceOut(Strict):
    """How a line came to its price: it can be worked out again from this alone.

    A line of before version 2 has fewer names: prices were for one customer or for all, and none was worked out.
    """

    version = fields.CountField(least=2)
    item_id = fields.IdField()
    customer_id = fields.IdField()
    customer_group = fields.Text(max=40, allow_none=True)
    channel = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    currency = fields.Text(max=3)
    quantity = fields.Text(max=20)
    on = fields.Text(max=10)
    unit_cost = fields.Nested(
        TracedCost,
        allow_none=True,
        metadata={"description": "What a price was worked out of; shown to those who may see costs."},
    )
    source = fields.Choice("policy", "override")
    policy_price = fields.Text(max=30, allow_none=True)
    override = fields.Nested(GivenPrice, allow_none=True)
    rules = fields.ListOf(TriedRule, least=0)
    base_rules = fields.ListOf(BaseRule, least=0)
    discount_percent = fields.Text(max=7)
    coupon = fields.Text(max=40, allow_none=True)
    above = fields.Text(max=20, metadata={"description": "How much of the item stands on lines above."})
    beside = fields.TextMap(
        metadata={"description": "How much of each item of a bundle stands on the document, by item."}
    )
    promotions = fields.ListOf(TriedPromotion, least=0)
    promotion = fields.Text(max=30, metadata={"description": "What the promotions took off together."})
    amount = fields.Text(max=30)

    @post_dump
    def _hide(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        return shown | {"unit_cost": None} if "unit_cost" in shown and hides_costs() else shown
