"""Payments to suppliers: recorded once, and never beyond what is open of an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import Refused
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.bank import BankLineNotFound, BankLineSettled
from services.finance.domain.company_books import paid_to_supplier
from services.finance.domain.exchange import Carried
from services.finance.domain.supplier_invoice import SupplierNotFound
from services.finance.domain.supplier_payment import (
    BankLineNotMoneyOut,
    OwedInvoice,
    SupplierPayment,
    SupplierPaymentInvalid,
    SupplierReferenceUsed,
    SupplierShare,
    check_share,
    supplier_payment_entry,
    total_of,
)
from services.finance.domain.terms import Terms, require_not_future
from services.finance.events import SupplierPaymentMade
from services.finance.store import bank, bought, ledger, periods, supplier_invoices, supplier_payments
from services.finance.use_cases.exchange import value_of

SERIES = "supplier_payment"


class SupplierPaymentOvertaken(Refused):
    """An invoice was paid by somebody else between looking and paying."""

    code = "supplier_payment_overtaken"
    usual_cure = "read the invoices again and repeat"


@dataclass(frozen=True)
class PaySupplier:
    """Money that goes to a supplier for its invoices; ``paid_on`` defaults to today."""

    supplier_id: str
    reference: str
    shares: tuple[SupplierShare, ...]
    paid_on: date | None = None


@dataclass(frozen=True)
class PayFromBankLine:
    """Take a line of the bank for a payment to a supplier; the invoices must come to its amount."""

    line_id: str
    supplier_id: str
    shares: tuple[SupplierShare, ...]


def pay_supplier(tx: Transaction, command: PaySupplier, terms: Terms, bank_line_id: str | None = None) -> str:
    """Record the payment, take it off what is open of the invoices, and book it; return its id.

    Booked is it on the first open day on which the money was gone and all of the invoices were posted.
    """
    today = terms.today(tx.now)
    paid_on = command.paid_on or today
    require_not_future(paid_on, today, "paid_on")
    amount = total_of(command.shares)
    if command.supplier_id not in bought.lock_suppliers(tx.connection, [command.supplier_id]):
        raise SupplierNotFound(
            f"nothing was ordered of a supplier {command.supplier_id}", field="supplier_id"
        )
    reference = " ".join(command.reference.split())
    _require_new(tx, command.supplier_id, reference)
    lock = periods.lock_now(tx.connection)
    lock.require_open(paid_on, "paid_on")
    company = value_of(tx, amount, paid_on, terms, "paid_on")
    paid = _take(tx, command)
    booked_on = lock.first_open(max(paid_on, *(invoice.posted_on or paid_on for invoice in paid)))
    payment = SupplierPayment(
        payment_id=tx.new_id(),
        number=f"SPAY-{next_number(tx, SERIES):06d}",
        supplier_id=command.supplier_id,
        amount=amount,
        reference=reference,
        paid_on=paid_on,
        booked_on=booked_on,
        company=company,
    )
    supplier_payments.add(tx, payment, command.shares, bank_line_id)
    entry = supplier_payment_entry(payment)
    if company is not None:
        entry = paid_to_supplier(entry, company, *_claims(payment.amount, company, command.shares, paid))
    ledger.book(tx, entry, payment.payment_id)
    made = SupplierPaymentMade(
        supplier_payment_id=payment.payment_id,
        number=payment.number,
        supplier_id=payment.supplier_id,
        amount=amount,
        paid_on=paid_on,
        reference=reference,
        supplier_invoice_ids=tuple(share.supplier_invoice_id for share in command.shares),
    )
    publish(tx, made, correlation_id=payment.payment_id)
    if bank_line_id is not None:
        bank.settle(tx, bank_line_id, "ignored", reason=f"supplier payment {payment.number}")
    return payment.payment_id


def pay_from_bank_line(tx: Transaction, command: PayFromBankLine, terms: Terms) -> str:
    """Record what the bank says went out as a payment to a supplier, under the bank's own reference.

    The line's row is locked first, then the supplier. A line stays *ignored*, as no customer's payment, with the
    number of the payment as its reason.
    """
    line = bank.find(tx.connection, command.line_id, locked=True)
    if line is None:
        raise BankLineNotFound(
            f"there is no bank line {command.line_id}", cure="choose one from GET /api/v1/bank-lines"
        )
    if line.amount.minor >= 0:
        raise BankLineNotMoneyOut("the money came in", cure="choose a line of money that went out")
    taken = supplier_payments.number_of_bank_line(tx.connection, line.line_id)
    if taken is not None or line.state == "booked":
        raise BankLineSettled(f"the line is {taken or line.state} already", cure="choose another line")
    amount = total_of(command.shares)
    if amount != -line.amount:
        raise SupplierPaymentInvalid(
            f"the invoices come to {amount}, the line is {-line.amount}",
            field="allocations.0.amount",
            cure="pay as much as went out",
            line=-line.amount,
            allocated=amount,
        )
    pay = PaySupplier(command.supplier_id, line.reference, command.shares, line.booked_on)
    return pay_supplier(tx, pay, terms, line.line_id)


def _require_new(tx: Transaction, supplier_id: str, reference: str) -> None:
    known = supplier_payments.number_of_reference(tx.connection, supplier_id, reference)
    if known is not None:
        raise SupplierReferenceUsed(
            f"reference {reference} is {known}",
            field="reference",
            cure="this transfer is recorded already; give the reference of the other one if it is another",
            number=known,
        )


def _take(tx: Transaction, command: PaySupplier) -> list[OwedInvoice]:
    """Take each share off what is open of its invoice by one conditional update; return the invoices as they were."""
    owed = supplier_payments.owed(tx.connection, command.shares)
    paid = []
    for place, share in enumerate(command.shares):
        invoice = check_share(share, owed.get(share.supplier_invoice_id), command.supplier_id, place)
        if not supplier_invoices.pay(
            tx.connection, share.supplier_invoice_id, command.supplier_id, share.amount
        ):
            raise SupplierPaymentOvertaken(f"{invoice.number} changed meanwhile")
        paid.append(invoice)
    return paid


def _claims(
    whole: Money, company: Money, shares: Sequence[SupplierShare], paid: Sequence[OwedInvoice]
) -> tuple[Money, Money]:
    """Return what the paid parts were carried at, and what those that never were are at the payment's rate."""
    claims = before = Money.zero(company.currency)
    for share, invoice in zip(shares, paid, strict=True):
        part = Carried(invoice.total, invoice.company).part(invoice.open, share.amount)
        if part is None:
            before += company.share(share.amount.minor, whole.minor)
        else:
            claims += part
    return claims, before
