"""Web forms: made by a sales manager, and filled in by strangers without a login."""

from __future__ import annotations

from typing import Any

from flask import request

from libs.common.db import Connection, Transaction
from libs.common.ids import unguessable_id
from libs.common.web import VISITORS, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.crm.api.customers import EMAIL
from services.crm.api.who import ASSIGNERS
from services.crm.domain.lead import Lead
from services.crm.domain.web_form import BY_VISITOR, Visit, WebForm
from services.crm.reports.campaigns import list_forms
from services.crm.use_cases.register_lead import RegisterLead, take_web_form
from services.crm.use_cases.run_campaign import PutForm, change_form, put_form

CALLER_ADDRESS = "Meridian-Caller-Address"
MOST_PER_HOUR = 100_000
_LONGEST_AGENT = 400
_LONGEST_ADDRESS = 64
_NOTE = 4000

web_forms = Noun("web-forms", "/api/v1/web-forms", description="Forms on pages, by which leads come in")
public_web_forms = Noun(
    "public-web-forms", "/api/v1/public/web-forms", description="What strangers fill in, without a login"
)


class FormIn(Strict):
    """A new form."""

    name = fields.Text(max=200, required=True)
    source = fields.Text(max=40, required=True)
    campaign_id = fields.IdField(allow_none=True)
    owner_id = fields.Text(
        max=64,
        allow_none=True,
        metadata={"description": "Whose its leads become; null: as the territories say."},
    )
    active = fields.Flag()
    per_hour = fields.CountField(
        least=1,
        most=MOST_PER_HOUR,
        metadata={"description": "Most leads from one address within an hour; 20."},
    )


class FormChange(Strict):
    """Fields to change; null clears one, one that is left out stays."""

    name = fields.Text(max=200)
    source = fields.Text(max=40)
    campaign_id = fields.IdField(allow_none=True)
    owner_id = fields.Text(max=64, allow_none=True)
    active = fields.Flag()
    per_hour = fields.CountField(least=1, most=MOST_PER_HOUR)


class FormOut(FormIn):
    """A form; ``path`` is where its page sends to."""

    id = fields.IdField()
    token = fields.IdField()
    path = fields.Text(max=200)
    created_by = fields.Text(max=64)
    created_at = fields.UtcField()
    version = fields.CountField(least=1)


class VisitorIn(Strict):
    """What a stranger tells; mail or telephone, so that somebody can answer."""

    company_name = fields.Text(max=200, required=True)
    person = fields.Text(max=200)
    email = fields.Text(max=254, pattern=EMAIL)
    phone = fields.Text(max=40)
    country = fields.Text(max=80)
    region = fields.Text(max=40)
    city = fields.Text(max=120)
    employees = fields.CountField(least=1)
    note = fields.Text(max=_NOTE, multiline=True)


class ReceivedOut(Strict):
    """It has arrived; more is not told to strangers."""

    received_at = fields.UtcField(attribute="created_at")


@web_forms.command(
    "POST", "/", body=FormIn, answer=FormOut, status=201, roles=ASSIGNERS, summary="Make a form"
)
def make(tx: Transaction, body: dict[str, Any]) -> WebForm:
    """Make a form with a token of its own."""
    return put_form(tx, PutForm(**body, token=unguessable_id(), by=principal().subject))


@web_forms.query("/", answer=FormOut, roles=ASSIGNERS, paged=True, summary="List the forms")
def index(connection: Connection, page: PageRequest) -> Page:
    """List forms, the latest first."""
    rows = list_forms(connection, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@web_forms.command(
    "PATCH",
    "/<uuid:form_id>",
    body=FormChange,
    answer=FormOut,
    roles=ASSIGNERS,
    if_match="required",
    summary="Change a form",
)
def change(tx: Transaction, body: dict[str, Any], form_id: str) -> WebForm:
    """Change a form, or take it from the page; its token stays."""
    return change_form(tx, form_id, body, expected_version())


@public_web_forms.command(
    "POST",
    "/<uuid:token>/leads",
    body=VisitorIn,
    answer=ReceivedOut,
    status=201,
    roles=VISITORS,
    summary="Send a form",
)
def send(tx: Transaction, body: dict[str, Any], token: str) -> Lead:
    """Register what a stranger tells as a lead; whether the company knew them before, nobody is told."""
    return take_web_form(tx, token, RegisterLead(**body, by=BY_VISITOR), _visit())


def _visit() -> Visit:
    """Return from where the form was sent; only the gateway can have said so."""
    address = request.headers.get(CALLER_ADDRESS, "unknown")[:_LONGEST_ADDRESS]
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    return Visit(address, agent.encode("ascii", "backslashreplace").decode()[:_LONGEST_AGENT])
