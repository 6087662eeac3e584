"""Approvals over HTTP: what waits for whom, and the decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from libs.common.approvals import (
    AboutApproval,
    ApprovalSearch,
    DecideApproval,
    ShownApproval,
    decide_approval,
    list_approvals,
    one_approval,
    withdraw_approval,
)
from libs.common.approvals_api.mount import Mount
from libs.common.approvals_api.views import STATES, ActOut, summary_of
from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields

_VERDICTS: dict[str, Literal["approved", "rejected"]] = {"approve": "approved", "reject": "rejected"}


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


@dataclass(frozen=True)
class _Schemas:
    summary: type[Strict]
    whole: type[Strict]
    filters: type[Strict]


def _schemas(mount: Mount) -> _Schemas:
    class ShownApprovalSummary(summary_of(*mount.documents)):  # type: ignore[misc] # a class made just before
        """An approval in a list, and whether it waits for the caller."""

        said = fields.Nested(mount.said)
        waits_for_you = fields.Flag()

    class ApprovalOut(ShownApprovalSummary):
        """An approval with its whole history; ``barred`` may not decide: they wrote, priced or sent the document."""

        flows = fields.ListOf(
            fields.Text(max=64) if mount.has_built_in else fields.IdField(),
            metadata={
                "description": "The revisions that it was made of; built-in where none of yours applied."
            },
        )
        barred = fields.ListOf(fields.Text(max=64), attribute="barred_people")
        superiors = fields.ListOf(
            fields.Text(max=64),
            least=0,
            metadata={"description": "Who was above the one who asked, on that day, the direct one first."},
        )
        history = fields.ListOf(ActOut, attribute="acts")

    class ApprovalFilter(Strict):
        """What to look for."""

        state = fields.Choice(
            *STATES, metadata={"description": "waiting: what waits for you, by role, name or delegation."}
        )
        all = fields.Flag(metadata={"description": "With state=waiting: also what waits for others."})
        document = fields.Choice(*mount.documents)
        document_id = fields.IdField()
        requested_by = fields.Text(max=64)

    return _Schemas(ShownApprovalSummary, ApprovalOut, ApprovalFilter)


def approvals_noun(mount: Mount) -> Noun:
    """Return the routes of approvals."""
    approvals = Noun(
        mount.name("approvals"),
        mount.path("approvals"),
        description=f"{mount.about} that wait for a yes, and who said it",
    )
    schemas = _schemas(mount)
    _looks(approvals, mount, schemas)
    _acts(approvals, mount, schemas)
    return approvals


def _looks(approvals: Noun, mount: Mount, schemas: _Schemas) -> None:
    @approvals.query(
        "/",
        answer=schemas.summary,
        roles=mount.roles.lookers,
        filters=schemas.filters,
        paged=True,
        summary="What waits for you",
    )
    def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
        """List approvals, the latest first; with ``state=waiting`` those that wait for the caller."""
        rows = list_approvals(
            connection,
            ApprovalSearch(**filters),
            mount.sight(connection),
            after=page.after,
            limit=page.limit + 1,
        )
        return Page.of(rows, page, key=lambda row: (row.id,))

    @approvals.query(
        "/<uuid:approval_id>",
        answer=schemas.whole,
        roles=mount.roles.lookers,
        summary="Look at an approval",
    )
    def show(connection: Connection, approval_id: str) -> ShownApproval:
        """Show an approval: what it is about, who is asked, and all that was done."""
        return one_approval(connection, approval_id, mount.sight(connection))


def _acts(approvals: Noun, mount: Mount, schemas: _Schemas) -> None:
    def about(tx: Transaction, approval_id: str) -> AboutApproval:
        return AboutApproval(approval_id, mount.sight(tx.connection), expected_version())

    @approvals.command(
        "POST",
        "/<uuid:approval_id>/decide",
        body=DecideIn,
        answer=schemas.whole,
        roles=mount.roles.people,
        summary="Approve or reject",
    )
    def decide(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownApproval:
        """Decide on an open step, once; the decision that completes the approval carries the document out."""
        verdict = _VERDICTS[body.pop("decision")]
        command = DecideApproval(about(tx, approval_id), verdict, **body)
        return decide_approval(tx, command, mount.reactions, mount.terms())

    @approvals.command(
        "POST",
        "/<uuid:approval_id>/withdraw",
        body=WithdrawIn,
        answer=schemas.whole,
        roles=mount.roles.askers,
        summary="Take the question back",
    )
    def withdraw(tx: Transaction, body: dict[str, Any], approval_id: str) -> ShownApproval:
        """End an approval that you asked for (an administrator: any)."""
        this = about(tx, approval_id)
        return withdraw_approval(tx, this, body.get("comment"), mount.reactions, mount.terms())
