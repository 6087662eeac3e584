"""Looking at customers in figures: the list that can be sorted by any of them, and the head of a customer's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)

from libs.common.db import Prepared
from libs.common.money import Money
from services.crm.domain.customer import Customer
from services.crm.domain.opportunity import as_percent
from services.crm.domain.overview import LEVELS, Overview, Reason, reasons
from services.crm.domain.sight import Owners
from services.crm.reports.customers import one_customer
from services.crm.reports.health_words import in_words
from services.crm.store import overviews
from services.crm.store.overview_tables import customer_overview
from services.crm.store.tables import customer
from services.crm.store.team_tables import sales_team_member

_O = customer_overview.c
_NEVER = date(1, 1, 1)
_SATISFACTION = func.coalesce(_O.rated_points * 100 / func.nullif(_O.ratings, 0), 0)
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "revenue": _O.revenue_minor,
    "orders": _O.orders,
    "last_order": func.coalesce(_O.last_on, literal(_NEVER, Date)),
    "open": _O.open_minor,
    "overdue": _O.overdue_minor,
    "tickets": _O.open_tickets,
    "opportunities": _O.opportunity_minor,
    "satisfaction": _SATISFACTION,
    "risk": func.coalesce(_O.risk_bp, 0),
    "health": _O.health,
}
SORTS = tuple(_SORTS)
OF_MONEY = frozenset({"revenue", "open", "overdue", "opportunities"})


@dataclass(frozen=True)
class Said:
    """A reason in both languages."""

    code: str
    level: str
    reason_en: str
    reason_zh: str


@dataclass(frozen=True)
class OverviewRow:
    """A customer in figures, as of ``looked_at``; money is of the customer's own currency."""

    customer_id: str
    customer_number: str
    customer_name: str
    owner_id: str | None
    group: str | None
    region: str | None
    segment: str | None
    recency: int | None
    frequency: int | None
    monetary: int | None
    high_value: bool
    orders: int
    revenue: Money
    last_order_on: date | None
    open_amount: Money
    overdue_amount: Money
    overdue_since: date | None
    open_tickets: int
    ratings: int
    satisfaction: Decimal | None
    open_opportunities: int
    opportunities_value: Money
    risk_percent: Decimal | None
    health: str
    reasons: list[Said]
    looked_at: datetime | None
    sorted_by: Any = None


@dataclass(frozen=True)
class OverviewSearch:
    """What to look for, sorted by which figure; ``owners`` are those whose customers the caller sees (None: all)."""

    sort: str = "revenue"
    descending: bool = True
    currency: str | None = None
    segment: str | None = None
    high_value: bool | None = None
    health: str | None = None
    owner_id: str | None = None
    team_id: str | None = None
    group: str | None = None
    region: str | None = None
    owners: Owners = None


def customers_to_look_at(connection: Connection, today: date, limit: int) -> list[str]:
    """Return up to ``limit`` customers that are to be worked out."""
    return overviews.due(connection, today, limit)


def misplaced_customers(connection: Connection) -> list[dict[str, Any]]:
    """Return whose place among all is another one now, with that."""
    return overviews.misplaced(connection)


def list_overview(
    connection: Connection, wanted: OverviewSearch, today: date, *, after: tuple[Any, ...] | None, limit: int
) -> list[OverviewRow]:
    """Return up to ``limit`` active customers by the figure that is asked for, of two alike the one of the lower id."""
    figure = _SORTS[wanted.sort]
    query = _rows(figure).where(customer.c.active, *_conditions(wanted))
    if after is not None:
        value, last = after
        place = literal(value, Date) if wanted.sort == "last_order" else literal(value, BigInteger)
        beyond = figure < place if wanted.descending else figure > place
        query = query.where(or_(beyond, and_(figure == place, _O.customer_id > last)))
    order = figure.desc() if wanted.descending else figure.asc()
    rows = connection.execute(query.order_by(order, _O.customer_id).limit(limit))
    return [_read(row, today) for row in rows]


def position_of(row: OverviewRow) -> tuple[Any, str]:
    """Return where a customer stands in the order of ``list_overview``."""
    value = row.sorted_by
    return value if isinstance(value, date) else int(value), row.customer_id


def one_overview(connection: Connection, customer_id: str, today: date, *, owners: Owners) -> OverviewRow:
    """Return a customer in figures; refuse one that the caller may not know of."""
    return overview_of(connection, one_customer(connection, customer_id, owners=owners), today)


def overview_of(connection: Connection, whose: Customer, today: date) -> OverviewRow:
    """Return a customer in figures, that the caller may know of."""
    return _read(connection.execute(_ONE, {"of_customer": whose.id}).one(), today)


def _conditions(wanted: OverviewSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    told = {
        customer.c.currency: wanted.currency,
        _O.segment: wanted.segment,
        _O.high_value: wanted.high_value,
        _O.health: None if wanted.health is None else LEVELS.index(wanted.health),
        customer.c.owner_id: wanted.owner_id,
        customer.c.group: wanted.group,
        customer.c.region: wanted.region,
    }
    found += [column == value for column, value in told.items() if value is not None]
    if wanted.team_id is not None:
        members = select(sales_team_member.c.user_id).where(sales_team_member.c.team_id == wanted.team_id)
        found.append(customer.c.owner_id.in_(members))
    if wanted.owners is not None:
        found.append(customer.c.owner_id.in_(wanted.owners))
    return found


def _rows(figure: ColumnElement[Any]) -> Select[Any]:
    of_customer = (
        customer.c.number, customer.c.name, customer.c.owner_id, customer.c.group, customer.c.region,
        customer.c.currency.label("own_currency"),
    )  # fmt: skip
    query = select(customer_overview, *of_customer, figure.label("sorted_by"))
    return query.join(customer, customer.c.id == _O.customer_id)


_ONE = Prepared(_rows(_O.revenue_minor).where(customer.c.id == bindparam("of_customer")))


def _read(row: Any, today: date) -> OverviewRow:
    seen = Overview(**{each.name: getattr(row, each.name) for each in fields(Overview)})
    currency = row.currency or row.own_currency
    same = ("owner_id", "group", "region", "segment", "recency", "frequency", "monetary", "high_value")
    return OverviewRow(
        customer_id=row.customer_id,
        customer_number=row.number,
        customer_name=row.name,
        **{name: getattr(row, name) for name in same},
        orders=seen.orders,
        revenue=Money(seen.revenue_minor, currency),
        last_order_on=seen.last_on,
        open_amount=Money(seen.open_minor, currency),
        overdue_amount=Money(seen.overdue_minor, currency),
        overdue_since=seen.overdue_since,
        open_tickets=seen.open_tickets,
        ratings=seen.ratings,
        satisfaction=None if seen.satisfaction is None else Decimal(seen.satisfaction) / 100,
        open_opportunities=seen.open_opportunities,
        opportunities_value=Money(seen.opportunity_minor, currency),
        risk_percent=as_percent(seen.risk_bp),
        health=LEVELS[row.health],
        reasons=[_said(reason, currency) for reason in reasons(seen, today)],
        looked_at=row.looked_at,
        sorted_by=row.sorted_by,
    )


def _said(reason: Reason, currency: str) -> Said:
    return Said(reason.code, LEVELS[reason.level], *in_words(reason, currency))
