"""What quotation lines and order lines have in common when they are shown."""

from __future__ import annotations

from libs.common.web import Strict, fields
from services.sales.api.margins import CostMoneyField, CostPriceField, MarginPercentField

COST = {"description": "As of the day of pricing, where known; shown to those who may know what goods cost."}


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
    amount = fields.MoneyField()
    exact_amount = fields.Text(max=60)
    unit_cost = CostPriceField(allow_none=True, metadata=COST)
    margin = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_percent = MarginPercentField(max=12, allow_none=True, metadata=COST)
