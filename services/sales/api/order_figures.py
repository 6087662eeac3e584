"""Order revenue and the average order over HTTP, and the orders that they are made of."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.sales.api.figure_fields import (
    DaysFilter,
    DaysOut,
    FreshOut,
    SoldByFilter,
    currency,
    days,
    fresh,
)
from services.sales.api.margins import CostMoneyField
from services.sales.api.who import READERS, only_owner
from services.sales.reports import order_figures as report
from services.sales.reports.order_figures import CountedOrder, OrderFilter

order_figures = Noun(
    "order-figures",
    "/api/v1/figures/order-revenue",
    description="Confirmed orders less cancelled, without tax, by the day of their confirmation",
)
_WORDS = ("salesperson", "region", "channel", "customer_group", "campaign")


class FigureFilter(SoldByFilter, DaysFilter):
    """Which confirmed orders."""

    salesperson = fields.Text(max=64)
    region = fields.Text(max=40)
    channel = fields.Text(max=40)
    customer_group = fields.Text(max=40)


class GroupedFilter(FigureFilter):
    """Which confirmed orders, and by what their sums are shown beside the whole."""

    by = fields.Choice(*report.GROUPS)


class SoldOut(Strict):
    """``average_order_value`` = ``revenue`` / ``orders``; ``margin`` = ``costed`` (revenue of known cost) - ``cost``.

    What it cost is shown only to those who may know.
    """

    key = fields.Text(max=64, least=0, metadata={"description": "Day, month, word or id; empty: not known."})
    label = fields.Text(
        max=200, allow_none=True, metadata={"description": "What the team or the campaign is called."}
    )
    orders = fields.CountField()
    revenue = fields.MoneyField()
    average_order_value = fields.MoneyField(allow_none=True)
    costed = CostMoneyField(allow_none=True)
    cost = CostMoneyField(allow_none=True)
    margin = CostMoneyField(negative=True, allow_none=True)


class OrderFiguresOut(Strict):
    """Order revenue of a period: the whole, and the parts that were asked for.

    Who is in two teams counts in both of them, and once in the whole.
    """

    period = fields.Nested(DaysOut)
    currency = fields.Text(max=3)
    fresh = fields.Nested(FreshOut)
    new_customers = fields.CountField(
        metadata={"description": "Whose first confirmed order is one of these, in any currency."}
    )
    total = fields.Nested(SoldOut)
    parts = fields.ListOf(SoldOut, least=0, most=report.MOST_ROWS)


class CountedOrderOut(Strict):
    """An order behind the figure, as it counts now."""

    order_id = fields.IdField()
    number = fields.Text(max=32)
    customer_id = fields.IdField()
    day = fields.DateField(metadata={"description": "When it was confirmed."})
    counts = fields.Flag(metadata={"description": "false: it was cancelled."})
    revenue = fields.MoneyField()
    salesperson = fields.Text(max=64, least=0)
    region = fields.Text(max=40, least=0)
    channel = fields.Text(max=40, least=0)
    customer_group = fields.Text(max=40, least=0)
    campaign = fields.Text(max=36, least=0, metadata={"description": "Empty: owed to none."})


@order_figures.query(
    "/",
    answer=OrderFiguresOut,
    roles=READERS,
    filters=GroupedFilter,
    summary="Show order revenue and the average order",
)
def show(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show the figures of the orders that the caller may know of: a salesperson's are his own and his teams'."""
    wanted = _wanted(filters)
    total, parts = report.order_figures(connection, wanted, filters.get("by"))
    return {
        "period": wanted.days,
        "currency": wanted.currency,
        "fresh": fresh(connection),
        "new_customers": report.new_customers(connection, wanted),
        "total": total,
        "parts": parts,
    }


@order_figures.query(
    "/orders",
    answer=CountedOrderOut,
    roles=READERS,
    filters=FigureFilter,
    paged=True,
    summary="List the orders behind order revenue",
)
def list_counted(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the orders behind the figures, the latest first."""
    rows = report.counted_orders(connection, _wanted(filters), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=_place)


def _place(row: CountedOrder) -> tuple[Any, ...]:
    return row.day, row.order_id


def _wanted(filters: dict[str, Any]) -> OrderFilter:
    words = {name: str(filters[name]) for name in _WORDS if filters.get(name) is not None}
    return OrderFilter(days(filters), currency(filters), words, filters.get("team"), only_owner())
