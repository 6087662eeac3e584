"""Ask for a second person's yes to a document of finance, and say what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common import approvals
from libs.common.approvals import Approval, Subject, current_flows, matching
from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.approving import facts_of, first_flow
from services.finance.events import ApprovalEnded, ApprovalRequested

BY_ITSELF = "finance"


@dataclass(frozen=True)
class Asked:
    """A document that needs a yes: of which kind, its id and number, and the amount that it is about."""

    document: str
    document_id: str
    number: str
    amount: Money


def ask_for_approval(tx: Transaction, asked: Asked, account: Account, by: str) -> Approval:
    """Begin the approval by the company's flows, or without any by a second person of finance.

    Neither who asks nor the customer's own salesperson may decide.
    """
    facts = facts_of(asked.amount, account.customer_id, account.owner_id)
    flows = matching(current_flows(tx.connection, asked.document), facts) or (first_flow(asked.document),)
    barred = frozenset(person for person in (by, account.owner_id) if person is not None)
    subject = Subject(asked.document, asked.document_id, asked.number, asked.document_id, facts, barred)
    begun = approvals.ask(tx, subject, flows, by)
    requested = ApprovalRequested(
        approval_id=begun.id,
        document=begun.document,
        document_id=begun.document_id,
        number=begun.number,
        customer_id=account.customer_id,
        amount=asked.amount,
        requested_by=by,
        steps=tuple(step.name for step in begun.open_steps),
    )
    publish(tx, requested, correlation_id=begun.document_id)
    return begun


def lapse_approval(tx: Transaction, approval_id: str, reason: str) -> None:
    """End an approval whose document is over."""
    tell_ended(tx, approvals.lapse(tx, approval_id, tx.cause.actor or BY_ITSELF, reason))


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
