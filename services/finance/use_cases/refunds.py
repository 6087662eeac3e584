"""Give money back that is the customer's: what a payment or a credit note has left, with another's yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.approvals import Approval
from libs.common.db import Transaction, next_number
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.approving import REFUND
from services.finance.domain.company_books import at_value
from services.finance.domain.credit_notes import CreditNoteNotFound
from services.finance.domain.exchange import Carried
from services.finance.domain.ledger import refund_entry
from services.finance.domain.payment import PaymentNotFound
from services.finance.domain.settlement import Refund, RefundInvalid, RefundNotFound, check_refund
from services.finance.domain.terms import Terms
from services.finance.events import RefundPosted
from services.finance.store import accounts, credit_notes, ledger, payments, periods, settlements
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.approving import Asked, ask_for_approval

SERIES = "refund"


@dataclass(frozen=True)
class RequestRefund:
    """Give back ``amount`` of a payment or of a credit note; left out: all that is left of it."""

    reason: str
    by: str
    payment_id: str | None = None
    credit_note_id: str | None = None
    amount: Money | None = None


@dataclass(frozen=True)
class _Free:
    """What a payment or a credit note has left, and what it is called.

    Of what is ``unused`` a part may be kept for orders that are paid in advance; ``carried`` is what it is in the
    books.
    """

    number: str
    customer_id: str
    left: Money
    since: date
    carried: Carried
    unused: Money


def request_refund(tx: Transaction, command: RequestRefund, _terms: Terms) -> Refund:
    """Record what is to go back and ask for another's yes; the money is taken when that is given."""
    if (command.payment_id is None) == (command.credit_note_id is None):
        raise RefundInvalid(
            "a refund is of a payment or of a credit note",
            field="payment_id",
            cure="give payment_id or credit_note_id, one of them",
        )
    account = lock_account(tx, _free(tx, command.payment_id, command.credit_note_id).customer_id)
    free = _free(tx, command.payment_id, command.credit_note_id)
    amount = free.left if command.amount is None else command.amount
    check_refund(account, free.number, free.left, amount)
    refund_id, number = tx.new_id(), f"RF-{next_number(tx, SERIES):06d}"
    begun = ask_for_approval(tx, Asked(REFUND, refund_id, number, amount), account, command.by)
    new = Refund(
        refund_id=refund_id,
        number=number,
        payment_id=command.payment_id,
        credit_note_id=command.credit_note_id,
        customer_id=account.customer_id,
        amount=amount,
        reason=command.reason,
        requested_by=command.by,
        requested_at=tx.now,
        approval_id=begun.id,
    )
    settlements.add_refund(tx, new)
    return new


def _free(tx: Transaction, payment_id: str | None, credit_note_id: str | None) -> _Free:
    if payment_id is not None:
        payment = payments.find(tx.connection, payment_id)
        if payment is None:
            raise PaymentNotFound(
                f"there is no payment {payment_id}",
                field="payment_id",
                cure="choose one from GET /api/v1/payments",
            )
        return _Free(
            payment.number,
            payment.customer_id,
            payment.free,
            payment.received_on,
            Carried(payment.amount, payment.company),
            payment.unallocated,
        )
    assert credit_note_id is not None
    note = credit_notes.find(tx.connection, credit_note_id)
    if note is None:
        raise CreditNoteNotFound(f"there is no credit note {credit_note_id}", field="credit_note_id")
    return _Free(
        note.number,
        note.customer_id,
        note.unallocated,
        note.posted_on,
        Carried(note.left or note.unallocated, note.company),
        note.unallocated,
    )


def lock_refund(tx: Transaction, refund_id: str) -> None:
    """Keep the customer's account to this transaction, as whoever changes its figures does."""
    accounts.lock(tx.connection, _find(tx, refund_id).customer_id)


def refund_approved(tx: Transaction, approval: Approval, terms: Terms) -> None:
    """Take the money from what is left and book it; refused, with the yes, when less is free by now."""
    found = _find(tx, approval.document_id)
    account = lock_account(tx, found.customer_id)
    free = _free(tx, found.payment_id, found.credit_note_id)
    check_refund(account, free.number, free.left, found.amount)
    if not _take(tx, found):
        raise AssertionError("what is left of a payment does not change while its account is locked")
    on = periods.lock_now(tx.connection).first_open(max(terms.today(tx.now), free.since))
    settlements.move_refund(tx.connection, found.refund_id, "waiting", state="posted", posted_on=on)
    _book(tx, replace(found, state="posted", posted_on=on), account, free)


def _take(tx: Transaction, found: Refund) -> bool:
    """Take the amount by one conditional update of the payment or the credit note."""
    if found.payment_id is not None:
        return payments.take(tx.connection, found.payment_id, found.amount) is not None
    assert found.credit_note_id is not None
    return credit_notes.take(tx.connection, found.credit_note_id, found.amount) is not None


def _book(tx: Transaction, posted: Refund, account: Account, free: _Free) -> None:
    assert posted.posted_on is not None
    accounts.move(tx.connection, account.customer_id, unallocated=-posted.amount.minor)
    number = f"{posted.number} / {free.number}"
    entry = refund_entry(posted.refund_id, number, posted.customer_id, posted.posted_on, posted.amount)
    ledger.book(tx, at_value(entry, free.carried.part(free.unused, posted.amount)), posted.refund_id)
    told = RefundPosted(
        refund_id=posted.refund_id,
        number=posted.number,
        customer_id=posted.customer_id,
        amount=posted.amount,
        posted_on=posted.posted_on,
        reason=posted.reason,
        payment_id=posted.payment_id,
        credit_note_id=posted.credit_note_id,
    )
    publish(tx, told, correlation_id=posted.refund_id)


def refund_refused(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    """Note that it was rejected or withdrawn."""
    settlements.move_refund(tx.connection, approval.document_id, "waiting", state=approval.state)


def _find(tx: Transaction, refund_id: str) -> Refund:
    found = settlements.find_refund(tx.connection, refund_id)
    if found is None:
        raise RefundNotFound(f"there is no refund {refund_id}", field="refund_id")
    return found
