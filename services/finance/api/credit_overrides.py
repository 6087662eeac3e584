"""Credit overrides over HTTP: one order beyond the limit, asked for with a reason and decided by another."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.finance.api.company import company_terms
from services.finance.api.who import ASKERS, READERS, only_owner
from services.finance.reports.overrides import OverrideSearch, OverrideView, list_overrides, one_override
from services.finance.use_cases.credit_overrides import RequestOverride, request_override

STATES = ("waiting", "approved", "used", "rejected", "withdrawn", "lapsed")

overrides = Noun(
    "credit_overrides", "/api/v1/credit-overrides", description="Credit beyond the limit for one order"
)


class OverrideIn(Strict):
    """An order that waits for credit, or whose goods do; by how much the limit may be passed, and until when."""

    order_id = fields.IdField(required=True)
    amount = fields.MoneyField(
        metadata={
            "description": "By how much the limit may be passed. Left out: by what the order needs now."
        }
    )
    expires_on = fields.DateField(
        required=True, metadata={"description": "The last day of use; at most 92 days ahead."}
    )
    reason = fields.Text(max=1000, multiline=True, required=True)


class OverrideOut(Strict):
    """An override; once it is approved the order is granted as soon as it reaches, at most once."""

    id = fields.IdField()
    number = fields.Text(max=20)
    order_id = fields.IdField()
    order_number = fields.Text(max=200)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    amount = fields.MoneyField(metadata={"description": "By how much the limit may be passed."})
    reason = fields.Text(max=1000)
    expires_on = fields.DateField()
    state = fields.Choice(*STATES)
    approval_id = fields.IdField(metadata={"description": "Decided at /finance-approvals/{id}/decide."})
    requested_by = fields.Text(max=64)
    requested_at = fields.UtcField()
    ended_at = fields.UtcField(allow_none=True)
    version = fields.CountField(least=1)
    purpose = fields.Choice(
        "order", "delivery", metadata={"description": "What it lets through: the order, or its goods."}
    )


class OverrideFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    order_id = fields.IdField()
    state = fields.Choice(*STATES)


@overrides.command(
    "POST",
    "/",
    body=OverrideIn,
    answer=OverrideOut,
    status=201,
    roles=ASKERS,
    location="/api/v1/credit-overrides/{id}",
    summary="Ask for credit beyond the limit",
)
def request(tx: Transaction, body: dict[str, Any]) -> OverrideView:
    """Ask that an order which waits for credit is granted all the same; a second person decides."""
    command = RequestOverride(**body, by=principal().subject, only_owner=only_owner())
    made = request_override(tx, command, company_terms())
    return one_override(tx.connection, made.override_id)


@overrides.query(
    "/", answer=OverrideOut, roles=READERS, filters=OverrideFilter, paged=True, summary="Find overrides"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List overrides, the latest first."""
    wanted = OverrideSearch(only_owner=only_owner(), **filters)
    rows = list_overrides(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@overrides.query("/<uuid:override_id>", answer=OverrideOut, roles=READERS, summary="Look at an override")
def show(connection: Connection, override_id: str) -> OverrideView:
    """Show an override."""
    return one_override(connection, override_id, only_owner=only_owner())
