"""Approvals over HTTP: what waits for whom, and the decisions."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.sales.api.approval_views import STATES, ApprovalSummary
from services.sales.api.company import company_day, company_terms
from services.sales.api.who import PEOPLE, SELLERS, only_owner, reads_quotations, voice
from services.sales.domain.approval import ShownApproval
from services.sales.reports.approvals import ApprovalSearch, Looker, list_approvals, one_approval
from services.sales.sagas import changing
from services.sales.use_cases.decide_approval import AboutApproval, DecideApproval

approvals = Noun(
    "approvals", "/api/v1/approvals", description="Quotations that wait for a yes, and who said it"
)
LOOKERS = (*PEOPLE, "api_client")
_VERDICTS = {"approve": "approved", "reject": "rejected"}


class SaidOut(Strict):
    """What the quotation said when the approval was asked for."""

    total = fields.MoneyField()
    currency = fields.Text(max=3)
    largest_discount_percent = fields.PercentField()
    price_overridden = fields.Flag()
    customer_id = fields.IdField()
    owner_id = fields.Text(max=64, allow_none=True)
    order_type = fields.Text(max=40)


class ActOut(Strict):
    """What somebody did about it; ``step`` where it was about one."""

    deed = fields.Choice("requested", "approved", "rejected", "withdrawn", "escalated", "lapsed")
    by = fields.Text(max=64)
    on_behalf_of = fields.Text(max=64, allow_none=True)
    step = fields.CountField(least=1, allow_none=True)
    comment = fields.Text(max=1000, allow_none=True)
    at = fields.UtcField()


class ShownApprovalSummary(ApprovalSummary):
    """An approval in a list, and whether it waits for the caller."""

    said = fields.Nested(SaidOut, attribute="shown_facts")
    waits_for_you = fields.Flag()


class ApprovalOut(ShownApprovalSummary):
    """An approval with its whole history; ``barred`` may not decide, for they wrote, priced or sent the document."""

    flows = fields.ListOf(fields.IdField(), metadata={"description": "The revisions that it was made of."})
    barred = fields.ListOf(fields.Text(max=64), attribute="barred_people")
    history = fields.ListOf(ActOut, attribute="acts")


class ApprovalFilter(Strict):
    """What to look for."""

    state = fields.Choice(
        *STATES, metadata={"description": "waiting: what waits for you, by role, name or delegation."}
    )
    all = fields.Flag(metadata={"description": "With state=waiting: also what waits for others."})
    document_id = fields.IdField()
    requested_by = fields.Text(max=64)


class DecideIn(Strict):
    """A decision. Left out, ``step`` is the first open one of yours, and you decide in your own name if you can."""

    decision = fields.Choice("approve", "reject", required=True)
    step = fields.CountField(least=1, most=1000)
    on_behalf_of = fields.Text(max=64, metadata={"description": "Who named you deputy."})
    comment = fields.Text(
        max=1000, multiline=True, metadata={"description": "A rejection says here why; else as you like."}
    )


class WithdrawIn(Strict):
    """Why the question is taken back."""

    comment = fields.Text(max=1000, multiline=True)


@approvals.query(
    "/",
    answer=ShownApprovalSummary,
    roles=LOOKERS,
    filters=ApprovalFilter,
    paged=True,
    summary="What waits for you",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List approvals, the latest first; with ``state=waiting`` those that wait for the caller."""
    rows = list_approvals(
        connection, ApprovalSearch(**filters), _looker(), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.id,))


@approvals.query("/<uuid:approval_id>", answer=ApprovalOut, roles=LOOKERS, summary="Look at an approval")
def show(connection: Connection, approval_id: str) -> ShownApproval:
    """Show an approval: what it is about, who is asked, and all that was done."""
    return one_approval(connection, approval_id, _looker())


@approvals.command(
    "POST",
    "/<uuid:approval_id>/decide",
    body=DecideIn,
    answer=ApprovalOut,
    roles=PEOPLE,
    summary="Approve or reject",
)
def decide(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownApproval:
    """Decide on an open step, once; the last yes sends the quotation, or lets the change of the order be checked."""
    verdict = _VERDICTS[body.pop("decision")]
    return changing.decide(tx, DecideApproval(_about(approval_id), verdict, **body), company_terms())  # type: ignore[arg-type]


@approvals.command(
    "POST",
    "/<uuid:approval_id>/withdraw",
    body=WithdrawIn,
    answer=ApprovalOut,
    roles=SELLERS,
    summary="Take the question back",
)
def withdraw(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownApproval:
    """End an approval that you asked for (an administrator: any): a quotation is a draft again, a change withdrawn."""
    return changing.withdraw(tx, _about(approval_id), body.get("comment"), company_terms())


def _about(approval_id: str) -> AboutApproval:
    return AboutApproval(approval_id, voice(), reads_quotations(), only_owner(), expected_version())


def _looker() -> Looker:
    return Looker(voice(), company_day(), reads_quotations(), only_owner())
