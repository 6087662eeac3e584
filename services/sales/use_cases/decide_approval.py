"""Decide on the approval of a quotation, take it back, or ask further people when nobody answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libs.common import approvals
from libs.common.approvals import Approval, Decision, Voice, lent_to
from libs.common.approvals.faults import ApprovalNotFound
from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.approval import DOCUMENT, ShownApproval
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import (
    OrderChangeApprovalEscalated,
    QuotationApprovalEscalated,
    QuotationApprovalWithdrawn,
    QuotationApproved,
    QuotationRejected,
    QuotationSent,
)
from services.sales.store import order_changes, quotations
from services.sales.store.approvals import Sight, as_seen, find_shown

ESCALATION = "escalation"


@dataclass(frozen=True)
class AboutApproval:
    """Which approval, as which version if the caller says so, and who asks; the rest as in ``Sight``."""

    approval_id: str
    me: Voice
    reads_quotations: bool
    only_owner: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True)
class DecideApproval:
    """What the caller decides; what is left out is found as in ``libs.common.approvals``."""

    about: AboutApproval
    verdict: Literal["approved", "rejected"]
    step: int | None = None
    on_behalf_of: str | None = None
    comment: str | None = None


def decide_approval(tx: Transaction, command: DecideApproval, terms: Terms) -> ShownApproval:
    """Count the decision once; the one that completes the approval sends the quotation in the same commit.

    The quotation is locked before its approval, as by whoever revises, declines or expires it: one goes first, and
    the other finds the approval settled.
    """
    about, today = command.about, terms.today(tx.now)
    sight = _sight(tx, about, terms)
    quotation = _locked(tx, about.approval_id, sight)
    decision = _decision(command, sight)
    after = approvals.decide(tx, about.approval_id, decision, expected_version=about.expected_version)
    if after.state == "approved":
        _send(tx, rules.send_approved(quotation, today), after)
    elif after.state == "rejected":
        _give_back(tx, quotation, after)
    return as_seen(after, sight)


def _decision(command: DecideApproval, sight: Sight) -> Decision:
    return Decision(
        verdict=command.verdict,
        me=command.about.me,
        lent=sight.voices[1:],
        step=command.step,
        on_behalf_of=command.on_behalf_of,
        comment=command.comment,
    )


def approval_seen(tx: Transaction, about: AboutApproval, terms: Terms) -> ShownApproval:
    """Return the approval that the caller may know of, not locked: of a quotation, or of a change of an order."""
    return _seen(tx, about.approval_id, _sight(tx, about, terms))


def decide_on_change(tx: Transaction, command: DecideApproval, terms: Terms) -> ShownApproval:
    """Count a decision about a change of an order, whose row is locked before its approval's, and do no more."""
    about = command.about
    sight = _sight(tx, about, terms)
    _lock_change(tx, about.approval_id, sight)
    after = approvals.decide(
        tx, about.approval_id, _decision(command, sight), expected_version=about.expected_version
    )
    return as_seen(after, sight)


def withdraw_from_change(
    tx: Transaction, about: AboutApproval, comment: str | None, terms: Terms
) -> ShownApproval:
    """Take back the question about a change of an order, on the same terms."""
    sight = _sight(tx, about, terms)
    _lock_change(tx, about.approval_id, sight)
    after = approvals.withdraw(
        tx, about.approval_id, about.me, comment, expected_version=about.expected_version
    )
    return as_seen(after, sight)


def _lock_change(tx: Transaction, approval_id: str, sight: Sight) -> None:
    order_changes.find(tx.connection, _seen(tx, approval_id, sight).document_id, lock=True)


def withdraw_approval(
    tx: Transaction, about: AboutApproval, comment: str | None, terms: Terms
) -> ShownApproval:
    """Take the question back; the quotation is a draft again."""
    sight = _sight(tx, about, terms)
    quotation = _locked(tx, about.approval_id, sight)
    after = approvals.withdraw(
        tx, about.approval_id, about.me, comment, expected_version=about.expected_version
    )
    saved = quotations.save(tx, rules.back_to_draft(quotation))
    withdrawn = QuotationApprovalWithdrawn(saved.id, saved.number, after.id, about.me.person)
    publish(tx, withdrawn, correlation_id=saved.id)
    return as_seen(after, sight)


def escalate_overdue(tx: Transaction, limit: int) -> int:
    """Ask further people where a step was not answered in its time; return how many steps that were."""
    overdue = sorted(approvals.overdue(tx.connection, tx.now, limit))
    return sum(_escalate(tx, approval_id, n) for approval_id, n in overdue)


def _escalate(tx: Transaction, approval_id: str, n: int) -> bool:
    seen = approvals.find(tx.connection, approval_id)
    assert seen is not None
    if seen.document == DOCUMENT:
        assert quotations.lock_priced(tx.connection, seen.document_id) is not None
    else:
        assert order_changes.find(tx.connection, seen.document_id, lock=True) is not None
    after = approvals.escalate(tx, approval_id, n, ESCALATION)
    if after is None:
        return False
    _tell_escalated(tx, after, n)
    return True


def _tell_escalated(tx: Transaction, after: Approval, n: int) -> None:
    asked = after.steps[n - 1]
    assert asked.step.escalate_to is not None
    about = (after.number, after.id, n, asked.name, asked.step.escalate_to)
    if after.document == DOCUMENT:
        publish(
            tx,
            QuotationApprovalEscalated(after.document_id, *about),
            correlation_id=after.conversation_id,
        )
        return
    change = order_changes.find(tx.connection, after.document_id)
    assert change is not None
    escalated = OrderChangeApprovalEscalated(change.order_id, change.id, *about)
    publish(tx, escalated, correlation_id=after.conversation_id)


def _sight(tx: Transaction, about: AboutApproval, terms: Terms) -> Sight:
    lent = lent_to(tx.connection, about.me.person, terms.today(tx.now))
    return Sight((about.me, *lent), about.reads_quotations, about.only_owner)


def _seen(tx: Transaction, approval_id: str, sight: Sight) -> ShownApproval:
    seen = find_shown(tx.connection, approval_id, sight)
    if seen is None:
        raise ApprovalNotFound(f"there is no approval {approval_id}")
    return seen


def _locked(tx: Transaction, approval_id: str, sight: Sight) -> Quotation:
    seen = _seen(tx, approval_id, sight)
    quotation = quotations.lock_priced(tx.connection, seen.document_id)
    assert quotation is not None
    return quotation


def _send(tx: Transaction, quotation: Quotation, approval: Approval) -> None:
    saved = quotations.save(tx, quotation)
    last = approval.acts[-1]
    approved = QuotationApproved(saved.id, saved.number, approval.id, last.by, last.on_behalf_of)
    publish(tx, approved, correlation_id=saved.id)
    publish(tx, QuotationSent(saved.id, saved.number), correlation_id=saved.id)


def _give_back(tx: Transaction, quotation: Quotation, approval: Approval) -> None:
    saved = quotations.save(tx, rules.back_to_draft(quotation))
    last = approval.acts[-1]
    rejected = QuotationRejected(
        saved.id, saved.number, approval.id, last.by, last.comment or "", last.on_behalf_of
    )
    publish(tx, rejected, correlation_id=saved.id)
