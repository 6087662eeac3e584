"""Order revenue out of its daily sums: the cost of a look goes by days and words, not by orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, cast, func, or_, select, true
from sqlalchemy.types import BigInteger, String

from libs.common.money import Money
from services.sales.domain.figure_period import Days
from services.sales.store.campaign_tables import campaign
from services.sales.store.figure_tables import buyer, campaign_day, counted_order, day_figure
from services.sales.store.team_tables import sales_team
from services.sales.store.teams import MEMBERSHIP, held_on, in_team, led_by

GROUPS = ("day", "month", "salesperson", "team", "region", "channel", "customer_group", "campaign")
MOST_ROWS = 1000
_MONTH_LENGTH = 7
_SUMS = ("orders", "net_minor", "costed_minor", "cost_minor")


@dataclass(frozen=True)
class OrderFilter:
    """Which confirmed orders: of these days and of one currency, and of these words where they are given.

    ``team`` is the id of the team in which the salesperson was on the day of the confirmation. ``only`` is who sees his
    own orders and those of teams that he leads; nobody: all.
    """

    days: Days
    currency: str
    words: dict[str, str] = field(default_factory=dict)
    team: str | None = None
    only: str | None = None

    @property
    def sums(self) -> Table:
        """Where the sums of these orders are kept."""
        return campaign_day if "campaign" in self.words else day_figure


@dataclass(frozen=True)
class Sold:
    """What confirmed orders came to without tax; ``margin`` is over ``costed``, the part of known cost.

    ``label`` is what a team or a campaign, whose key is an id, is called.
    """

    key: str
    orders: int
    revenue: Money
    costed: Money
    cost: Money
    label: str | None = None

    @property
    def average_order_value(self) -> Money | None:
        """The revenue per order, rounded half up; none without an order."""
        return self.revenue.share(1, self.orders) if self.orders else None

    @property
    def margin(self) -> Money:
        """What is left of the part of known cost."""
        return self.costed - self.cost


@dataclass(frozen=True)
class CountedOrder:
    """An order behind a figure; one that was cancelled counts for nothing."""

    order_id: str
    number: str
    customer_id: str
    day: date
    counts: bool
    revenue: Money
    salesperson: str
    region: str
    channel: str
    customer_group: str
    campaign: str


def order_figures(connection: Connection, wanted: OrderFilter, by: str | None) -> tuple[Sold, list[Sold]]:
    """Return the figures of the whole, and by the days, months or words that are asked for."""
    whole = _sold("", connection.execute(_sums(wanted)).one(), wanted.currency)
    if by is None:
        return whole, []
    if by == "team":
        return whole, _by_team(connection, wanted)
    if by == "campaign":
        return whole, _by_campaign(connection, wanted, whole)
    key = _key(wanted.sums, by)
    query = _sums(wanted).add_columns(key.label("key")).group_by(key)
    order = (key.desc(),) if by in ("day", "month") else _most_first(wanted.sums, key)
    rows = connection.execute(query.order_by(*order).limit(MOST_ROWS))
    found = [_sold(str(row.key), row, wanted.currency) for row in rows]
    return whole, found[::-1] if by in ("day", "month") else found


def _by_team(connection: Connection, wanted: OrderFilter) -> list[Sold]:
    """Return each team's, and with an empty key that of nobody's team; who is in two teams counts in both."""
    sums, team = wanted.sums.c, sales_team.c
    here = held_on(sums.salesperson, sums.day)
    if wanted.team is not None:
        here = and_(here, MEMBERSHIP.c.team_id == wanted.team)
    query = _sums(wanted).add_columns(team.id.label("key"), team.name.label("label"))
    query = query.join(MEMBERSHIP, here).join(sales_team, team.id == MEMBERSHIP.c.team_id)
    rows = connection.execute(
        query.group_by(team.id, team.name).order_by(*_most_first(wanted.sums, team.id)).limit(MOST_ROWS - 1)
    )
    found = [_sold(str(row.key), row, wanted.currency, row.label) for row in rows]
    nobodys = _sums(wanted).where(~in_team(true(), sums.salesperson, sums.day))
    rest = _sold("", connection.execute(nobodys).one(), wanted.currency)
    return [*found, rest] if rest.orders or rest.revenue else found


def _by_campaign(connection: Connection, wanted: OrderFilter, whole: Sold) -> list[Sold]:
    """Return what is owed to each campaign, and with an empty key what is left of the whole."""
    sums = campaign_day.c
    query = _sums(wanted, campaign_day).add_columns(
        sums.campaign.label("key"), campaign.c.code.label("label")
    )
    query = query.outerjoin(campaign, cast(campaign.c.id, String) == sums.campaign)
    query = query.group_by(sums.campaign, campaign.c.code)
    rows = connection.execute(query.order_by(*_most_first(campaign_day, sums.campaign)).limit(MOST_ROWS - 1))
    found = [_sold(row.key, row, wanted.currency, row.label) for row in rows]
    rest = Sold(
        "",
        whole.orders - sum(each.orders for each in found),
        *(
            sum((-getattr(each, name) for each in found), getattr(whole, name))
            for name in ("revenue", "costed", "cost")
        ),
    )
    return [*found, rest] if rest.orders or rest.revenue else found


def new_customers(connection: Connection, wanted: OrderFilter) -> int:
    """Count the customers whose first confirmed order fell into the period, and is one of these; in any currency."""
    first = buyer.c.first_on.between(wanted.days.since, wanted.days.until)
    if not wanted.words and wanted.team is None and wanted.only is None:
        return int(connection.execute(select(func.count()).where(first)).scalar_one())
    order = counted_order.c
    query = select(func.count(buyer.c.customer_id.distinct())).join(
        counted_order,
        and_(order.customer_id == buyer.c.customer_id, order.orders == 1, order.day == buyer.c.first_on),
    )
    return int(connection.execute(query.where(first, *_words(wanted, order))).scalar_one())


def counted_orders(
    connection: Connection, wanted: OrderFilter, *, after: tuple[Any, ...] | None, limit: int
) -> list[CountedOrder]:
    """Return the orders behind the figures, the latest first."""
    query = select(counted_order).where(*conditions(wanted, counted_order.c))
    if after is not None:
        day, order_id = _day(after[0]), after[1]
        same = and_(counted_order.c.day == day, counted_order.c.order_id < order_id)
        query = query.where(or_(counted_order.c.day < day, same))
    order = (counted_order.c.day.desc(), counted_order.c.order_id.desc())
    return [_counted(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def conditions(wanted: OrderFilter, columns: Any) -> list[ColumnElement[bool]]:
    """Return the conditions on the ``columns`` of counted orders, or of their daily sums."""
    period = columns.day.between(wanted.days.since, wanted.days.until)
    return [period, columns.currency == wanted.currency, *_words(wanted, columns)]


def _day(told: Any) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


def _sums(wanted: OrderFilter, of: Table | None = None) -> Any:
    table = wanted.sums if of is None else of
    sums = (cast(func.coalesce(func.sum(table.c[name]), 0), BigInteger).label(name) for name in _SUMS)
    return select(*sums).select_from(table).where(*conditions(wanted, table.c))


def _most_first(of: Table, key: Any) -> tuple[Any, ...]:
    return func.sum(of.c.net_minor).desc(), key


def _key(of: Table, by: str) -> ColumnElement[Any]:
    day = cast(of.c.day, String)
    return func.substr(day, 1, _MONTH_LENGTH) if by == "month" else day if by == "day" else of.c[by]


def _words(wanted: OrderFilter, columns: Any) -> list[ColumnElement[bool]]:
    found = [columns[word] == value for word, value in wanted.words.items()]
    if wanted.team is not None:
        found.append(in_team(MEMBERSHIP.c.team_id == wanted.team, columns.salesperson, columns.day))
    if wanted.only is not None:
        led = in_team(led_by(wanted.only), columns.salesperson, columns.day)
        found.append(or_(columns.salesperson == wanted.only, led))
    return found


def _sold(key: str, row: Row[Any], currency: str, label: str | None = None) -> Sold:
    orders, *amounts = (int(getattr(row, name)) for name in _SUMS)
    revenue, costed, cost = (Money(minor, currency) for minor in amounts)
    return Sold(key, orders, revenue, costed, cost, label)


def _counted(row: Row[Any]) -> CountedOrder:
    names = ("order_id", "number", "customer_id", "day", "salesperson", "region", "channel", "customer_group")
    told = {name: getattr(row, name) for name in (*names, "campaign")}
    return CountedOrder(**told, counts=bool(row.orders), revenue=Money(row.net_minor, row.currency))
