"""Decide on an approval of finance, take it back, or ask further people when nobody answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from libs.common import approvals
from libs.common.approvals import Approval, Decision, Voice
from libs.common.approvals.faults import ApprovalNotFound
from libs.common.db import Transaction
from libs.common.outbox import publish
from services.finance.domain.approving import OVERRIDE, REFUND, WRITE_OFF, ShownRequest, Sight
from services.finance.domain.terms import Terms
from services.finance.events import ApprovalEscalated
from services.finance.store.approvals import as_seen, find_shown
from services.finance.use_cases.approving import tell_ended
from services.finance.use_cases.credit_overrides import lock_override, override_approved, override_refused
from services.finance.use_cases.refunds import lock_refund, refund_approved, refund_refused
from services.finance.use_cases.write_offs import lock_write_off, write_off_approved, write_off_refused

ESCALATION = "escalation"


@dataclass(frozen=True)
class Reaction:
    """What a kind of document does about its approval.

    ``lock`` keeps what it is about to the transaction before the approval's row is locked: one order for everybody.
    """

    lock: Callable[[Transaction, str], None]
    approved: Callable[[Transaction, Approval, Terms], None]
    refused: Callable[[Transaction, Approval, Terms], None]


REACTIONS: Mapping[str, Reaction] = {
    OVERRIDE: Reaction(lock_override, override_approved, override_refused),
    WRITE_OFF: Reaction(lock_write_off, write_off_approved, write_off_refused),
    REFUND: Reaction(lock_refund, refund_approved, refund_refused),
}


@dataclass(frozen=True)
class AboutApproval:
    """Which approval, as which version if the caller says so, and who asks; the rest as in ``Sight``."""

    approval_id: str
    me: Voice
    reads_all: bool
    expected_version: int | None = None


@dataclass(frozen=True)
class DecideApproval:
    """What the caller decides; what is left out is found as in ``libs.common.approvals``."""

    about: AboutApproval
    verdict: Literal["approved", "rejected"]
    step: int | None = None
    comment: str | None = None


def decide_approval(tx: Transaction, command: DecideApproval, terms: Terms) -> ShownRequest:
    """Count the decision once; the one that completes the approval carries the document out in the same commit."""
    about = command.about
    sight = _sight(about)
    reaction = _locked(tx, about.approval_id, sight)
    decision = Decision(
        verdict=command.verdict,
        me=about.me,
        step=command.step,
        comment=command.comment,
    )
    after = approvals.decide(tx, about.approval_id, decision, expected_version=about.expected_version)
    if after.state == "approved":
        reaction.approved(tx, after, terms)
    elif after.state == "rejected":
        reaction.refused(tx, after, terms)
    if after.state != "waiting":
        tell_ended(tx, after)
    return as_seen(after, sight)


def withdraw_approval(
    tx: Transaction, about: AboutApproval, comment: str | None, terms: Terms
) -> ShownRequest:
    """Take the question back; its document is over."""
    sight = _sight(about)
    reaction = _locked(tx, about.approval_id, sight)
    after = approvals.withdraw(
        tx, about.approval_id, about.me, comment, expected_version=about.expected_version
    )
    reaction.refused(tx, after, terms)
    tell_ended(tx, after)
    return as_seen(after, sight)


def escalate_overdue(tx: Transaction, limit: int) -> int:
    """Ask further people where a step was not answered in its time; return how many steps that were."""
    overdue = sorted(approvals.overdue(tx.connection, tx.now, limit))
    return sum(_escalate(tx, approval_id, n) for approval_id, n in overdue)


def _escalate(tx: Transaction, approval_id: str, n: int) -> bool:
    seen = approvals.find(tx.connection, approval_id)
    assert seen is not None
    REACTIONS[seen.document].lock(tx, seen.document_id)
    after = approvals.escalate(tx, approval_id, n, ESCALATION)
    if after is None:
        return False
    asked = after.steps[n - 1]
    assert asked.step.escalate_to is not None
    escalated = ApprovalEscalated(
        after.id, after.document, after.document_id, after.number, n, asked.name, asked.step.escalate_to
    )
    publish(tx, escalated, correlation_id=after.document_id)
    return True


def _sight(about: AboutApproval) -> Sight:
    return Sight((about.me,), about.reads_all)


def _locked(tx: Transaction, approval_id: str, sight: Sight) -> Reaction:
    seen = find_shown(tx.connection, approval_id, sight)
    if seen is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    reaction = REACTIONS[seen.document]
    reaction.lock(tx, seen.document_id)
    return reaction
