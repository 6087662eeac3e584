"""Leads over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, expected_version, principal
from services.crm.api.company import base_currency
from services.crm.api.lead_views import (
    DisqualifyIn,
    DuplicatesOut,
    LeadChange,
    LeadFilter,
    LeadIn,
    LeadOut,
    LeadOwnerIn,
    MergeIn,
    QualifyIn,
    ScoreReportOut,
    WholeLeadOut,
)
from services.crm.api.who import ASSIGNERS, SELLERS, registrar, seen_owners
from services.crm.domain.identity import Duplicate
from services.crm.domain.ownership import owner_of_new
from services.crm.reports.leads import (
    LeadRow,
    LeadSearch,
    duplicates_of,
    list_leads,
    one_lead,
    score_report,
)
from services.crm.use_cases.register_lead import RegisterLead, register_lead
from services.crm.use_cases.work_on_lead import (
    AboutLead,
    Qualify,
    assign_lead,
    change_lead,
    disqualify_lead,
    merge_leads,
    qualify_lead,
)

leads = Noun("leads", "/api/v1/leads", description="Who may become a customer")
lead_scores = Noun(
    "lead-scores", "/api/v1/lead-scores", description="How likely leads are won, and how it is known"
)


@leads.command(
    "POST",
    "/",
    body=LeadIn,
    answer=WholeLeadOut,
    status=201,
    roles=SELLERS,
    location="/api/v1/leads/{id}",
    summary="Register a lead",
)
def register(tx: Transaction, body: dict[str, Any]) -> LeadRow:
    """Register a lead; who may be the same is in ``duplicates`` of the answer."""
    told = body | {"owner_id": owner_of_new(registrar(), body.get("owner_id"))}
    new = register_lead(tx, RegisterLead(**told, by=principal().subject))
    return one_lead(tx.connection, new.id, owners=seen_owners(tx.connection))


@leads.query("/", answer=LeadOut, roles=SELLERS, filters=LeadFilter, paged=True, summary="Find leads")
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List leads, the latest first."""
    wanted = LeadSearch(owners=seen_owners(connection), **filters)
    rows = list_leads(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=_position)


def _position(row: LeadRow) -> tuple[str]:
    return (row.id,)


@leads.query("/<uuid:lead_id>", answer=WholeLeadOut, roles=SELLERS, summary="Look at a lead")
def show(connection: Connection, lead_id: str) -> LeadRow:
    """Show a lead with the reasons of its score and who may be the same."""
    return one_lead(connection, lead_id, owners=seen_owners(connection))


@leads.query("/<uuid:lead_id>/duplicates", answer=DuplicatesOut, roles=SELLERS, summary="Who may be the same")
def duplicates(connection: Connection, lead_id: str) -> dict[str, list[Duplicate]]:
    """Show who has the same mail, telephone or name: leads, customers and their contacts."""
    return {"duplicates": duplicates_of(connection, lead_id, owners=seen_owners(connection))}


@leads.command(
    "PATCH",
    "/<uuid:lead_id>",
    body=LeadChange,
    answer=WholeLeadOut,
    roles=SELLERS,
    if_match="required",
    summary="Change an open lead",
)
def change(tx: Transaction, body: dict[str, Any], lead_id: str) -> LeadRow:
    """Change what is known of it."""
    change_lead(tx, _about(tx, lead_id), body)
    return one_lead(tx.connection, lead_id, owners=None)


@leads.command(
    "POST",
    "/<uuid:lead_id>/owner",
    body=LeadOwnerIn,
    answer=LeadOut,
    roles=ASSIGNERS,
    summary="Give a lead to another salesperson",
)
def assign(tx: Transaction, body: dict[str, Any], lead_id: str) -> LeadRow:
    """Give it to another salesperson."""
    assign_lead(tx, _about(tx, lead_id), body["owner_id"])
    return one_lead(tx.connection, lead_id, owners=None)


@leads.command(
    "POST",
    "/<uuid:lead_id>/disqualify",
    body=DisqualifyIn,
    answer=LeadOut,
    roles=SELLERS,
    summary="Give it up",
)
def disqualify(tx: Transaction, body: dict[str, Any], lead_id: str) -> LeadRow:
    """Say that it will not become a customer, and why."""
    disqualify_lead(tx, _about(tx, lead_id), body["reason"], body.get("detail"))
    return one_lead(tx.connection, lead_id, owners=None)


@leads.command(
    "POST",
    "/<uuid:lead_id>/merge",
    body=MergeIn,
    answer=WholeLeadOut,
    roles=SELLERS,
    summary="Merge its twin",
)
def merge(tx: Transaction, body: dict[str, Any], lead_id: str) -> LeadRow:
    """Let the named lead go on as this one, with all that hangs on it; both must be open."""
    merge_leads(tx, _about(tx, lead_id), body["lead_id"])
    return one_lead(tx.connection, lead_id, owners=seen_owners(tx.connection))


@leads.command(
    "POST",
    "/<uuid:lead_id>/qualify",
    body=QualifyIn,
    answer=LeadOut,
    roles=SELLERS,
    summary="Make a customer of it",
)
def qualify(tx: Transaction, body: dict[str, Any], lead_id: str) -> LeadRow:
    """Make customer, contact and opportunity in one act; its activities are theirs from then on."""
    currency = body.pop("currency", None) or base_currency()
    lines = tuple((line["item_id"], line["quantity"]) for line in body.pop("lines", ()))
    qualify_lead(tx, _about(tx, lead_id), Qualify(currency, lines=lines, **body))
    return one_lead(tx.connection, lead_id, owners=None)


def _about(tx: Transaction, lead_id: str) -> AboutLead:
    return AboutLead(lead_id, registrar(), seen_owners(tx.connection), expected_version())


@lead_scores.query("/", answer=ScoreReportOut, roles=SELLERS, summary="How the score was learnt")
def scores(connection: Connection) -> dict[str, Any]:
    """Show what the score was learnt from, and how well it foretold leads that it had not seen."""
    found = score_report(connection)
    told = {name: value for name, value in vars(found).items() if name != "model"}
    if found.model is None:
        return told | {"reliability": []}
    model = found.model
    bins = [
        {"count": each.count, "foretold_percent": _percent(each.foretold), "won_percent": _percent(each.won)}
        for each in model.reliability
    ]
    told |= {name: getattr(model, name) for name in ("taught", "calibrated", "judged")}
    return told | {
        "brier": f"{model.brier:.4f}",
        "brier_of_mean": f"{model.brier_of_mean:.4f}",
        "reliability": bins,
    }


def _percent(share: float) -> Decimal:
    return Decimal(round(share * 1000)) / 10
