"""What finance's documents do about their approvals: carried out by the last yes, over by a no."""

from __future__ import annotations

from libs.common.approvals import Approval, AskedStep, Reaction, Reactions
from libs.common.db import Transaction
from libs.common.outbox import publish
from services.finance.domain.approving import OVERRIDE, REFUND, WRITE_OFF
from services.finance.events import ApprovalEscalated
from services.finance.use_cases.approving import tell_ended
from services.finance.use_cases.credit_overrides import lock_override, override_approved, override_refused
from services.finance.use_cases.refunds import lock_refund, refund_approved, refund_refused
from services.finance.use_cases.write_offs import lock_write_off, write_off_approved, write_off_refused


def tell_escalated(tx: Transaction, approval: Approval, asked: AskedStep) -> None:
    """Say that a further role is asked."""
    assert asked.step.escalate_to is not None, "what is escalated has somebody to escalate to"
    escalated = ApprovalEscalated(
        approval.id,
        approval.document,
        approval.document_id,
        approval.number,
        asked.n,
        asked.name,
        asked.step.escalate_to,
    )
    publish(tx, escalated, correlation_id=approval.document_id)


REACTIONS: Reactions = {
    document: Reaction(lock, approved, refused, refused, tell_escalated, tell_ended)
    for document, lock, approved, refused in (
        (OVERRIDE, lock_override, override_approved, override_refused),
        (WRITE_OFF, lock_write_off, write_off_approved, write_off_refused),
        (REFUND, lock_refund, refund_approved, refund_refused),
    )
}
