"""What the overview of customers is worked out from: followed orders, invoices and tickets, and opportunities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from libs.common.quantity import Quantity
from services.crm.domain.buying import kept
from services.crm.domain.overview import Window
from services.crm.store.buying_tables import customer_buying, followed_line, followed_ticket
from services.crm.store.overview_tables import followed_invoice
from services.crm.store.pipeline_tables import followed_order, opportunity
from services.crm.store.tables import customer

_ORDER, _LINE, _TICKET, _INVOICE = followed_order.c, followed_line.c, followed_ticket.c, followed_invoice.c
COUNTS: ColumnElement[bool] = and_(
    _ORDER.state != "cancelled", or_(_ORDER.confirmed_at.is_not(None), _ORDER.recorded.is_(True))
)
"""Orders that count: confirmed ones, and those of the past that were brought in, until they are cancelled."""
Found = dict[str, dict[str, Any]]


def currencies(connection: Connection, customers: Sequence[str]) -> dict[str, str]:
    """Return in which currency each customer is counted."""
    query = select(customer.c.id, customer.c.currency).where(customer.c.id.in_(customers))
    return {row.id: row.currency for row in connection.execute(query)}


def orders(connection: Connection, customers: Sequence[str], window: Window) -> Found:
    """Return the year's orders in the customer's own currency, their net worth, and the day of the last of all."""
    mine = (_ORDER.customer_id.in_(customers), COUNTS, _ORDER.currency == customer.c.currency)
    recent = or_(
        _ORDER.confirmed_at >= window.begins_at,
        and_(_ORDER.confirmed_at.is_(None), _ORDER.ordered_on >= window.since),
    )
    joined = followed_order.join(customer, customer.c.id == _ORDER.customer_id)
    brought_in = case((_ORDER.confirmed_at.is_(None), _ORDER.ordered_on))
    query = select(
        _ORDER.customer_id,
        func.sum(case((recent, 1), else_=0)).label("orders"),
        func.max(_ORDER.confirmed_at).label("confirmed_at"),
        func.max(brought_in).label("brought_in"),
    ).select_from(joined)
    found: Found = {}
    for row in connection.execute(query.where(*mine).group_by(_ORDER.customer_id)):
        days = [row.brought_in] if row.brought_in else []
        if row.confirmed_at:
            days.append(row.confirmed_at.astimezone(window.zone).date())
        found[row.customer_id] = {"orders": int(row.orders), "revenue_minor": 0, "last_on": max(days)}
    lines = joined.join(followed_line, _LINE.order_id == _ORDER.order_id)
    whole = _LINE.given_up_milli == Quantity.zero()
    sums = select(_ORDER.customer_id, func.sum(_LINE.net_minor).label("minor")).select_from(lines)
    for total in connection.execute(sums.where(*mine, recent, whole).group_by(_ORDER.customer_id)):
        found[total.customer_id]["revenue_minor"] += int(total.minor)
    parts = select(_ORDER.customer_id, _LINE.quantity_milli, _LINE.given_up_milli, _LINE.net_minor)
    for part in connection.execute(parts.select_from(lines).where(*mine, recent, ~whole)):
        left = kept(part.quantity_milli.milli, part.given_up_milli.milli, 0, int(part.net_minor))[1]
        found[part.customer_id]["revenue_minor"] += left
    return found


def invoices(connection: Connection, customers: Sequence[str], today: date) -> Found:
    """Return what is open of each customer's invoices, what of it is overdue, and since when."""
    left = _INVOICE.total_minor - _INVOICE.settled_minor
    late = _INVOICE.due_on < today
    query = (
        select(
            _INVOICE.customer_id,
            func.sum(left).label("open_minor"),
            func.sum(case((late, left), else_=0)).label("overdue_minor"),
            func.min(case((late, _INVOICE.due_on))).label("overdue_since"),
        )
        .join(customer, and_(customer.c.id == _INVOICE.customer_id, customer.c.currency == _INVOICE.currency))
        .where(_INVOICE.customer_id.in_(customers), left > 0)
    )
    return {
        row.customer_id: {
            "open_minor": int(row.open_minor),
            "overdue_minor": int(row.overdue_minor),
            "overdue_since": row.overdue_since,
        }
        for row in connection.execute(query.group_by(_INVOICE.customer_id))
    }


def tickets(connection: Connection, customers: Sequence[str], since: date) -> Found:
    """Return how many tickets are open, and the ratings since a day."""
    rated = and_(_TICKET.score.is_not(None), _TICKET.rated_on >= since)
    query = select(
        _TICKET.customer_id,
        func.sum(case((_TICKET.open, 1), else_=0)).label("open_tickets"),
        func.sum(case((rated, 1), else_=0)).label("ratings"),
        func.sum(case((rated, _TICKET.score), else_=0)).label("rated_points"),
    ).where(_TICKET.customer_id.in_(customers))
    return _by_customer(connection, query.group_by(_TICKET.customer_id))


def opportunities(connection: Connection, customers: Sequence[str]) -> Found:
    """Return how many opportunities are open, and what those in the customer's own currency would bring."""
    mine = opportunity.c
    own = case((mine.currency == customer.c.currency, mine.value_minor), else_=0)
    query = (
        select(
            mine.customer_id,
            func.count().label("open_opportunities"),
            func.sum(own).label("opportunity_minor"),
        )
        .join(customer, customer.c.id == mine.customer_id)
        .where(mine.customer_id.in_(customers), mine.state == "open")
    )
    return _by_customer(connection, query.group_by(mine.customer_id))


def risks(connection: Connection, customers: Sequence[str]) -> Found:
    """Return how likely each customer has left, of those who ordered."""
    mine = customer_buying.c
    query = select(mine.customer_id, mine.risk_bp).where(mine.customer_id.in_(customers), mine.orders > 0)
    return _by_customer(connection, query)


def _by_customer(connection: Connection, query: Any) -> Found:
    found: Found = {}
    for row in connection.execute(query):
        told = row._asdict()
        customer_id = told.pop("customer_id")
        found[customer_id] = {name: int(value) for name, value in told.items()}
    return found
