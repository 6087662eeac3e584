"""Ask for the yes that the company's flows want for what is bought, and say what became of it."""

from __future__ import annotations

from libs.common import approvals
from libs.common.approvals import Approval, AskedStep, Facts, Subject, current_flows, matching
from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.outbox import publish
from services.inventory.domain.approving import ApprovalPending
from services.inventory.events import ApprovalEnded, ApprovalEscalated, ApprovalRequested

BY_ITSELF = "inventory"


def ask_if_needed(
    tx: Transaction, document: str, document_id: str, number: str, facts: Facts, wrote: str | None
) -> Approval | None:
    """Begin the approval that the flows want, if any does and somebody asks; nothing where none applies.

    Who ``wrote`` the document may not decide, nor may the one who acts now, who asks.
    """
    asks = tx.cause.actor
    flows = matching(current_flows(tx.connection, document), facts)
    if asks is None or not flows:
        return None
    barred = frozenset({asks} if wrote is None else {asks, wrote})
    begun = approvals.ask(tx, Subject(document, document_id, number, document_id, facts, barred), flows, asks)
    amount = facts.get("amount")
    requested = ApprovalRequested(
        approval_id=begun.id,
        document=document,
        document_id=document_id,
        number=number,
        requested_by=asks,
        steps=tuple(step.name for step in begun.open_steps),
        amount=amount if isinstance(amount, Money) else None,
    )
    publish(tx, requested, correlation_id=document_id)
    return begun


def require_none_waits(tx: Transaction, approval_id: str | None, number: str) -> None:
    """Refuse to let go on what waits for its approval."""
    if _waiting(tx, approval_id) is not None:
        raise ApprovalPending(f"{number} waits for its approval", approval_id=approval_id)


def lapse_waiting(tx: Transaction, approval_id: str | None, reason: str) -> None:
    """End the approval that a document waits for, if it does: it is over, or not what was asked about any more."""
    waiting = _waiting(tx, approval_id)
    if waiting is not None:
        tell_ended(tx, approvals.lapse(tx, waiting.id, tx.cause.actor or BY_ITSELF, reason))


def _waiting(tx: Transaction, approval_id: str | None) -> Approval | None:
    """Return the approval if it waits; the document's row is locked, so it stays so."""
    found = None if approval_id is None else approvals.find(tx.connection, approval_id)
    return found if found is not None and found.state == "waiting" else None


def tell_ended(tx: Transaction, approval: Approval) -> None:
    """Say how an approval ended."""
    last = approval.acts[-1]
    ended = ApprovalEnded(
        approval_id=approval.id,
        document=approval.document,
        document_id=approval.document_id,
        number=approval.number,
        state=approval.state,
        by=last.by,
        on_behalf_of=last.on_behalf_of,
        comment=last.comment,
    )
    publish(tx, ended, correlation_id=approval.document_id)


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
