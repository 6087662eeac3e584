"""Give up what is open of an invoice: a small difference at once, more with another's yes; and take it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.approvals import Approval
from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.approving import WRITE_OFF
from services.finance.domain.company_books import at_value
from services.finance.domain.exchange import Carried
from services.finance.domain.invoicing import Invoice
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.ledger import write_back_entry, write_off_entry
from services.finance.domain.settlement import (
    WriteOff,
    WriteOffNotFound,
    WriteOffNotPosted,
    check_tolerance,
    check_write_off,
    needs_approval,
)
from services.finance.domain.terms import Terms
from services.finance.events import WriteOffPosted, WriteOffReversed
from services.finance.store import accounts, invoices, ledger, periods, receivable_months, settlements
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.approving import Asked, ask_for_approval
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.post_invoice import publish_paid

SERIES = "write_off"


@dataclass(frozen=True)
class SetTolerance:
    """Up to how much of an invoice is written off without another's yes, in its currency."""

    amount: Money
    expected_version: int | None = None


@dataclass(frozen=True)
class RequestWriteOff:
    """Give up ``amount`` of an invoice; left out: all that is open."""

    invoice_id: str
    reason: str
    by: str
    amount: Money | None = None


@dataclass(frozen=True)
class ReverseWriteOff:
    """Take a write-off back by a counter-entry of today."""

    write_off_id: str
    reason: str
    by: str
    expected_version: int | None = None


def set_tolerance(tx: Transaction, command: SetTolerance) -> tuple[Money, int]:
    """Store the next version of the tolerance in its currency."""
    check_tolerance(command.amount)
    now, version = settlements.tolerance(tx.connection, command.amount.currency)
    if command.expected_version not in (None, version):
        raise VersionMismatch(f"the tolerance is at version {version}")
    if command.amount != now or not version:
        version += 1
        settlements.add_tolerance(tx, command.amount, version)
    return command.amount, version


def request_write_off(tx: Transaction, command: RequestWriteOff, terms: Terms) -> WriteOff:
    """Write a small difference off, or ask for another's yes. The account is locked before the invoice is read."""
    account, invoice = _locked(tx, command.invoice_id)
    amount = invoice.open if command.amount is None else command.amount
    check_write_off(invoice, amount)
    allowed, _ = settlements.tolerance(tx.connection, amount.currency)
    before = settlements.written_off_unasked(tx.connection, invoice.invoice_id, amount.currency)
    new = WriteOff(
        write_off_id=tx.new_id(),
        number=f"WO-{next_number(tx, SERIES):06d}",
        invoice_id=invoice.invoice_id,
        customer_id=account.customer_id,
        amount=amount,
        reason=command.reason,
        requested_by=command.by,
        requested_at=tx.now,
    )
    if needs_approval(amount, before, allowed):
        asked = Asked(WRITE_OFF, new.write_off_id, new.number, amount)
        begun = ask_for_approval(tx, asked, account, command.by)
        new = replace(new, approval_id=begun.id)
        settlements.add_write_off(tx, new)
        return new
    posted = replace(new, state="posted", posted_on=_day(tx, invoice, terms))
    settlements.add_write_off(tx, posted)
    _post(tx, posted, terms)
    return posted


def _locked(tx: Transaction, invoice_id: str) -> tuple[Account, Invoice]:
    seen = invoices.find(tx.connection, invoice_id)
    if seen is None:
        raise InvoiceNotFound(
            f"there is no invoice {invoice_id}",
            field="invoice_id",
            cure="choose one from GET /api/v1/invoices",
        )
    account = lock_account(tx, seen.customer_id)
    return account, invoices.lock_many(tx.connection, [invoice_id])[invoice_id]


def _day(tx: Transaction, invoice: Invoice, terms: Terms) -> date:
    return periods.lock_now(tx.connection).first_open(max(terms.today(tx.now), invoice.posted_on))


