"""Payments: receive them once, and allocate them to invoices, never beyond either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import Refused, VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.cash_discount import CashDiscount
from services.finance.domain.company_books import allocated, at_value
from services.finance.domain.exchange import Carried
from services.finance.domain.invoicing import Invoice
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.ledger import allocation_entry, payment_entry
from services.finance.domain.payment import (
    Allocation,
    Payment,
    PaymentNotFound,
    ReferenceUsed,
    check_allocation,
    clean_reference,
    make_allocation,
    require_positive,
)
from services.finance.domain.periods import PeriodLock
from services.finance.domain.terms import Terms, require_not_future
from services.finance.events import PaymentAllocated, PaymentReceived
from services.finance.store import accounts, invoices, ledger, payments, periods, receivable_months
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.advances import keep_what_was_sent
from services.finance.use_cases.cash_discounts import discount_for, grant
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.exchange import value_of
from services.finance.use_cases.post_invoice import PAYMENT_SERIES, publish_paid


class AllocationOvertaken(Refused):
    """The payment or the invoice was used up between looking and taking."""

    code = "allocation_overtaken"


@dataclass(frozen=True)
class InvoiceShare:
    """The part of a payment that pays one invoice."""

    invoice_id: str
    amount: Money


@dataclass(frozen=True)
class ReceivePayment:
    """Money came in; ``received_on`` defaults to today, ``reference`` is the bank's."""

    customer_id: str
    amount: Money
    reference: str
    received_on: date | None = None
    allocations: tuple[InvoiceShare, ...] = ()


@dataclass(frozen=True)
class AllocatePayment:
    """Pay an invoice, or a part of it, from a payment."""

    payment_id: str
    share: InvoiceShare
    expected_version: int | None = None


@dataclass(frozen=True)
class PaidPart:
    """A part of a payment, the invoice as it stands after it, and what was left of the payment before.

    ``discount`` is what was let off, so that the invoice is settled.
    """

    allocation: Allocation
    paid: Invoice
    left_before: Money
    discount: CashDiscount | None = None

    @property
    def settled(self) -> Money:
        """What of the invoice is not owed any more."""
        return self.allocation.amount + self.discount.amount if self.discount else self.allocation.amount


def receive_payment(tx: Transaction, command: ReceivePayment, terms: Terms) -> Payment:
    """Record the money, allocate it as asked, and grant the waiting orders that it makes room for.

    What is left is kept for orders that are to be paid in advance, as far as the reference names them.
    """
    account = lock_account(tx, command.customer_id)
    today = terms.today(tx.now)
    received_on = command.received_on or today
    require_not_future(received_on, today, "received_on")
    lock = periods.lock_now(tx.connection)
    lock.require_open(received_on, "received_on")
    require_positive(command.amount, account.currency, "amount")
    reference = clean_reference(command.reference)
    _require_new(tx, command.customer_id, reference)
    company = value_of(tx, command.amount, received_on, terms, "received_on")
    payment = replace(_new_payment(tx, command, reference, received_on), company=company)
    parts: list[PaidPart] = []
    for index, share in enumerate(command.allocations):
        parts.append(_pay_invoice(tx, payment, share, lock, f"allocations.{index}."))
        payment = replace(
            payment, unallocated=payment.unallocated - share.amount, version=payment.version + 1
        )
    payments.add(tx.connection, payment, recorded_by=tx.cause.actor, created_at=tx.now)
    account = book(tx, payment, parts, received=payment.amount)
    tell_received(tx, payment)
    tell_allocated(tx, payment, parts)
    account = keep_what_was_sent(tx, account, payment)
    grant_waiting(tx, account, terms)
    return payment


def _require_new(tx: Transaction, customer_id: str, reference: str) -> None:
    known = payments.find_by_reference(tx.connection, customer_id, reference)
    if known is not None:
        raise ReferenceUsed(
            f"reference {reference} is {known.number} of {known.received_on.isoformat()}",
            field="reference",
            cure="this money is recorded already; give the reference of the other transfer if it is another",
            payment_id=known.payment_id,
            number=known.number,
        )


def _new_payment(tx: Transaction, command: ReceivePayment, reference: str, received_on: date) -> Payment:
    return Payment(
        payment_id=tx.new_id(),
        number=f"PAY-{next_number(tx, PAYMENT_SERIES):06d}",
        customer_id=command.customer_id,
        amount=command.amount,
        unallocated=command.amount,
        reference=reference,
        received_on=received_on,
    )


def allocate_payment(tx: Transaction, command: AllocatePayment, terms: Terms) -> Payment:
    """Pay an invoice from what is left of a payment; return the payment after it."""
    payment = _find_payment(tx, command.payment_id)
    lock_account(tx, payment.customer_id)
    payment = _find_payment(tx, command.payment_id)
    if command.expected_version not in (None, payment.version):
        raise VersionMismatch(
            f"{payment.number} is at version {payment.version}",
            cure="read it again and repeat the allocation",
        )
    part = _pay_invoice(tx, payment, command.share, periods.lock_now(tx.connection), "")
    after = payments.take(tx.connection, payment.payment_id, command.share.amount)
    if after is None:
        raise _overtaken(payment, part.paid)
    account = book(tx, after, [part])
    tell_allocated(tx, after, [part])
    grant_waiting(tx, account, terms)
    return after


