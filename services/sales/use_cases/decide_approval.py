"""What a quotation does about its approval: it is sent by the last yes, and a draft again by a no."""

from __future__ import annotations

from libs.common.approvals import Approval, AskedStep, Reaction, Reactions
from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain import quotation as rules
from services.sales.domain.approval import DOCUMENT
from services.sales.domain.quotation import Quotation
from services.sales.domain.terms import Terms
from services.sales.events import (
    QuotationApprovalEscalated,
    QuotationApprovalWithdrawn,
    QuotationApproved,
    QuotationRejected,
    QuotationSent,
)
from services.sales.store import quotations


def lock_quotation(tx: Transaction, quotation_id: str) -> Quotation:
    """Keep the quotation to this transaction, as whoever revises, declines or expires it does."""
    found = quotations.lock_priced(tx.connection, quotation_id)
    assert found is not None, "what an approval is about is never deleted"
    return found


def send_approved(tx: Transaction, approval: Approval, terms: Terms) -> None:
    """Send the quotation, if it is valid still."""
    quotation = lock_quotation(tx, approval.document_id)
    saved = quotations.save(tx, rules.send_approved(quotation, terms.today(tx.now)))
    last = approval.acts[-1]
    approved = QuotationApproved(saved.id, saved.number, approval.id, last.by, last.on_behalf_of)
    publish(tx, approved, correlation_id=saved.id)
    publish(tx, QuotationSent(saved.id, saved.number), correlation_id=saved.id)


def give_back(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    """Make it a draft again, and say why."""
    saved = _draft_again(tx, approval)
    last = approval.acts[-1]
    rejected = QuotationRejected(
        saved.id, saved.number, approval.id, last.by, last.comment or "", last.on_behalf_of
    )
    publish(tx, rejected, correlation_id=saved.id)


def take_back(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    """Make it a draft again, because who asked took the question back."""
    saved = _draft_again(tx, approval)
    withdrawn = QuotationApprovalWithdrawn(saved.id, saved.number, approval.id, approval.acts[-1].by)
    publish(tx, withdrawn, correlation_id=saved.id)


def _draft_again(tx: Transaction, approval: Approval) -> Quotation:
    return quotations.save(tx, rules.back_to_draft(lock_quotation(tx, approval.document_id)))


def tell_escalated(tx: Transaction, approval: Approval, asked: AskedStep) -> None:
    """Say that a further role is asked."""
    assert asked.step.escalate_to is not None, "what is escalated has somebody to escalate to"
    escalated = QuotationApprovalEscalated(
        approval.document_id, approval.number, approval.id, asked.n, asked.name, asked.step.escalate_to
    )
    publish(tx, escalated, correlation_id=approval.document_id)


OF_QUOTATIONS: Reactions = {
    DOCUMENT: Reaction(lock_quotation, send_approved, give_back, take_back, tell_escalated)
}
