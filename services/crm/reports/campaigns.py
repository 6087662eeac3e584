"""Looking at campaigns: what they cost, whom they reached, and what came of it down to the cash.

What is owed to a campaign is what names it: leads keep the campaign by which they came first, and their
opportunities, orders, invoices and payments follow from that. crm knows no exchange rates: money is shown by currency,
and only what is in the company's own is set against the cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from libs.common.money import Money, divide_half_up
from services.crm.domain.campaign import Campaign, Cost, Member
from services.crm.domain.lead_errors import CampaignNotFound, CampaignWrong
from services.crm.domain.sight import Owners
from services.crm.domain.web_form import WebForm
from services.crm.store import campaigns
from services.crm.store.lead_tables import campaign, campaign_cost, campaign_member, lead, web_form
from services.crm.store.pipeline_tables import followed_order, opportunity
from services.crm.store.tables import customer


@dataclass(frozen=True)
class MoneyFigures:
    """What orders of one currency come to: ordered, invoiced less credited, and paid."""

    ordered: Money
    invoiced: Money
    paid: Money


@dataclass(frozen=True)
class CampaignFigures:
    """What came of a campaign. ``cac`` is cost by new customer, ``return_percent`` what was invoiced above the cost."""

    campaign_id: str
    code: str
    budget: Money
    cost: Money
    members: int
    answered: int
    leads: int
    open_leads: int
    qualified: int
    disqualified: int
    opportunities: int
    won: int
    lost: int
    orders: int
    money: tuple[MoneyFigures, ...]
    new_customers: int
    cac: Money | None
    return_percent: Decimal | None


@dataclass(frozen=True)
class Acquisition:
    """What new customers cost in a period: cost entries of its days / customers whose first order fell in it."""

    first: date
    last: date
    cost: Money
    new_customers: int
    cac: Money | None


@dataclass(frozen=True)
class MemberRow(Member):
    """A member with what they are called."""

    number: str = ""
    name: str = ""


def one_campaign(connection: Connection, campaign_id: str) -> Campaign:
    """Return the campaign; refuse one that there is not."""
    found = campaigns.find(connection, campaign_id)
    if found is None:
        raise CampaignNotFound("there is no such campaign", field="campaign_id")
    return found


def list_campaigns(connection: Connection, *, after: tuple[Any, ...] | None, limit: int) -> list[Campaign]:
    """Return up to ``limit`` campaigns, the latest first."""
    query = select(campaign)
    if after is not None:
        query = query.where(campaign.c.id < after[0])
    return [
        campaigns.read(row) for row in connection.execute(query.order_by(campaign.c.id.desc()).limit(limit))
    ]


def list_costs(
    connection: Connection, campaign_id: str, *, after: tuple[Any, ...] | None, limit: int
) -> list[Cost]:
    """Return up to ``limit`` entries of a campaign, the oldest first."""
    one_campaign(connection, campaign_id)
    query = select(campaign_cost).where(campaign_cost.c.campaign_id == campaign_id)
    if after is not None:
        query = query.where(campaign_cost.c.id > after[0])
    rows = connection.execute(query.order_by(campaign_cost.c.id).limit(limit))
    return [campaigns.read_cost(row) for row in rows]


def list_members(
    connection: Connection, campaign_id: str, *, owners: Owners, after: tuple[Any, ...] | None, limit: int
) -> list[MemberRow]:
    """Return up to ``limit`` members whose lead or customer the caller may know of, the oldest first."""
    one_campaign(connection, campaign_id)
    names = (
        func.coalesce(lead.c.number, customer.c.number).label("number"),
        func.coalesce(lead.c.company_name, customer.c.name).label("name"),
    )
    query = select(campaign_member, *names)
    query = query.outerjoin(lead, lead.c.id == campaign_member.c.lead_id)
    query = query.outerjoin(customer, customer.c.id == campaign_member.c.customer_id)
    query = query.where(campaign_member.c.campaign_id == campaign_id)
    if owners is not None:
        query = query.where(func.coalesce(lead.c.owner_id, customer.c.owner_id).in_(owners))
    if after is not None:
        query = query.where(campaign_member.c.id > after[0])
    rows = connection.execute(query.order_by(campaign_member.c.id).limit(limit))
    return [MemberRow(**row._asdict()) for row in rows]


def list_forms(connection: Connection, *, after: tuple[Any, ...] | None, limit: int) -> list[WebForm]:
    """Return up to ``limit`` forms, the latest first."""
    query = select(web_form)
    if after is not None:
        query = query.where(web_form.c.id < after[0])
    rows = connection.execute(query.order_by(web_form.c.id.desc()).limit(limit))
    return [WebForm(**row._asdict()) for row in rows]


def campaign_figures(connection: Connection, campaign_id: str) -> CampaignFigures:
    """Return what came of a campaign so far."""
    found = one_campaign(connection, campaign_id)
    states = _counts(connection, lead.c.state, lead.c.campaign_id == campaign_id)
    deals = _counts(connection, opportunity.c.state, opportunity.c.campaign_id == campaign_id)
    answers = _counts(connection, campaign_member.c.answer, campaign_member.c.campaign_id == campaign_id)
    orders, money = _orders(connection, campaign_id)
    new = new_customers(connection, opportunity.c.campaign_id == campaign_id)
    return CampaignFigures(
        campaign_id=found.id,
        code=found.code,
        budget=found.budget,
        cost=found.cost,
        members=sum(answers.values()),
        answered=sum(answers.values()) - answers.get("none", 0),
        leads=sum(count for state, count in states.items() if state != "merged"),
        open_leads=states.get("open", 0),
        qualified=states.get("qualified", 0),
        disqualified=states.get("disqualified", 0),
        opportunities=sum(deals.values()),
        won=deals.get("won", 0),
        lost=deals.get("lost", 0),
        orders=orders,
        money=money,
        new_customers=new,
        cac=_each(found.cost, new),
        return_percent=_return(found.cost, money),
    )


def acquisition(connection: Connection, first: date, last: date, currency: str) -> Acquisition:
    """Return what new customers cost from ``first`` to ``last``, over all campaigns."""
    if last < first:
        raise CampaignWrong("the period ends before it begins", field="last", cure="choose a later day")
    days = campaign_cost.c.day.between(first, last)
    minor = connection.execute(select(func.sum(campaign_cost.c.amount_minor)).where(days)).scalar_one()
    cost = Money(int(minor or 0), currency)
    new = new_customers(connection, followed_order.c.ordered_on.between(first, last))
    return Acquisition(first, last, cost, new, _each(cost, new))


def _counts(connection: Connection, column: Any, where: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(where).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


def _orders(connection: Connection, campaign_id: str) -> tuple[int, tuple[MoneyFigures, ...]]:
    order = followed_order.c
    sums = [
        func.sum(column)
        for column in (order.total_minor, order.invoiced_minor, order.credited_minor, order.paid_minor)
    ]
    query = select(order.currency, func.count(), *sums)
    query = query.join(opportunity, opportunity.c.id == order.opportunity_id)
    query = query.where(opportunity.c.campaign_id == campaign_id, order.state != "cancelled")
    count, found = 0, []
    for currency, number, *told in connection.execute(
        query.group_by(order.currency).order_by(order.currency)
    ):
        ordered, invoiced, credited, paid = (int(minor) for minor in told)
        count += number
        found.append(
            MoneyFigures(
                Money(ordered, currency), Money(invoiced - credited, currency), Money(paid, currency)
            )
        )
    return count, tuple(found)


def new_customers(connection: Connection, which: ColumnElement[bool]) -> int:
    """Count customers whose first order, of those that were not cancelled, is one of ``which``."""
    order, before = followed_order.c, followed_order.alias("before")
    earlier = select(before.c.order_id).where(
        before.c.customer_id == order.customer_id,
        before.c.state != "cancelled",
        or_(
            before.c.ordered_on < order.ordered_on,
            and_(before.c.ordered_on == order.ordered_on, before.c.order_id < order.order_id),
        ),
    )
    query = select(func.count(order.customer_id.distinct())).outerjoin(
        opportunity, opportunity.c.id == order.opportunity_id
    )
    query = query.where(which, order.state != "cancelled", ~earlier.exists())
    return int(connection.execute(query).scalar_one())


def _each(cost: Money, count: int) -> Money | None:
    return Money(divide_half_up(cost.minor, count), cost.currency) if count else None


def _return(cost: Money, money: tuple[MoneyFigures, ...]) -> Decimal | None:
    """Return what was invoiced in the company's currency above the cost, in percent of it; nothing without cost."""
    if cost.minor <= 0:
        return None
    invoiced = sum(each.invoiced.minor for each in money if each.invoiced.currency == cost.currency)
    return Decimal(divide_half_up((invoiced - cost.minor) * 10_000, cost.minor)) / 100
