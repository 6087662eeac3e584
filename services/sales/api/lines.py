"""What quotations and orders, and the lines of both, have in common when they are shown."""

from __future__ import annotations

from libs.common.web import Strict, fields
from services.sales.api.margins import CostMoneyField, CostPriceField, MarginPercentField

COST = {"description": "As of the day of pricing, where known; shown to those who may know what goods cost."}


class LineTaxOut(Strict):
    """The tax of a line."""

    code = fields.Text(max=20)
    percent = fields.PercentField(decimals=4)
    amount = fields.MoneyField()


class TaxTotalOut(Strict):
    """What the lines of one code and rate are worth without tax, and their tax."""

    code = fields.Text(max=20)
    percent = fields.PercentField(decimals=4)
    net = fields.MoneyField()
    tax = fields.MoneyField()


TAX_PRICES = ("exclusive", "inclusive")
TAX_ROUNDING = ("line", "document")


class TaxedSummary(Strict):
    """What a document comes to: ``total`` is with ``tax``, ``net`` without; the rule is the one it was made by."""

    total = fields.MoneyField()
    net = fields.MoneyField()
    tax = fields.MoneyField()
    tax_prices = fields.Choice(*TAX_PRICES, attribute="tax_rule.prices")
    tax_rounding = fields.Choice(*TAX_ROUNDING, attribute="tax_rule.rounding")


class KeptPartOut(Strict):
    """What of a line had left when its terms changed, and what it costs without tax and its tax."""

    quantity = fields.QuantityField()
    net = fields.MoneyField()
    tax = fields.MoneyField()


class PricedLineOut(Strict):
    """A priced line; ``exact_amount`` is what it was before rounding."""

    id = fields.IdField()
    line_no = fields.CountField(least=1)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField()
    discount_percent = fields.PercentField()
    promotion = fields.MoneyField(
        metadata={"description": "What promotions took off; the amount is without it."}
    )
    amount = fields.MoneyField(
        metadata={"description": "What the price makes; with tax where prices are inclusive."}
    )
    exact_amount = fields.Text(max=60)
    unit_cost = CostPriceField(allow_none=True, metadata=COST)
    margin = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_percent = MarginPercentField(max=12, allow_none=True, metadata=COST)
    net = fields.MoneyField()
    tax = fields.Nested(LineTaxOut, allow_none=True)
    gross = fields.MoneyField()
