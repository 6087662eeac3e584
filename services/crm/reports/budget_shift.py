"""Looking at how running campaigns fare, and at whose budget would do better elsewhere, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, case, func, or_, select

from libs.common.money import Money
from services.crm.domain.budget_shift import By, Fared, Shift, shifts
from services.crm.reports.campaigns import new_customers
from services.crm.store.lead_tables import campaign
from services.crm.store.pipeline_tables import followed_order, opportunity

_WORDS = {
    "revenue": (
        (
            "{source} brought {source_revenue} for {source_cost} ({source_cac}), {target} brought {target_revenue} for "
            "{target_cost} ({target_cac}): {amount} of the {left} left would do better there"
        ),
        (
            "{source}花费{source_cost}，带来收入{source_revenue}（{source_cac}）；{target}花费{target_cost}，"
            "带来收入{target_revenue}（{target_cac}）：剩余预算{left}中的{amount}投向后者更好"
        ),
    ),
    "margin": (
        (
            "{source} brought a margin of {source_margin} on {source_costed} sold for {source_cost} ({source_cac}), "
            "{target} a margin of {target_margin} on {target_costed} sold for {target_cost} ({target_cac}): "
            "{amount} of the {left} left would do better there"
        ),
        (
            "{source}花费{source_cost}，销售{source_costed}，毛利{source_margin}（{source_cac}）；"
            "{target}花费{target_cost}，销售{target_costed}，毛利{target_margin}（{target_cac}）："
            "剩余预算{left}中的{amount}投向后者更好"
        ),
    ),
}
_EARNED = ("revenue", "costed", "goods_cost")
_CAC = ("{cac} by new customer", "获客成本{cac}")
_NOBODY = ("no new customer", "无新客户")


@dataclass(frozen=True)
class Proposal:
    """A shift with its reason."""

    source: Fared
    target: Fared
    amount: Money
    by: By
    reason_en: str
    reason_zh: str


def budget_proposals(connection: Connection, today: date, currency: str) -> list[Proposal]:
    """Return what to shift between the campaigns that run today."""
    return [
        Proposal(each.source, each.target, each.amount, each.by, _reason(each, 0), _reason(each, 1))
        for each in shifts(_running(connection, today, currency))
    ]


def _running(connection: Connection, today: date, currency: str) -> list[Fared]:
    runs = (campaign.c.starts_on <= today, or_(campaign.c.ends_on.is_(None), campaign.c.ends_on >= today))
    order = followed_order.c
    costed = (order.shipped_at.is_not(None), ~order.uncosted, order.cost_currency == currency)
    sums = (
        select(
            opportunity.c.campaign_id,
            func.sum(order.revenue_minor).label("revenue"),
            func.sum(case((and_(*costed), order.revenue_minor), else_=0)).label("costed"),
            func.sum(case((and_(*costed), order.cost_minor), else_=0)).label("goods_cost"),
        )
        .join(opportunity, opportunity.c.id == order.opportunity_id)
        .where(order.currency == currency)
        .group_by(opportunity.c.campaign_id)
        .subquery()
    )
    query = select(campaign, *(sums.c[name] for name in _EARNED))
    query = query.outerjoin(sums, sums.c.campaign_id == campaign.c.id)
    query = query.where(*runs, campaign.c.currency == currency)
    return [
        Fared(
            campaign_id=row.id,
            code=row.code,
            name=row.name,
            budget=Money(row.budget_minor, currency),
            cost=Money(row.cost_minor, currency),
            **{name: Money(int(getattr(row, name) or 0), currency) for name in _EARNED},
            new_customers=new_customers(connection, opportunity.c.campaign_id == row.id),
        )
        for row in connection.execute(query.order_by(campaign.c.code)).all()
    ]


def _reason(shift: Shift, language: int) -> str:
    told: dict[str, object] = {"amount": shift.amount, "left": shift.source.left}
    for name, each in (("source", shift.source), ("target", shift.target)):
        told |= {name: each.code, f"{name}_cost": each.cost, f"{name}_revenue": each.revenue}
        told |= {f"{name}_margin": each.margin, f"{name}_costed": each.costed}
        told[f"{name}_cac"] = _NOBODY[language] if each.cac is None else _CAC[language].format(cac=each.cac)
    return _WORDS[shift.by][language].format_map(told)
