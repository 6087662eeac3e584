"""What customers bought by month: all of it, or what a team or a campaign sold.

Whole months are read from sums. Only the months in which somebody came into the team, or left it, are read from the
orders of that person and those days: so what a look costs goes by months and customers, not by orders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    and_,
    cast,
    false,
    func,
    or_,
    select,
)

from services.sales.domain.figure_period import Days, Months, parted
from services.sales.store.figure_tables import buyer, buyer_month, counted_order, seller_month
from services.sales.store.teams import MEMBERSHIP, in_team, stays

_SUMS = ("currency", "customer_id", "orders", "net_minor")
_MONTH_LENGTH = 7


@dataclass(frozen=True)
class Among:
    """Whose orders: of who was in this ``team`` on the day of each, and of those owed to this ``campaign``."""

    team: str | None = None
    campaign: str | None = None


EVERYTHING = Among()


def bought_by_month(connection: Connection, months: Months, among: Among) -> Subquery:
    """Return month, currency, customer, orders and revenue of the window; the same customer may stand there often."""
    if among == EVERYTHING:
        return _of_months(buyer_month.c, buyer_month.c.month.between(months.since, months.until)).subquery()
    if among.team is None:
        this = seller_month.c.month.between(months.since, months.until)
        return _of_months(seller_month.c, this, among).subquery()
    whole, beside = _apart(stays(connection, among.team, months.days))
    by_month = _of_months(seller_month.c, _of_sellers(seller_month.c, whole), among)
    by_day = _of_days(_of_sellers(counted_order.c, beside), among)
    return by_month.union_all(by_day).subquery() if beside else by_month.subquery()


def came_by(among: Among) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that the first order of a buyer is one of these."""
    if among == EVERYTHING:
        return ()
    order = counted_order.c
    first = select(order.order_id).where(
        order.customer_id == buyer.c.customer_id, order.orders == 1, order.day == buyer.c.first_on
    )
    if among.campaign is not None:
        first = first.where(order.campaign == among.campaign)
    if among.team is not None:
        first = first.where(in_team(MEMBERSHIP.c.team_id == among.team, order.salesperson, order.day))
    return (first.correlate(buyer).exists(),)


_Spans = dict[Months | Days, list[str]]


def _apart(found: Iterable[tuple[str, Days]]) -> tuple[_Spans, _Spans]:
    """Return who was there for which whole months, and who beside them on which days; mostly all for all of them."""
    whole: _Spans = defaultdict(list)
    beside: _Spans = defaultdict(list)
    for user_id, days in found:
        months, others = parted(days)
        if months is not None:
            whole[months].append(user_id)
        for each in others:
            beside[each].append(user_id)
    return whole, beside


def _of_sellers(columns: Any, spans: _Spans) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(
                columns.salesperson.in_(people),
                (columns.month if isinstance(span, Months) else columns.day).between(span.since, span.until),
            )
            for span, people in spans.items()
        ),
    )


def _of_months(columns: Any, this: ColumnElement[bool], among: Among = EVERYTHING) -> Select[Any]:
    query = select(columns.month, *(columns[name] for name in _SUMS)).where(this)
    return query if among.campaign is None else query.where(columns.campaign == among.campaign)


def _of_days(this: ColumnElement[bool], among: Among) -> Select[Any]:
    order = counted_order.c
    month = func.substr(cast(order.day, String), 1, _MONTH_LENGTH)
    query = select(month.label("month"), *(order[name] for name in _SUMS)).where(this)
    return query if among.campaign is None else query.where(order.campaign == among.campaign)
