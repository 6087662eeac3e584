"""Price policies tried on past quotations over HTTP, before they are put to work."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Strict, fields
from services.sales.api.price_policies import PolicyIn, wanted_policy
from services.sales.api.who import PRICERS
from services.sales.use_cases.try_price_policy import SHOWN, PolicyTrial, try_price_policy

price_trials = Noun(
    "price-trials", "/api/v1/price-policies", description="What a price policy would have changed in the past"
)


class PolicyTrialIn(PolicyIn):
    """A policy as it would be defined, and on how many of the last quotations it is tried."""

    last = fields.CountField(least=1, most=1000, load_default=100)


class TriedPromotionOut(Strict):
    """What a promotion took off the line, and what it would have taken off it."""

    promotion_id = fields.IdField(attribute="promotion.id")
    promotion = fields.Text(max=120, attribute="promotion.name")
    off_before = fields.MoneyField()
    off_after = fields.MoneyField()


class RepricedLineOut(Strict):
    """A line that the policy would have priced otherwise; without a price after where nothing would have priced it.

    ``difference`` is how much dearer the line would have been (below zero: cheaper) after promotions, before tax:
    ``by_price`` by its price, and ``by_promotions`` because the promotions of that day take more or less off it.
    """

    quotation_id = fields.IdField(attribute="quoted.quotation_id")
    number = fields.Text(max=32, attribute="quoted.number")
    customer_id = fields.IdField(attribute="quoted.customer_id")
    line_no = fields.CountField(least=1, attribute="tried.line.line_no")
    item_id = fields.IdField(attribute="tried.line.item_id")
    sku = fields.Text(max=64, attribute="tried.line.sku")
    name = fields.Text(max=200, attribute="tried.line.name")
    quantity = fields.QuantityField(attribute="tried.line.quantity")
    price_before = fields.PriceField(attribute="tried.before")
    price_after = fields.PriceField(attribute="tried.after", allow_none=True)
    amount_before = fields.MoneyField(attribute="tried.amount_before")
    amount_after = fields.MoneyField(attribute="tried.amount_after", allow_none=True)
    difference = fields.MoneyField(attribute="tried.difference", allow_none=True)
    by_price = fields.MoneyField(attribute="tried.by_price", allow_none=True)
    by_promotions = fields.MoneyField(attribute="tried.by_promotions", allow_none=True)
    promotions = fields.ListOf(TriedPromotionOut, attribute="tried.promotions", least=0)


class PromotionShareOut(Strict):
    """How much of the difference comes from what a promotion takes off the other prices."""

    promotion = fields.Text(max=120)
    difference = fields.MoneyField()


class PolicyTrialOut(Strict):
    """What the policy would have done to the lines of the last quotations in its currency.

    ``looked_at`` are the lines of the items that it prices, or priced until now. ``difference`` is of all lines that
    would still have a price: ``by_price`` and ``by_promotions`` together, the latter of each of ``promotions``. All
    are counted; the first ones are listed, the newest quotation first.
    """

    looked_at = fields.CountField()
    changed = fields.CountField()
    dearer = fields.CountField()
    cheaper = fields.CountField()
    unpriced = fields.CountField()
    difference = fields.MoneyField()
    by_price = fields.MoneyField()
    by_promotions = fields.MoneyField()
    promotions = fields.ListOf(PromotionShareOut, least=0)
    lines = fields.ListOf(RepricedLineOut, least=0, most=SHOWN)


@price_trials.command(
    "POST",
    "/what-if",
    body=PolicyTrialIn,
    answer=PolicyTrialOut,
    roles=PRICERS,
    summary="Try a price policy on past quotations",
)
def attempt(tx: Transaction, body: dict[str, Any]) -> PolicyTrial:
    """Tell which lines of the last quotations would have had another price; nothing is changed.

    It is taken to have applied on the day of each, beside the rules and the promotions that were tried then, with the
    coupon that the quotation had. Prices set by hand stand.
    """
    last = body.pop("last")
    return try_price_policy(tx, wanted_policy(body), last)
