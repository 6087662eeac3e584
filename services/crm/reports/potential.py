"""Looking at what may be expected of customers: the list of whom to call, and a section of the customer's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, literal, select, tuple_

from libs.common.db import Prepared
from libs.common.db.types import Id
from libs.common.money import Money
from services.crm.domain.customer import Customer
from services.crm.domain.opportunity import as_percent
from services.crm.domain.sight import Owners
from services.crm.reports.customers import one_customer
from services.crm.reports.recommendation_words import expectation
from services.crm.reports.recommendations import RecommendationRow, open_of
from services.crm.store.buying_tables import customer_buying
from services.crm.store.tables import customer

_B = customer_buying.c
SHOWN = 5


@dataclass(frozen=True)
class PotentialRow:
    """What may be expected of a customer, as of ``looked_on``; ``expected`` is of the next thirty days."""

    customer_id: str
    customer_number: str
    customer_name: str
    owner_id: str | None
    orders: int
    last_on: date
    interval_days: int | None
    interval_of: str
    next_on: date | None
    usual_order: Money
    risk_bp: int
    expected: Money
    looked_on: date
    reason_en: str
    reason_zh: str

    @property
    def risk_percent(self) -> Decimal | None:
        """How likely the customer has left."""
        return as_percent(self.risk_bp)


@dataclass(frozen=True)
class PotentialSearch:
    """What to look for: customers due until a day, or with at least this risk of having left."""

    currency: str
    due_until: date | None = None
    least_risk_bp: int | None = None
    owner_id: str | None = None
    owners: Owners = None


@dataclass(frozen=True)
class Suggestions:
    """What to say next to a customer, and what may be expected of him; as it was when looking at him failed."""

    customer_id: str
    customer_number: str
    customer_name: str
    live: int
    recommendations: list[RecommendationRow]
    potential: PotentialRow | None
    failed_at: datetime | None = None


def call_list(
    connection: Connection, wanted: PotentialSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[PotentialRow]:
    """Return up to ``limit`` customers, those from whom most may be expected first."""
    query = _rows().where(_B.orders > 0, _B.currency == wanted.currency, customer.c.active)
    if wanted.due_until is not None:
        query = query.where(_B.next_on <= wanted.due_until)
    if wanted.least_risk_bp is not None:
        query = query.where(_B.risk_bp >= wanted.least_risk_bp)
    if wanted.owner_id is not None:
        query = query.where(customer.c.owner_id == wanted.owner_id)
    if wanted.owners is not None:
        query = query.where(customer.c.owner_id.in_(wanted.owners))
    if after is not None:
        expected, last = after
        place = tuple_(literal(int(expected), BigInteger), literal(last, Id))
        query = query.where(tuple_(_B.expected_minor, _B.customer_id) < place)
    query = query.order_by(_B.expected_minor.desc(), _B.customer_id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def position_of(row: PotentialRow) -> tuple[str, str]:
    """Return where a customer stands in the order of ``call_list``."""
    return str(row.expected.minor), row.customer_id


def suggestions(connection: Connection, customer_id: str, *, owners: Owners) -> Suggestions:
    """Return what to say next; refuse a customer that the caller may not know of."""
    return suggestions_for(connection, one_customer(connection, customer_id, owners=owners))


def suggestions_for(connection: Connection, who: Customer) -> Suggestions:
    """Return what to say next to a customer that the caller may know of."""
    live, best = open_of(connection, who.id, SHOWN)
    row = connection.execute(_ONE, {"of_customer": who.id}).one_or_none()
    potential = _read(row) if row is not None and row.orders > 0 else None
    failed = None if row is None else row.failed_at
    return Suggestions(who.id, who.number, who.name, live, best, potential, failed)


def _rows() -> Select[Any]:
    named = (customer.c.number, customer.c.name, customer.c.owner_id)
    return select(customer_buying, *named).join(customer, customer.c.id == _B.customer_id)


_ONE = Prepared(_rows().where(_B.customer_id == bindparam("of_customer")))


def _read(row: Any) -> PotentialRow:
    names = ("orders", "last_on", "interval_days", "interval_of", "next_on", "risk_bp")
    figures = {name: getattr(row, name) for name in names}
    told = figures | {"away_days": (row.looked_on - row.last_on).days}
    return PotentialRow(
        customer_id=row.customer_id,
        customer_number=row.number,
        customer_name=row.name,
        owner_id=row.owner_id,
        **figures,
        usual_order=Money(row.order_minor, row.currency),
        expected=Money(row.expected_minor, row.currency),
        looked_on=row.looked_on,
        reason_en=expectation(told, "en"),
        reason_zh=expectation(told, "zh"),
    )
