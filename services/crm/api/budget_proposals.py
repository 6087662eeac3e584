"""What to do about the budgets of campaigns, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.crm.api.campaigns import COUNTERS
from services.crm.api.company import base_currency, company_day
from services.crm.reports.budget_shift import budget_proposals as proposals_of

REASON = 1000

budget_proposals = Noun(
    "budget proposals", "/api/v1/campaigns", description="Whose budget does better elsewhere"
)


class FaredOut(Strict):
    """How a running campaign fares: revenue is what was invoiced less credited, without tax.

    ``margin`` = ``costed`` (the part of the revenue whose goods have a known cost) less ``goods_cost``: what they cost
    when they left, less what lies on the shelf again.
    """

    campaign_id = fields.IdField()
    code = fields.Text(max=40)
    name = fields.Text(max=200)
    budget = fields.MoneyField()
    cost = fields.MoneyField(negative=True)
    revenue = fields.MoneyField(negative=True)
    costed = fields.MoneyField(negative=True)
    goods_cost = fields.MoneyField(negative=True)
    margin = fields.MoneyField(negative=True)
    new_customers = fields.CountField()
    cac = fields.MoneyField(allow_none=True)


class ProposalOut(Strict):
    """A part of what is left of one budget that would do better in another, and why."""

    source = fields.Nested(FaredOut)
    target = fields.Nested(FaredOut)
    amount = fields.MoneyField()
    by = fields.Choice(
        "margin",
        "revenue",
        metadata={
            "description": "By what they are compared: the margin, where it is known of most of each revenue."
        },
    )
    reason_en = fields.Text(max=REASON)
    reason_zh = fields.Text(max=REASON)


class ProposalsOut(Strict):
    """What is proposed, from the campaign that earns least first; nobody's budget changes by it."""

    proposals = fields.ListOf(ProposalOut, least=0)


@budget_proposals.query(
    "/budget-proposals", answer=ProposalsOut, roles=COUNTERS, summary="Whose budget does better elsewhere"
)
def index(connection: Connection) -> dict[str, Any]:
    """Show what to shift between the campaigns that run today."""
    return {"proposals": proposals_of(connection, company_day(), base_currency())}
