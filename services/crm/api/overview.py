"""Customers in figures over HTTP: the list, and the head of a customer's page."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from libs.common.web.paging import bad_cursor
from services.crm.api.company import base_currency, company_day
from services.crm.api.who import READERS, seen_owners
from services.crm.domain.overview import LEVELS
from services.crm.domain.segments import SEGMENTS
from services.crm.reports.overview import (
    OF_MONEY,
    SORTS,
    OverviewRow,
    OverviewSearch,
    list_overview,
    one_overview,
    position_of,
)

REASON = 400
REASONS = 4
_SCORE = {"description": "Quintile among all customers of the same currency, 5 is the best."}
_CURRENCY = {
    "description": "Of the customer; left out: the company's where an amount sorts, as crm has no rates."
}

overview = Noun("customer overview", "/api/v1/customers", description="Customers in figures")


class HealthReasonOut(Strict):
    """A reason why things do not stand well."""

    code = fields.Choice("overdue", "leaving", "tickets", "discontent")
    level = fields.Choice(*LEVELS)
    reason_en = fields.Text(max=REASON)
    reason_zh = fields.Text(max=REASON)


class OverviewOut(Strict):
    """A customer in figures; orders and revenue are confirmed ones of the trailing year, without tax."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    owner_id = fields.Text(max=64, allow_none=True)
    group = fields.Text(max=40, allow_none=True)
    region = fields.Text(max=40, allow_none=True)
    segment = fields.Choice(*SEGMENTS, allow_none=True)
    recency = fields.CountField(least=1, most=5, allow_none=True, metadata=_SCORE)
    frequency = fields.CountField(least=1, most=5, allow_none=True, metadata=_SCORE)
    monetary = fields.CountField(least=1, most=5, allow_none=True, metadata=_SCORE)
    high_value = fields.Flag(metadata={"description": "One of those who bring 80 % of the revenue."})
    orders = fields.CountField()
    revenue = fields.MoneyField()
    last_order_on = fields.DateField(allow_none=True)
    open_amount = fields.MoneyField(metadata={"description": "Of posted invoices, with tax."})
    overdue_amount = fields.MoneyField()
    overdue_since = fields.DateField(allow_none=True)
    open_tickets = fields.CountField()
    ratings = fields.CountField()
    satisfaction = fields.NumberField(
        allow_none=True, metadata={"description": "Average of the year's ratings, from 1 to 5."}
    )
    open_opportunities = fields.CountField()
    opportunities_value = fields.MoneyField()
    risk_percent = fields.PercentField(
        allow_none=True, metadata={"description": "How likely the customer has left."}
    )
    health = fields.Choice(*LEVELS, metadata={"description": "As bad as the worst reason."})
    reasons = fields.ListOf(HealthReasonOut, least=0, most=REASONS)
    looked_at = fields.UtcField(
        allow_none=True, metadata={"description": "When these figures were worked out."}
    )


class OverviewFilter(Strict):
    """Which customers, and sorted by what."""

    sort = fields.Choice(*SORTS, load_default="revenue")
    order = fields.Choice("desc", "asc", load_default="desc")
    segment = fields.Choice(*SEGMENTS)
    high_value = fields.Flag()
    health = fields.Choice(*LEVELS)
    owner_id = fields.Text(max=64)
    team_id = fields.IdField(metadata={"description": "Customers of the members of a sales team."})
    group = fields.Text(max=40)
    region = fields.Text(max=40)
    currency = fields.CurrencyField(metadata=_CURRENCY)


@overview.query(
    "/overview",
    answer=OverviewOut,
    roles=READERS,
    filters=OverviewFilter,
    paged=True,
    summary="List customers by a figure",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List customers by a figure; a salesperson sees own customers and those of a team that he leads."""
    order = filters.pop("order")
    if filters["sort"] in OF_MONEY:
        filters.setdefault("currency", base_currency())
    wanted = OverviewSearch(**filters, descending=order == "desc", owners=seen_owners(connection))
    by = f"{wanted.sort} {order}"
    after = None if page.after is None else _continued(page.after, by)
    rows = list_overview(connection, wanted, company_day(), after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (by, *position_of(row)))


@overview.query(
    "/<uuid:customer_id>/overview", answer=OverviewOut, roles=READERS, summary="A customer in figures"
)
def show(connection: Connection, customer_id: str) -> OverviewRow:
    """Show whose a customer is, what he is worth and how things stand."""
    return one_overview(connection, customer_id, company_day(), owners=seen_owners(connection))


def _continued(after: tuple[Any, ...], by: str) -> tuple[Any, ...]:
    """Return where the page begins; a cursor of a list that was sorted otherwise leads nowhere."""
    if after[0] != by:
        raise bad_cursor()
    return after[1:]