def _post(tx: Transaction, posted: WriteOff, terms: Terms) -> None:
    """Take it off the invoice in one conditional update, book the loss, and grant what that makes room for."""
    assert posted.posted_on is not None
    before = invoices.find(tx.connection, posted.invoice_id)
    assert before is not None
    after = invoices.pay(
        tx.connection, posted.invoice_id, posted.customer_id, posted.amount, posted.posted_on
    )
    if after is None:
        check_write_off(before, posted.amount)
        raise AssertionError("what is open of an invoice does not change while its account is locked")
    account = accounts.move(tx.connection, posted.customer_id, receivable=-posted.amount.minor)
    number = f"{posted.number} / {after.number}"
    entry = write_off_entry(posted.write_off_id, number, posted.customer_id, posted.posted_on, posted.amount)
    value = Carried(after.total, after.company).part(after.open + posted.amount, posted.amount)
    ledger.book(tx, at_value(entry, value), after.correlation_id)
    told = WriteOffPosted(
        write_off_id=posted.write_off_id,
        number=posted.number,
        invoice_id=after.invoice_id,
        order_id=after.order_id,
        customer_id=posted.customer_id,
        amount=posted.amount,
        posted_on=posted.posted_on,
        reason=posted.reason,
    )
    publish(tx, told, correlation_id=after.correlation_id)
    receivable_months.settled(tx, posted.customer_id, told.posted_on, posted.amount)
    if after.payment_state == "paid":
        publish_paid(tx, after)
    grant_waiting(tx, account, terms)


def reverse_write_off(tx: Transaction, command: ReverseWriteOff, terms: Terms) -> WriteOff:
    """Let the claim live again by a counter-entry; of two who do it at once one does."""
    found = _find(tx, command.write_off_id)
    lock_account(tx, found.customer_id)
    found = _find(tx, command.write_off_id)
    if command.expected_version not in (None, found.version):
        raise VersionMismatch(f"{found.number} is at version {found.version}")
    today = periods.lock_now(tx.connection).first_open(terms.today(tx.now))
    on = today if found.posted_on is None else max(today, found.posted_on)
    marks = {"state": "reversed", "reversed_on": on, "reversed_by": command.by}
    if not settlements.move_write_off(
        tx.connection, found.write_off_id, "posted", reversal_reason=command.reason, **marks
    ):
        raise WriteOffNotPosted(f"{found.number} is {found.state}", state=found.state)
    invoice = invoices.reopen(tx.connection, found.invoice_id, found.amount)
    accounts.move(tx.connection, found.customer_id, receivable=found.amount.minor)
    number = f"{found.number} / {invoice.number}"
    entry = write_back_entry(found.write_off_id, number, found.customer_id, on, found.amount)
    value = Carried(invoice.total, invoice.company).part(invoice.open, found.amount)
    ledger.book(tx, at_value(entry, value), invoice.correlation_id)
    told = WriteOffReversed(
        write_off_id=found.write_off_id,
        number=found.number,
        invoice_id=invoice.invoice_id,
        order_id=invoice.order_id,
        customer_id=found.customer_id,
        amount=found.amount,
        reversed_on=on,
        reason=command.reason,
    )
    publish(tx, told, correlation_id=invoice.correlation_id)
    receivable_months.settled(tx, found.customer_id, on, -found.amount)
    return _find(tx, found.write_off_id)


def lock_write_off(tx: Transaction, write_off_id: str) -> None:
    """Keep the customer's account to this transaction, as whoever changes its figures does."""
    accounts.lock(tx.connection, _find(tx, write_off_id).customer_id)


def write_off_approved(tx: Transaction, approval: Approval, terms: Terms) -> None:
    """Post it; refused when the invoice has less open by now, and then the yes does not count either."""
    found = _find(tx, approval.document_id)
    invoice = invoices.find(tx.connection, found.invoice_id)
    assert invoice is not None
    check_write_off(invoice, found.amount)
    posted = replace(found, state="posted", posted_on=_day(tx, invoice, terms))
    settlements.move_write_off(
        tx.connection, found.write_off_id, "waiting", state="posted", posted_on=posted.posted_on
    )
    _post(tx, posted, terms)


def write_off_refused(tx: Transaction, approval: Approval, _terms: Terms) -> None:
    """Note that it was rejected or withdrawn."""
    settlements.move_write_off(tx.connection, approval.document_id, "waiting", state=approval.state)


def _find(tx: Transaction, write_off_id: str) -> WriteOff:
    found = settlements.find_write_off(tx.connection, write_off_id)
    if found is None:
        raise WriteOffNotFound(f"there is no write-off {write_off_id}", field="write_off_id")
    return found
