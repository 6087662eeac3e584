"""What stock is worth, and what was turned over of it."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.api.company_day import company_day
from services.inventory.reports import stock_value as report
from services.inventory.reports.turnover import Turnover, turnover
from services.inventory.use_cases.value_stock import RevalueItem, revalue_item

COST_READERS = ("finance", "sales_manager", "api_client")

item_costs = Noun(
    "item-costs",
    "/api/v1/item-costs",
    description="What a unit of each item costs on average, and what all of it is worth",
)
inventory_turnover = Noun(
    "inventory-turnover",
    "/api/v1/inventory-turnover",
    description="What the goods that left in a period cost, against what lay there meanwhile",
)


class ItemCostOut(Strict):
    """What an item's stock is worth at moving-average cost, over all warehouses; nothing in quarantine counts."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField(zero=True)
    value = fields.MoneyField(
        allow_none=True, metadata={"description": "Nothing, while nobody said what a unit costs."}
    )
    unit_cost = fields.PriceField(
        allow_none=True,
        metadata={"description": "The average since the last goods that came at a cost of their own."},
    )
    changed_at = fields.UtcField()


class ItemCostFilter(Strict):
    """Which items to list."""

    sku = fields.Text(max=64)
    category = fields.Text(max=120)


class RevaluationIn(Strict):
    """What a unit is worth from today on, and why; every unit in stock is worth that then."""

    unit_cost = fields.PriceField(required=True)
    reason = fields.Text(max=1000, required=True)


class TurnoverFilter(Strict):
    """Of which period, both days included, and of which items."""

    from_day = fields.DateField(required=True, data_key="from")
    to_day = fields.DateField(required=True, data_key="to")
    item_id = fields.IdField()
    category = fields.Text(max=120)


class TurnoverOut(Strict):
    """The figures of the items that are valued in one currency.

    ``turnover`` is what the shipped goods cost over the value that lay there on the average day; ``days`` how long the
    stock lasts at that pace. Both are nothing where they would be a division by zero.
    """

    currency = fields.CurrencyField()
    days_of_period = fields.CountField(least=1)
    cost_of_goods_shipped = fields.MoneyField()
    cost_of_goods_restocked = fields.MoneyField()
    opening_value = fields.MoneyField()
    closing_value = fields.MoneyField()
    average_value = fields.MoneyField()
    turnover = fields.Text(max=32, allow_none=True)
    days = fields.Text(max=32, allow_none=True)


class TurnoversOut(Strict):
    """The figures, currency by currency."""

    currencies = fields.ListOf(TurnoverOut, least=0)


@item_costs.query(
    "/", answer=ItemCostOut, roles=COST_READERS, filters=ItemCostFilter, paged=True, summary="List item costs"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List what the stock of each item is worth, by SKU."""
    after = page.after[0] if page.after else None
    rows = report.item_costs(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.sku,))


@item_costs.query("/<uuid:item_id>", answer=ItemCostOut, roles=COST_READERS, summary="Show an item's cost")
def show(connection: Connection, item_id: str) -> report.ItemCost:
    """Show what the stock of an item is worth."""
    return report.item_cost(connection, item_id)


@item_costs.command(
    "POST",
    "/<uuid:item_id>/revalue",
    body=RevaluationIn,
    answer=ItemCostOut,
    roles=("finance",),
    summary="Value an item's stock anew",
)
def revalue(tx: Transaction, body: dict[str, Any], item_id: str) -> report.ItemCost:
    """Value all stock of an item at another cost; goods that left stay at what they cost then."""
    revalue_item(tx, RevalueItem(item_id, today=company_day(tx.now), **body))
    return report.item_cost(tx.connection, item_id)


@inventory_turnover.query(
    "/",
    answer=TurnoversOut,
    roles=COST_READERS,
    filters=TurnoverFilter,
    summary="Show the inventory turnover",
)
def show_turnover(connection: Connection, filters: dict[str, Any]) -> dict[str, list[Turnover]]:
    """Show the turnover of a period."""
    return {"currencies": turnover(connection, **filters)}
