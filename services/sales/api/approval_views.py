"""How approvals are shown, alone and on the quotation that waits."""

from __future__ import annotations

from libs.common.web import Strict, fields

STATES = ("waiting", "approved", "rejected", "withdrawn", "lapsed")


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


class ApprovalSummary(Strict):
    """An approval without its history."""

    id = fields.IdField()
    document = fields.Choice("quotation", "order_change")
    document_id = fields.IdField()
    number = fields.Text(max=64)
    state = fields.Choice(*STATES)
    requested_by = fields.Text(max=64)
    requested_at = fields.UtcField()
    ended_at = fields.UtcField(allow_none=True)
    steps = fields.ListOf(ApprovalStepOut)
    version = fields.CountField(least=1)
