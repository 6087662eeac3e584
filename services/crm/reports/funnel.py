"""The funnel from lead to cash: what came in during a period, how far it has come by now, and how long it took.

Leads are those that came in the period, opportunities those that were opened in it, from a lead or without one; all
that follows is counted of these opportunities, whenever it happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, true

from libs.common.money import Money
from services.crm.domain.sight import Owners
from services.crm.reports.among import EVERYTHING, Among
from services.crm.store.lead_tables import lead
from services.crm.store.pipeline_tables import followed_order, opportunity, opportunity_quotation

STAGES = ("leads", "qualified", "opportunities", "quotations", "orders", "shipped", "invoiced", "collected")
_FULL_BP = 10_000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Came:
    """What came in from ``since`` until before ``until``; of one campaign, if given; ``owners`` are who is seen.

    ``among`` narrows that to an owner's, a team's or a campaign's.
    """

    since: datetime
    until: datetime
    currency: str
    campaign_id: str | None = None
    owners: Owners = None
    among: Among = EVERYTHING


@dataclass(frozen=True)
class FunnelStage:
    """How many got as far, what they are worth in one currency, and how many of those of the stage before that is.

    ``median_hours`` is how long the step to here took. Leads have no value yet.
    """

    stage: str
    count: int
    value: Money | None
    conversion_bp: int | None
    median_hours: int | None


def funnel(connection: Connection, wanted: Came) -> list[FunnelStage]:
    """Return the stages from the lead to the cash."""
    leads = connection.execute(_leads(wanted)).all()
    qualified = [row for row in leads if row.state == "qualified"]
    deals = connection.execute(_opportunities(wanted)).all()
    quoted = [row for row in deals if row.quoted_at is not None or row.orders]
    ordered = [row for row in deals if row.orders]
    shipped = [row for row in ordered if row.shipped_at is not None]
    invoiced = [row for row in ordered if row.invoiced_minor > 0]
    collected = [row for row in invoiced if row.paid_minor >= row.invoiced_minor]

    def value(rows: Sequence[Row[Any]], name: str) -> Money:
        minor = sum(int(getattr(row, name)) for row in rows if row.currency == wanted.currency)
        return Money(minor, wanted.currency)

    quoting = [row.quoted_at - row.opened_at for row in quoted if row.quoted_at is not None]
    ordering = [row.closed_at - row.opened_at for row in ordered if row.closed_at is not None]
    shipping = [row.shipped_at - row.closed_at for row in shipped if row.closed_at is not None]
    return [
        FunnelStage("leads", len(leads), None, None, None),
        _stage("qualified", qualified, leads, None, [row.closed_at - row.created_at for row in qualified]),
        # Opportunities begin anew: some come of these leads, some of earlier ones or of none.
        FunnelStage("opportunities", len(deals), value(deals, "value_minor"), None, None),
        _stage("quotations", quoted, deals, value(quoted, "value_minor"), quoting),
        _stage("orders", ordered, quoted, value(ordered, "ordered_minor"), ordering),
        _stage("shipped", shipped, ordered, value(shipped, "ordered_minor"), shipping),
        _stage("invoiced", invoiced, shipped, value(invoiced, "invoiced_minor"), []),
        _stage("collected", collected, invoiced, value(collected, "paid_minor"), []),
    ]


def _stage(
    name: str,
    reached: Sequence[Row[Any]],
    before: Sequence[Row[Any]],
    value: Money | None,
    took: Sequence[timedelta],
) -> FunnelStage:
    # Some skip a stage: what is invoiced before it leaves did not come from there.
    here = {id(row) for row in reached}
    share = sum(id(row) in here for row in before) * _FULL_BP // len(before) if before else None
    hours = max(median_low(took), timedelta()) // _HOUR if took else None
    return FunnelStage(name, len(reached), value, share, hours)


def _leads(wanted: Came) -> Any:
    return select(lead.c.state, lead.c.created_at, lead.c.closed_at).where(
        lead.c.created_at >= wanted.since,
        lead.c.created_at < wanted.until,
        lead.c.state != "merged",
        *_seen(wanted, lead.c.owner_id, lead.c.campaign_id),
    )


def _opportunities(wanted: Came) -> Any:
    quotations = (
        select(
            opportunity_quotation.c.opportunity_id,
            func.min(opportunity_quotation.c.quoted_at).label("quoted_at"),
        )
        .group_by(opportunity_quotation.c.opportunity_id)
        .subquery()
    )
    net = followed_order.c.invoiced_minor - followed_order.c.credited_minor
    orders = (
        select(
            followed_order.c.opportunity_id,
            func.count().label("orders"),
            func.sum(followed_order.c.total_minor).label("ordered_minor"),
            func.sum(net).label("invoiced_minor"),
            func.sum(followed_order.c.paid_minor).label("paid_minor"),
            func.min(followed_order.c.shipped_at).label("shipped_at"),
        )
        .where(followed_order.c.state != "cancelled", followed_order.c.opportunity_id.is_not(None))
        .group_by(followed_order.c.opportunity_id)
        .subquery()
    )
    sums = ("orders", "ordered_minor", "invoiced_minor", "paid_minor")
    return (
        select(
            opportunity.c.opened_at,
            opportunity.c.closed_at,
            opportunity.c.value_minor,
            opportunity.c.currency,
            quotations.c.quoted_at,
            orders.c.shipped_at,
            *(func.coalesce(orders.c[name], 0).label(name) for name in sums),
        )
        .outerjoin(quotations, quotations.c.opportunity_id == opportunity.c.id)
        .outerjoin(orders, orders.c.opportunity_id == opportunity.c.id)
        .where(
            opportunity.c.opened_at >= wanted.since,
            opportunity.c.opened_at < wanted.until,
            *_seen(wanted, opportunity.c.owner_id, opportunity.c.campaign_id),
        )
    )


def _seen(wanted: Came, owner: ColumnElement[Any], campaign: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    return [
        true() if wanted.owners is None else owner.in_(wanted.owners),
        true() if wanted.campaign_id is None else campaign == wanted.campaign_id,
        *wanted.among.holds(owner, campaign),
    ]
