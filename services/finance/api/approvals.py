"""Approvals of finance over HTTP: what waits for whom, and the decisions."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_terms
from services.finance.api.who import ASKERS, PEOPLE, reads_all_approvals, voice
from services.finance.domain.approving import DOCUMENTS, ShownRequest, Sight
from services.finance.reports.approvals import ApprovalSearch, list_approvals, one_approval
from services.finance.use_cases.decide_approval import (
    AboutApproval,
    DecideApproval,
    decide_approval,
    withdraw_approval,
)

approvals = Noun(
    "finance_approvals",
    "/api/v1/finance-approvals",
    description="What of finance waits for a second person's yes, and who said it",
)
STATES = ("waiting", "approved", "rejected", "withdrawn", "lapsed")
LOOKERS = (*PEOPLE, "api_client")
_VERDICTS = {"approve": "approved", "reject": "rejected"}


class ApproverOut(Strict):
    """Who may answer; ``added`` by an escalation, he stands in for each of the others."""

    kind = fields.Choice("role", "user")
    name = fields.Text(max=64)
    added = fields.Flag()


class ApprovalStepOut(Strict):
    """A question of an approval: asked ``later``, ``open``, or ``approved``."""

    n = fields.CountField(least=1)
    flow = fields.Text(max=120)
    name = fields.Text(max=120)
    stage = fields.CountField(least=1)
    state = fields.Choice("later", "open", "approved")
    needs = fields.Choice("any", "all", "number", attribute="step.needs")
    people_needed = fields.CountField(least=1, attribute="step.people")
    approvers = fields.ListOf(ApproverOut, attribute="step.approvers")
    opened_at = fields.UtcField(allow_none=True)
    approved_at = fields.UtcField(allow_none=True)
    escalate_at = fields.UtcField(allow_none=True)
    escalate_to = fields.Text(max=64, allow_none=True, attribute="step.escalate_to")


class SaidOut(Strict):
    """What the document said when the approval was asked for."""

    amount = fields.MoneyField()
    currency = fields.Text(max=3)
    customer_id = fields.IdField()
    owner_id = fields.Text(max=64, allow_none=True)


class ActOut(Strict):
    """What somebody did about it; ``step`` where it was about one."""

    deed = fields.Choice("requested", "approved", "rejected", "withdrawn", "escalated", "lapsed")
    by = fields.Text(max=64)
    on_behalf_of = fields.Text(max=64, allow_none=True)
    step = fields.CountField(least=1, allow_none=True)
    comment = fields.Text(max=1000, allow_none=True)
    at = fields.UtcField()


class ApprovalSummary(Strict):
    """An approval in a list, and whether it waits for the caller."""

    id = fields.IdField()
    document = fields.Choice(*DOCUMENTS)
    document_id = fields.IdField()
    number = fields.Text(max=64)
    said = fields.Nested(SaidOut, attribute="facts")
    state = fields.Choice(*STATES)
    requested_by = fields.Text(max=64)
    requested_at = fields.UtcField()
    ended_at = fields.UtcField(allow_none=True)
    steps = fields.ListOf(ApprovalStepOut)
    waits_for_you = fields.Flag()
    version = fields.CountField(least=1)


class ApprovalOut(ApprovalSummary):
    """An approval with its whole history; ``barred`` may not decide: who asked, and the customer's salesperson."""

    flows = fields.ListOf(
        fields.Text(max=64),
        metadata={"description": "The revisions that it was made of; built-in where none of yours applied."},
    )
    barred = fields.ListOf(fields.Text(max=64), attribute="barred_people")
    history = fields.ListOf(ActOut, attribute="acts")


class ApprovalFilter(Strict):
    """What to look for."""

    state = fields.Choice(*STATES, metadata={"description": "waiting: what waits for you, by role or name."})
    all = fields.Flag(metadata={"description": "With state=waiting: also what waits for others."})
    document = fields.Choice(*DOCUMENTS)
    document_id = fields.IdField()
    requested_by = fields.Text(max=64)


class DecideIn(Strict):
    """A decision. Left out, ``step`` is the first open one of yours."""

    decision = fields.Choice("approve", "reject", required=True)
    step = fields.CountField(least=1, most=1000)
    comment = fields.Text(
        max=1000, multiline=True, metadata={"description": "A rejection says here why; else as you like."}
    )


class WithdrawIn(Strict):
    """Why the question is taken back."""

    comment = fields.Text(max=1000, multiline=True)


@approvals.query(
    "/",
    answer=ApprovalSummary,
    roles=LOOKERS,
    filters=ApprovalFilter,
    paged=True,
    summary="What waits for you",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List approvals, the latest first; with ``state=waiting`` those that wait for the caller."""
    rows = list_approvals(
        connection, ApprovalSearch(**filters), _sight(), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.id,))


@approvals.query("/<uuid:approval_id>", answer=ApprovalOut, roles=LOOKERS, summary="Look at an approval")
def show(connection: Connection, approval_id: str) -> ShownRequest:
    """Show an approval: what it is about, who is asked, and all that was done."""
    return one_approval(connection, approval_id, _sight())


@approvals.command(
    "POST",
    "/<uuid:approval_id>/decide",
    body=DecideIn,
    answer=ApprovalOut,
    roles=PEOPLE,
    summary="Approve or reject",
)
def decide(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownRequest:
    """Decide on an open step, once; the decision that completes the approval carries the document out."""
    verdict = _VERDICTS[body.pop("decision")]
    return decide_approval(tx, DecideApproval(_about(approval_id), verdict, **body), company_terms())  # type: ignore[arg-type]


@approvals.command(
    "POST",
    "/<uuid:approval_id>/withdraw",
    body=WithdrawIn,
    answer=ApprovalOut,
    roles=ASKERS,
    summary="Take the question back",
)
def withdraw(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownRequest:
    """End an approval that you asked for (an administrator: any); its document is over."""
    return withdraw_approval(tx, _about(approval_id), body.get("comment"), company_terms())


def _about(approval_id: str) -> AboutApproval:
    return AboutApproval(approval_id, voice(), reads_all_approvals(), expected_version())


def _sight() -> Sight:
    return Sight((voice(),), reads_all_approvals())
