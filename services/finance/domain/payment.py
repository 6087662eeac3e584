"""Payments and what they pay: money received is matched to invoices, never beyond either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from services.finance.domain.invoicing import Invoice
from services.finance.domain.periods import PeriodLock


class PaymentNotFound(NotFound):
    """No payment has this id, or the caller may not know of it."""

    code = "payment_not_found"


class PaymentInvalid(Invalid):
    """An amount is not positive, or in another currency than the account."""

    code = "payment_invalid"


class ReferenceUsed(Refused):
    """This customer's bank reference was recorded before."""

    code = "reference_used"


class AllocationExceedsPayment(Refused):
    """The payment has less left than is to be allocated."""

    code = "allocation_exceeds_payment"


class AllocationExceedsInvoice(Refused):
    """The invoice has less open than is to be allocated."""

    code = "allocation_exceeds_invoice"


class InvoiceOfAnotherCustomer(Refused):
    """A payment may only pay its own customer's invoices."""

    code = "invoice_of_another_customer"


@dataclass(frozen=True)
class Payment:
    """Money received from a customer. ``unallocated`` is what is not yet matched to an invoice.

    Of that, ``earmarked`` is kept for orders that are paid in advance. ``company`` is what it is carried at, where it
    is of another currency than the company's.
    """

    payment_id: str
    number: str
    customer_id: str
    amount: Money
    unallocated: Money
    reference: str
    received_on: date
    version: int = 1
    earmarked: Money | None = None
    company: Money | None = None

    @property
    def free(self) -> Money:
        """What is neither matched to an invoice nor kept for an order."""
        return self.unallocated if self.earmarked is None else self.unallocated - self.earmarked


@dataclass(frozen=True)
class Allocation:
    """A part of a payment that paid a part of an invoice, ``days_to_pay`` after the invoice was posted."""

    allocation_id: str
    payment_id: str
    invoice_id: str
    amount: Money
    allocated_on: date
    days_to_pay: int


def require_positive(amount: Money, currency: str, field: str) -> None:
    """Refuse an amount that is zero, negative or not in ``currency``."""
    if amount.currency != currency:
        raise PaymentInvalid(
            f"the account is kept in {currency}", field=f"{field}.currency", cure=f"give {currency}"
        )
    if amount.minor <= 0:
        raise PaymentInvalid(
            "the amount must be more than zero", field=f"{field}.amount", cure="give a positive amount"
        )


def clean_reference(reference: str) -> str:
    """Return the reference with its spaces tidied, so that no space makes the same transfer look new."""
    tidy = " ".join(reference.split())
    if not tidy:
        raise PaymentInvalid(
            "a bank reference is needed", field="reference", cure="give the bank's reference"
        )
    return tidy


def check_allocation(payment: Payment, invoice: Invoice, amount: Money, where: str = "") -> None:
    """Raise the refusal that says why ``amount`` of ``payment`` cannot pay ``invoice``, if there is one.

    ``where`` is put before the names of the fields, to point into a list of allocations.
    """
    if invoice.customer_id != payment.customer_id:
        raise InvoiceOfAnotherCustomer(
            f"{invoice.number} is another customer's invoice",
            field=f"{where}invoice_id",
            cure="choose one of the payer's own",
        )
    require_positive(amount, payment.amount.currency, f"{where}amount")
    require_positive(amount, invoice.total.currency, f"{where}amount")
    if amount > payment.free:
        raise AllocationExceedsPayment(
            f"{payment.number} has {payment.free} left",
            field=f"{where}amount",
            cure="allocate no more than is left",
            left=payment.free,
            asked=amount,
        )
    if amount > invoice.open:
        raise AllocationExceedsInvoice(
            f"{invoice.number} has {invoice.open} open",
            field=f"{where}amount",
            cure="allocate no more than is open",
            open=invoice.open,
            asked=amount,
        )


def make_allocation(
    allocation_id: str, payment: Payment, invoice: Invoice, amount: Money, lock: PeriodLock
) -> Allocation:
    """Return the allocation of ``amount``, on the day when the money was there and the claim existed.

    In a locked period it is booked on the first open day; the days to pay are those that it took.
    """
    day = max(payment.received_on, invoice.posted_on)
    days_to_pay = (day - invoice.posted_on).days
    booked_on = lock.first_open(day)
    return Allocation(allocation_id, payment.payment_id, invoice.invoice_id, amount, booked_on, days_to_pay)
