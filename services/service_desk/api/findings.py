"""What technicians notice, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, fields
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.finding import FINDING_KINDS
from services.service_desk.reports.findings import TicketFindings, findings_of
from services.service_desk.use_cases.note_finding import NoteFinding, note_finding

findings = Noun("findings", "/api/v1/tickets", description="What technicians notice at customers")
LONG_TEXT = 2000


class FindingIn(Strict):
    """What was noticed: worn, outgrown, consumables (are needed) or upgrade (is wanted)."""

    kind = fields.Choice(*FINDING_KINDS, required=True)
    note = fields.Text(max=LONG_TEXT, multiline=True, required=True)
    item_id = fields.IdField(allow_none=True, metadata={"description": "What the customer holds."})
    wanted_item_id = fields.IdField(allow_none=True, metadata={"description": "What they may need."})
    quantity = fields.QuantityField(allow_none=True, metadata={"description": "How much of it."})


class EarnedOut(Strict):
    """An order that came of it: with tax, and what of it is revenue, without."""

    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    state = fields.Text(max=12)
    order_total = fields.MoneyField()
    revenue = fields.MoneyField(negative=True)


class FindingOut(FindingIn):
    """What was noticed, with whom it is, and what came of it."""

    id = fields.IdField()
    ticket_id = fields.IdField()
    found_by = fields.Text(max=64)
    found_at = fields.UtcField()
    opportunity_id = fields.IdField(
        allow_none=True, metadata={"description": "Null until the salesperson has it."}
    )
    opportunity_number = fields.Text(max=32, allow_none=True)
    owner_id = fields.Text(max=64, allow_none=True, metadata={"description": "The salesperson."})
    orders = fields.ListOf(EarnedOut, least=0)


class TicketFindingsOut(Strict):
    """What was noticed with a ticket, and the revenue that is owed to it, by currency."""

    ticket_id = fields.IdField()
    findings = fields.ListOf(FindingOut, least=0)
    revenue = fields.ListOf(fields.MoneyField(negative=True), least=0)


@findings.command(
    "POST",
    "/<uuid:ticket_id>/findings",
    body=FindingIn,
    answer=TicketFindingsOut,
    status=201,
    roles=WORKERS,
    summary="Note what was noticed",
)
def note(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketFindings:
    """Note what was noticed at the customer; the salesperson has it as an opportunity at once."""
    note_finding(tx, ticket_id, worker(), NoteFinding(**body))
    return findings_of(tx.connection, ticket_id, only_owner=None)


@findings.query("/<uuid:ticket_id>/findings", answer=TicketFindingsOut, roles=ANY, summary="What was noticed")
def index(connection: Connection, ticket_id: str) -> TicketFindings:
    """Show what was noticed with a ticket, and what it earned."""
    return findings_of(connection, ticket_id, only_owner=only_owner())