def _find_payment(tx: Transaction, payment_id: str) -> Payment:
    payment = payments.find(tx.connection, payment_id)
    if payment is None:
        raise PaymentNotFound(
            f"there is no payment {payment_id}", cure="choose one from GET /api/v1/payments"
        )
    return payment


def _pay_invoice(
    tx: Transaction, payment: Payment, share: InvoiceShare, lock: PeriodLock, where: str
) -> PaidPart:
    """Take a part of ``payment``, and what it may leave out, off what is open, by one conditional update."""
    invoice = invoices.find(tx.connection, share.invoice_id)
    if invoice is None:
        raise InvoiceNotFound(
            f"there is no invoice {share.invoice_id}",
            field=f"{where}invoice_id",
            cure="choose one from GET /api/v1/invoices",
        )
    check_allocation(payment, invoice, share.amount, where)
    allocation = make_allocation(tx.new_id(), payment, invoice, share.amount, lock)
    day = allocation.allocated_on
    discount = discount_for(tx, payment, invoice, share.amount, day)
    off = share.amount + discount.amount if discount else share.amount
    paid = invoices.pay(tx.connection, invoice.invoice_id, payment.customer_id, off, day)
    if paid is None:
        raise _overtaken(payment, invoice)
    return PaidPart(allocation, paid, payment.unallocated, discount)


def _overtaken(payment: Payment, invoice: Invoice) -> AllocationOvertaken:
    return AllocationOvertaken(
        f"{payment.number} or {invoice.number} changed meanwhile", cure="read both again and repeat"
    )


def book(
    tx: Transaction, payment: Payment, parts: Sequence[PaidPart], *, received: Money | None = None
) -> Account:
    """Store the allocations, move the account's figures and write the journal; return the account after it.

    ``received`` is the amount of a payment that is new, which is booked before what it paid.
    """
    used = sum(part.allocation.amount.minor for part in parts)
    kept = (received.minor if received else 0) - used
    settled = sum(part.settled.minor for part in parts)
    payments.add_allocations(tx.connection, [part.allocation for part in parts], tx.now)
    account = accounts.move(tx.connection, payment.customer_id, receivable=-settled, unallocated=kept)
    bookings = [allocation_booking(payment, part) for part in parts]
    bookings += [grant(tx, part.discount, part.paid) for part in parts if part.discount]
    if received:
        bookings.insert(0, receipt_booking(payment))
    ledger.book_many(tx, bookings)
    return account


def receipt_booking(payment: Payment) -> ledger.Booking:
    """Return how the ledger books the money that came in."""
    entry = payment_entry(
        payment.payment_id, payment.number, payment.customer_id, payment.received_on, payment.amount
    )
    return ledger.Booking(at_value(entry, payment.company), payment.payment_id)


def allocation_booking(payment: Payment, part: PaidPart) -> ledger.Booking:
    """Return how the ledger books that ``payment`` paid a part of an invoice, in the invoice's conversation."""
    allocation = part.allocation
    entry = allocation_entry(
        allocation.allocation_id,
        f"{payment.number} / {part.paid.number}",
        payment.customer_id,
        allocation.allocated_on,
        allocation.amount,
    )
    money, claim = Carried(payment.amount, payment.company), Carried(part.paid.total, part.paid.company)
    taken = allocation.amount
    advance = money.part(part.left_before, taken)
    carried = allocated(entry, advance, claim.part(part.paid.open + part.settled, taken))
    return ledger.Booking(carried, part.paid.correlation_id)


def tell_received(tx: Transaction, payment: Payment) -> None:
    """Say that money came in."""
    received = PaymentReceived(
        payment_id=payment.payment_id,
        number=payment.number,
        customer_id=payment.customer_id,
        amount=payment.amount,
        received_on=payment.received_on,
        reference=payment.reference,
    )
    publish(tx, received, correlation_id=payment.payment_id)


def tell_allocated(tx: Transaction, payment: Payment, parts: Sequence[PaidPart]) -> None:
    """Say what ``payment`` paid, in the conversation of each invoice, and which invoices that settles."""
    for part in parts:
        paid = part.paid
        allocated = PaymentAllocated(
            payment.payment_id, paid.invoice_id, paid.order_id, payment.customer_id, part.allocation.amount
        )
        publish(tx, allocated, correlation_id=paid.correlation_id)
        _note_paid(tx, part)
        if paid.payment_state == "paid":
            publish_paid(tx, paid)


def _note_paid(tx: Transaction, part: PaidPart) -> None:
    allocation, paid = part.allocation, part.paid
    late = allocation.days_to_pay - (paid.due_on - paid.posted_on).days
    receivable_months.paid(
        tx, paid.customer_id, allocation.allocated_on, allocation.amount, allocation.days_to_pay, late
    )
