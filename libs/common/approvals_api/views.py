"""How approvals are shown, alone and on the document that waits."""

from __future__ import annotations

from libs.common.approvals.flow import HIGHEST_LEVEL
from libs.common.web import Strict, fields

STATES = ("waiting", "approved", "rejected", "withdrawn", "lapsed")
LEVEL = {"description": "As whose superior: 1 is the direct one. Null: for another reason."}
OTHERWISE = {
    "description": "The role that is asked in place of a superior whom the one who asks does not have."
}


class ApproverOut(Strict):
    """Who may answer; ``added`` by an escalation, he stands in for each of the others.

    Where a flow asks a superior, ``name`` is his level; on an approval it is the person, or the role that stands in.
    """

    kind = fields.Choice("role", "user", "superior")
    name = fields.Text(max=64)
    added = fields.Flag()
    level = fields.CountField(
        least=1, most=HIGHEST_LEVEL, allow_none=True, attribute="shown_level", metadata=LEVEL
    )


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
    otherwise = fields.Text(max=64, allow_none=True, attribute="step.otherwise", metadata=OTHERWISE)


class ActOut(Strict):
    """What somebody did about it; ``step`` where it was about one."""

    deed = fields.Choice("requested", "approved", "rejected", "withdrawn", "escalated", "lapsed")
    by = fields.Text(max=64)
    on_behalf_of = fields.Text(max=64, allow_none=True)
    step = fields.CountField(least=1, allow_none=True)
    comment = fields.Text(max=1000, allow_none=True)
    at = fields.UtcField()


def summary_of(*documents: str) -> type[Strict]:
    """Return how an approval of such documents is shown without its history."""

    class ApprovalSummary(Strict):
        """An approval without its history."""

        id = fields.IdField()
        document = fields.Choice(*documents)
        document_id = fields.IdField()
        number = fields.Text(max=64)
        state = fields.Choice(*STATES)
        requested_by = fields.Text(max=64)
        requested_at = fields.UtcField()
        ended_at = fields.UtcField(allow_none=True)
        steps = fields.ListOf(ApprovalStepOut)
        version = fields.CountField(least=1)

    return ApprovalSummary
