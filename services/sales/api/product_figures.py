"""What was sold of items and categories, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.sales.api.figure_fields import (
    FreshOut,
    MonthsFilter,
    MonthsOut,
    SoldByFilter,
    currency,
    fresh,
    months,
)
from services.sales.api.margins import CostMoneyField
from services.sales.api.who import ALL_SEEING
from services.sales.reports import product_figures as report
from services.sales.reports.product_figures import ProductFilter

product_figures = Noun("product-figures", "/api/v1/figures", description="What was sold")
_MOST = 1000
_WORDS = ("salesperson", "campaign")


class MixFilter(SoldByFilter, MonthsFilter):
    """Which months and currency, and whose orders."""

    salesperson = fields.Text(max=64, metadata={"description": "Only orders that this one sold."})


class ItemFilter(MixFilter):
    """Which months, currency and category, and whose orders."""

    category = fields.Text(max=120)


class AmountsOut(Strict):
    """``margin`` = ``costed`` (revenue of known cost) - ``cost``; shown only to those who may know."""

    revenue = fields.MoneyField()
    costed = CostMoneyField(allow_none=True)
    cost = CostMoneyField(allow_none=True)
    margin = CostMoneyField(negative=True, allow_none=True)


class ProductOut(AmountsOut):
    """What stays sold of an item."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    category = fields.Text(max=120, allow_none=True)
    quantity = fields.QuantityField(zero=True)


class CategoryOut(AmountsOut):
    """What stays sold of a category."""

    category = fields.Text(max=120, allow_none=True)


class CategoriesOut(Strict):
    """The product mix."""

    period = fields.Nested(MonthsOut)
    currency = fields.Text(max=3)
    fresh = fields.Nested(FreshOut)
    categories = fields.ListOf(CategoryOut, least=0, most=_MOST)


@product_figures.query(
    "/products",
    answer=ProductOut,
    roles=ALL_SEEING,
    filters=ItemFilter,
    paged=True,
    summary="List what was sold, what brought most first",
)
def list_products(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the items that confirmed orders sold."""
    rows = report.products(
        connection,
        _wanted(filters),
        category=filters.get("category"),
        after=page.after,
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.revenue.minor, row.item_id))


@product_figures.query(
    "/categories",
    answer=CategoriesOut,
    roles=ALL_SEEING,
    filters=MixFilter,
    summary="Show the mix of products",
)
def show_categories(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show what each category brought."""
    wanted = _wanted(filters)
    found = report.categories(connection, wanted)
    return {
        "period": wanted.months,
        "currency": wanted.currency,
        "fresh": fresh(connection),
        "categories": found[:_MOST],
    }


def _wanted(filters: dict[str, Any]) -> ProductFilter:
    words = {name: str(filters[name]) for name in _WORDS if filters.get(name) is not None}
    return ProductFilter(months(filters), currency(filters), words, filters.get("team"))
