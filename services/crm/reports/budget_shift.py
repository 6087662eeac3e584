"""Looking at how running campaigns fare, and at whose budget would do better elsewhere, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from libs.common.money import Money
from services.crm.domain.budget_shift import Fared, Shift, shifts
from services.crm.reports.campaigns import new_customers
from services.crm.store.lead_tables import campaign
from services.crm.store.pipeline_tables import followed_order, opportunity

_WORDS = (
    (
        "{source} brought {source_revenue} for {source_cost} ({source_cac}), {target} brought {target_revenue} for "
        "{target_cost} ({target_cac}): {amount} of the {left} left would do better there"
    ),
    (
        "{source}花费{source_cost}，带来收入{source_revenue}（{source_cac}）；{target}花费{target_cost}，"
        "带来收入{target_revenue}（{target_cac}）：剩余预算{left}中的{amount}投向后者更好"
    ),
)
_CAC = ("{cac} by new customer", "获客成本{cac}")
_NOBODY = ("no new customer", "无新客户")


@dataclass(frozen=True)
class Proposal:
    """A shift with its reason."""

    source: Fared
    target: Fared
    amount: Money
    reason_en: str
    reason_zh: str


def budget_proposals(connection: Connection, today: date, currency: str) -> list[Proposal]:
    """Return what to shift between the campaigns that run today."""
    return [
        Proposal(each.source, each.target, each.amount, _reason(each, 0), _reason(each, 1))
        for each in shifts(_running(connection, today, currency))
    ]


def _running(connection: Connection, today: date, currency: str) -> list[Fared]:
    runs = (campaign.c.starts_on <= today, or_(campaign.c.ends_on.is_(None), campaign.c.ends_on >= today))
    revenue = (
        select(func.sum(followed_order.c.revenue_minor))
        .join(opportunity, opportunity.c.id == followed_order.c.opportunity_id)
        .where(opportunity.c.campaign_id == campaign.c.id, followed_order.c.currency == currency)
        .scalar_subquery()
    )
    query = select(campaign, revenue.label("revenue")).where(*runs, campaign.c.currency == currency)
    return [
        Fared(
            campaign_id=row.id,
            code=row.code,
            name=row.name,
            budget=Money(row.budget_minor, currency),
            cost=Money(row.cost_minor, currency),
            revenue=Money(int(row.revenue or 0), currency),
            new_customers=new_customers(connection, opportunity.c.campaign_id == row.id),
        )
        for row in connection.execute(query.order_by(campaign.c.code)).all()
    ]


def _reason(shift: Shift, language: int) -> str:
    told: dict[str, object] = {"amount": shift.amount, "left": shift.source.left}
    for name, each in (("source", shift.source), ("target", shift.target)):
        told |= {name: each.code, f"{name}_cost": each.cost, f"{name}_revenue": each.revenue}
        told[f"{name}_cac"] = _NOBODY[language] if each.cac is None else _CAC[language].format(cac=each.cac)
    return _WORDS[language].format_map(told)
