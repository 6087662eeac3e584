"""Campaigns over HTTP: what they cost, whom they addressed, and what came of them."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.crm.api.company import base_currency
from services.crm.api.who import ASSIGNERS, SELLERS, seen_owners
from services.crm.domain.campaign import ANSWERS, CHANNELS, Campaign, Cost, Member
from services.crm.reports.campaigns import (
    Acquisition,
    CampaignFigures,
    acquisition,
    campaign_figures,
    list_campaigns,
    list_costs,
    list_members,
    one_campaign,
)
from services.crm.use_cases.run_campaign import (
    StartCampaign,
    add_member,
    answer_campaign,
    change_campaign,
    record_cost,
    reverse_cost,
    start_campaign,
)

CODE = r"[A-Za-z0-9][A-Za-z0-9._-]*"
COUNTERS = (*ASSIGNERS, "finance")
_OURS = {"description": "In the company's currency."}

campaigns = Noun(
    "campaigns", "/api/v1/campaigns", description="What was spent to be heard, and what came of it"
)


class CampaignIn(Strict):
    """A new campaign."""

    code = fields.Text(max=40, pattern=CODE, required=True)
    name = fields.Text(max=200, required=True)
    channel = fields.Choice(*CHANNELS, required=True)
    budget = fields.MoneyField(required=True, metadata=_OURS)
    starts_on = fields.DateField(required=True)
    ends_on = fields.DateField(allow_none=True)


class CampaignChange(Strict):
    """Fields to change; one that is left out stays."""

    name = fields.Text(max=200)
    channel = fields.Choice(*CHANNELS)
    budget = fields.MoneyField(metadata=_OURS)
    starts_on = fields.DateField()
    ends_on = fields.DateField(allow_none=True)


class CampaignOut(CampaignIn):
    """A campaign; ``cost`` is the sum of its entries, null to those who may not see them."""

    id = fields.IdField()
    cost = fields.MoneyField(negative=True, seen_by=COUNTERS, allow_none=True)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    version = fields.CountField(least=1)


class CostIn(Strict):
    """Money that was spent."""

    day = fields.DateField(required=True)
    amount = fields.MoneyField(zero=False, required=True, metadata=_OURS)
    description = fields.Text(max=200, required=True)


class ReverseIn(Strict):
    """The day on which an entry is taken back."""

    day = fields.DateField(required=True)


class CostOut(Strict):
    """An entry; one that takes another back names it, and its amount is negative."""

    id = fields.IdField()
    campaign_id = fields.IdField()
    day = fields.DateField()
    amount = fields.MoneyField(negative=True)
    description = fields.Text(max=200)
    reverses_id = fields.IdField(allow_none=True)
    recorded_by = fields.Text(max=64)
    recorded_at = fields.UtcField()


class MemberIn(Strict):
    """Who was addressed: a lead or a customer."""

    lead_id = fields.IdField(allow_none=True)
    customer_id = fields.IdField(allow_none=True)


class AnswerIn(Strict):
    """What they answered; none takes it back."""

    answer = fields.Choice(*ANSWERS, required=True)


class MemberOut(MemberIn):
    """Who was addressed, and their answer."""

    id = fields.IdField()
    campaign_id = fields.IdField()
    answer = fields.Choice(*ANSWERS)
    answered_at = fields.UtcField(allow_none=True)
    added_by = fields.Text(max=64)
    added_at = fields.UtcField()


class NamedMemberOut(MemberOut):
    """A member with what they are called."""

    number = fields.Text(max=32)
    name = fields.Text(max=200)


class CampaignMoneyOut(Strict):
    """What the orders of one currency come to; invoiced is less what was credited."""

    ordered = fields.MoneyField()
    invoiced = fields.MoneyField(negative=True)
    paid = fields.MoneyField(negative=True)


class CampaignFiguresOut(Strict):
    """What came of a campaign: of leads and opportunities that name it, down to the cash."""

    campaign_id = fields.IdField()
    code = fields.Text(max=40)
    budget = fields.MoneyField()
    cost = fields.MoneyField(negative=True)
    members = fields.CountField()
    answered = fields.CountField()
    leads = fields.CountField()
    open_leads = fields.CountField()
    qualified = fields.CountField()
    disqualified = fields.CountField()
    opportunities = fields.CountField()
    won = fields.CountField()
    lost = fields.CountField()
    orders = fields.CountField()
    money = fields.ListOf(
        CampaignMoneyOut, least=0, metadata={"description": "By currency: crm has no rates."}
    )
    new_customers = fields.CountField(metadata={"description": "Whose first order is owed to it."})
    cac = fields.MoneyField(allow_none=True, negative=True, metadata={"description": "Cost by new customer."})
    return_percent = fields.Text(
        max=24,
        allow_none=True,
        metadata={
            "description": "Invoiced in the company's currency, less the cost, in percent of the cost."
        },
    )


class AcquisitionFilter(Strict):
    """The days that count."""

    first = fields.DateField(required=True)
    last = fields.DateField(required=True)


class AcquisitionOut(Strict):
    """Cost of all campaigns in the period by customers whose first order fell in it."""

    first = fields.DateField()
    last = fields.DateField()
    cost = fields.MoneyField(negative=True)
    new_customers = fields.CountField()
    cac = fields.MoneyField(allow_none=True, negative=True)


@campaigns.command(
    "POST",
    "/",
    body=CampaignIn,
    answer=CampaignOut,
    status=201,
    roles=ASSIGNERS,
    location="/api/v1/campaigns/{id}",
    summary="Start a campaign",
)
def start(tx: Transaction, body: dict[str, Any]) -> Campaign:
    """Start a campaign."""
    return start_campaign(tx, StartCampaign(**body, by=principal().subject, currency=base_currency()))


@campaigns.query("/", answer=CampaignOut, roles=(*SELLERS, "finance"), paged=True, summary="List campaigns")
def index(connection: Connection, page: PageRequest) -> Page:
    """List campaigns, the latest first."""
    rows = list_campaigns(connection, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@campaigns.query(
    "/acquisition",
    answer=AcquisitionOut,
    roles=COUNTERS,
    filters=AcquisitionFilter,
    summary="What new customers cost",
)
def acquired(connection: Connection, filters: dict[str, Any]) -> Acquisition:
    """Show what new customers cost in a period."""
    return acquisition(connection, filters["first"], filters["last"], base_currency())


@campaigns.query(
    "/<uuid:campaign_id>", answer=CampaignOut, roles=(*SELLERS, "finance"), summary="Look at a campaign"
)
def show(connection: Connection, campaign_id: str) -> Campaign:
    """Show a campaign."""
    return one_campaign(connection, campaign_id)


@campaigns.command(
    "PATCH",
    "/<uuid:campaign_id>",
    body=CampaignChange,
    answer=CampaignOut,
    roles=ASSIGNERS,
    if_match="required",
    summary="Change a campaign",
)
def change(tx: Transaction, body: dict[str, Any], campaign_id: str) -> Campaign:
    """Change what is planned; its code and what it cost stay."""
    return change_campaign(tx, campaign_id, body, expected_version())


@campaigns.query(
    "/<uuid:campaign_id>/figures", answer=CampaignFiguresOut, roles=COUNTERS, summary="What came of it"
)
def figures(connection: Connection, campaign_id: str) -> CampaignFigures:
    """Show what came of a campaign, from leads to cash."""
    return campaign_figures(connection, campaign_id)


@campaigns.command(
    "POST",
    "/<uuid:campaign_id>/costs",
    body=CostIn,
    answer=CostOut,
    status=201,
    roles=COUNTERS,
    summary="Record a cost",
)
def spend(tx: Transaction, body: dict[str, Any], campaign_id: str) -> Cost:
    """Write down money that was spent."""
    return record_cost(tx, campaign_id, **body, by=principal().subject)


@campaigns.query(
    "/<uuid:campaign_id>/costs", answer=CostOut, roles=COUNTERS, paged=True, summary="List its costs"
)
def costs(connection: Connection, page: PageRequest, campaign_id: str) -> Page:
    """List what was spent, the oldest first."""
    rows = list_costs(connection, campaign_id, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@campaigns.command(
    "POST",
    "/<uuid:campaign_id>/costs/<uuid:cost_id>/reverse",
    body=ReverseIn,
    answer=CostOut,
    status=201,
    roles=COUNTERS,
    summary="Take a cost back",
)
def reverse(tx: Transaction, body: dict[str, Any], campaign_id: str, cost_id: str) -> Cost:
    """Take an entry back by another one, once."""
    return reverse_cost(tx, campaign_id, cost_id, body["day"], principal().subject)


@campaigns.command(
    "POST",
    "/<uuid:campaign_id>/members",
    body=MemberIn,
    answer=MemberOut,
    status=201,
    roles=SELLERS,
    summary="Note whom it addressed",
)
def address(tx: Transaction, body: dict[str, Any], campaign_id: str) -> Member:
    """Note that a lead or a customer was addressed."""
    whom = (body.get("lead_id"), body.get("customer_id"))
    return add_member(tx, campaign_id, *whom, principal().subject, seen_owners(tx.connection))


@campaigns.query(
    "/<uuid:campaign_id>/members",
    answer=NamedMemberOut,
    roles=SELLERS,
    paged=True,
    summary="List whom it addressed",
)
def members(connection: Connection, page: PageRequest, campaign_id: str) -> Page:
    """List members; a salesperson sees own leads and customers."""
    owners = seen_owners(connection)
    rows = list_members(connection, campaign_id, owners=owners, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@campaigns.command(
    "POST",
    "/<uuid:campaign_id>/members/<uuid:member_id>/answer",
    body=AnswerIn,
    answer=MemberOut,
    roles=SELLERS,
    summary="Note an answer",
)
def answer(tx: Transaction, body: dict[str, Any], campaign_id: str, member_id: str) -> Member:
    """Note what somebody answered."""
    return answer_campaign(tx, campaign_id, member_id, body["answer"], seen_owners(tx.connection))
