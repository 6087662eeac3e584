"""Revenue over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.sales.api.company import company_terms
from services.sales.api.who import SELLERS, only_owner
from services.sales.reports.revenue import Revenue, RevenueSearch, order_revenue

revenue = Noun("order_revenue", "/api/v1/order-revenue", description="What was sold")


class RevenueFilter(Strict):
    """Which orders to sum up; ``from`` and ``to`` bound the day of the order, both included."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})
    customer_id = fields.IdField()


class RevenueOut(Strict):
    """The sum of orders that were not cancelled: as booked, without rounding, and the difference."""

    count = fields.CountField()
    booked = fields.MoneyField()
    exact = fields.Text(max=60, metadata={"description": "Sum of price x quantity x (1 - discount)."})
    rounding = fields.Text(max=60, metadata={"description": "Booked minus exact."})
    lines_rounded = fields.CountField(metadata={"description": "Lines finer than the currency."})


@revenue.query(
    "/",
    answer=RevenueOut,
    roles=(*SELLERS, "finance"),
    filters=RevenueFilter,
    summary="Sum up orders, with what rounding did",
)
def show(connection: Connection, filters: dict[str, Any]) -> Revenue:
    """Sum up the orders that the caller may see."""
    filters.setdefault("currency", company_terms().currency)
    return order_revenue(connection, RevenueSearch(only_owner=only_owner(), **filters))
