"""Customers as buyers over HTTP: the repurchase rate, cohorts, segments, and who is behind them."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.sales.api.figure_fields import (
    FULL_BP,
    FreshOut,
    MonthsFilter,
    MonthsOut,
    SoldByFilter,
    WindowFilter,
    currency,
    fresh,
    months,
)
from services.sales.api.who import READERS, only_owner
from services.sales.domain.segments import HIGH_SHARE_BP, SEGMENTS
from services.sales.reports import buyers as report
from services.sales.reports import customer_value
from services.sales.reports.bought import Among

buyer_figures = Noun("buyer-figures", "/api/v1/figures", description="Customers as buyers")
_MOST_WITHIN = 24
_YEAR = 12
_OFTEN = 10**6


class RepurchaseFilter(SoldByFilter, WindowFilter):
    """Which months, and whose orders."""


class SegmentFilter(SoldByFilter, MonthsFilter):
    """Which months and currency, and whose orders."""


class BuyerFilter(SegmentFilter):
    """Which months and currency, and how often somebody must have ordered."""

    least_orders = fields.CountField(least=1, most=_OFTEN, load_default=1)


class CohortFilter(WindowFilter):
    """The months of the first orders, and within how many months after them somebody must have come again."""

    campaign = fields.IdField(metadata={"description": "Only those whose first order is owed to it."})
    team = fields.IdField(
        metadata={"description": "Only those to whom somebody who was in it that day sold their first order."}
    )
    within = fields.CountField(least=0, most=_MOST_WITHIN, load_default=_YEAR)


class RepurchaseOut(Strict):
    """``share_bp`` = ``again`` (two confirmed orders or more) of ``customers`` (one or more), in 1/100 percent."""

    period = fields.Nested(MonthsOut)
    fresh = fields.Nested(FreshOut)
    customers = fields.CountField()
    again = fields.CountField()
    share_bp = fields.CountField(most=FULL_BP, allow_none=True)


class BuyerOut(Strict):
    """What a customer bought."""

    customer_id = fields.IdField()
    number = fields.Text(max=200)
    name = fields.Text(max=1000)
    orders = fields.CountField()
    revenue = fields.MoneyField()


class CohortOut(Strict):
    """``again``: how many of the ``customers`` ordered again within 0, 1, 2 ... months; ``share_bp`` beside it."""

    month = fields.Text(max=7)
    customers = fields.CountField()
    again = fields.ListOf(fields.CountField(), most=_MOST_WITHIN + 1)
    share_bp = fields.ListOf(fields.CountField(most=FULL_BP), most=_MOST_WITHIN + 1)


class CohortsOut(Strict):
    """The cohorts of the months in which anybody ordered for the first time."""

    period = fields.Nested(MonthsOut)
    fresh = fields.Nested(FreshOut)
    cohorts = fields.ListOf(CohortOut, least=0)


class SegmentOut(Strict):
    """A segment."""

    segment = fields.Choice(*SEGMENTS)
    customers = fields.CountField()
    high_value = fields.CountField()
    revenue = fields.MoneyField()


class SegmentsOut(Strict):
    """The segments; of high value are the biggest customers who together bring ``high_share_bp`` of the revenue."""

    period = fields.Nested(MonthsOut)
    currency = fields.Text(max=3)
    fresh = fields.Nested(FreshOut)
    high_share_bp = fields.CountField(most=FULL_BP)
    segments = fields.ListOf(SegmentOut, least=0)


class ValuedOut(BuyerOut):
    """A customer with scores from 1 to 5 among all customers of the window."""

    last_on = fields.DateField()
    recency = fields.CountField(least=1, most=5)
    frequency = fields.CountField(least=1, most=5)
    monetary = fields.CountField(least=1, most=5)
    segment = fields.Choice(*SEGMENTS)
    high_value = fields.Flag()


@buyer_figures.query(
    "/repurchase",
    answer=RepurchaseOut,
    roles=READERS,
    filters=RepurchaseFilter,
    summary="Show who bought again",
)
def repurchase(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show the repurchase rate of a window; a salesperson sees that of own customers."""
    window = months(filters)
    found = report.repurchase(connection, window, only_owner(), _among(filters))
    return {
        "period": window,
        "fresh": fresh(connection),
        "share_bp": found.share_bp,
        "customers": found.customers,
        "again": found.again,
    }


@buyer_figures.query(
    "/buyers",
    answer=BuyerOut,
    roles=READERS,
    filters=BuyerFilter,
    paged=True,
    summary="List who bought, for most first",
)
def list_buyers(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the customers behind the repurchase rate, and so the top ones."""
    rows = report.buyers(
        connection,
        months(filters),
        currency(filters),
        only_owner=only_owner(),
        among=_among(filters),
        least_orders=filters["least_orders"],
        after=page.after,
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.revenue.minor, row.customer_id))


@buyer_figures.query(
    "/cohorts", answer=CohortsOut, roles=READERS, filters=CohortFilter, summary="Show cohorts of buyers"
)
def show_cohorts(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show of those whose first order fell into a month how many ordered again within n months."""
    window = months(filters)
    found = report.cohorts(connection, window, filters["within"], only_owner(), _among(filters))
    return {"period": window, "fresh": fresh(connection), "cohorts": found}


@buyer_figures.query(
    "/segments",
    answer=SegmentsOut,
    roles=READERS,
    filters=SegmentFilter,
    summary="Show customers by recency, frequency and money",
)
def show_segments(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show how many customers are of which segment; a salesperson sees own customers."""
    window, of_currency = months(filters), currency(filters)
    found = customer_value.segments(
        connection, window, of_currency, only_owner=only_owner(), among=_among(filters)
    )
    return {
        "period": window,
        "currency": of_currency,
        "fresh": fresh(connection),
        "high_share_bp": HIGH_SHARE_BP,
        "segments": found,
    }


@buyer_figures.query(
    "/segments/customers",
    answer=ValuedOut,
    roles=READERS,
    filters=SegmentFilter,
    paged=True,
    summary="List customers with their segment",
)
def list_valued(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the customers of the window with their scores, who brought most first."""
    rows = customer_value.valued_customers(
        connection,
        months(filters),
        currency(filters),
        only_owner=only_owner(),
        among=_among(filters),
        after=page.after,
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.revenue.minor, row.customer_id))


def _among(filters: dict[str, Any]) -> Among:
    return Among(filters.get("team"), filters.get("campaign"))
