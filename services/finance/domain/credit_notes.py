"""Credit notes: a claim given back, first from what is open of its invoice, the rest for the customer to use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import (
    AllocationExceedsInvoice,
    InvoiceOfAnotherCustomer,
    require_positive,
)


class CreditNoteNotFound(NotFound):
    """No credit note has this id, or the caller may not know of it."""

    code = "credit_note_not_found"
    usual_cure = "choose one from GET /api/v1/credit-notes"


class CreditBeforeInvoice(Invalid):
    """A credit note would be older than the invoice that it corrects."""

    code = "credit_before_invoice"


class AllocationExceedsCredit(Refused):
    """The credit note has less left than is to be allocated."""

    code = "allocation_exceeds_credit"


@dataclass(frozen=True)
class CreditNote:
    """A claim given back. ``unallocated`` is what the customer may still set against another invoice.

    ``total`` contains ``tax_minor``. ``company`` is what the part that was ``left`` for the customer to use is carried
    at, where it is of another currency than the company's.
    """

    credit_note_id: str
    number: str
    invoice_id: str
    customer_id: str
    posted_on: date
    total: Money
    unallocated: Money
    reason: str
    return_id: str | None = None
    version: int = 1
    tax_minor: int = 0
    left: Money | None = None
    company: Money | None = None


def require_not_before(invoice: Invoice, posted_on: date) -> None:
    """Refuse a credit note of a day on which its invoice did not exist yet."""
    if posted_on < invoice.posted_on:
        raise CreditBeforeInvoice(
            f"{invoice.number} was posted on {invoice.posted_on.isoformat()}",
            field="posted_on",
            cure=f"give {invoice.posted_on.isoformat()} or a later day",
        )


def check_credit_allocation(note: CreditNote, invoice: Invoice, amount: Money) -> None:
    """Raise the refusal that says why ``amount`` of ``note`` cannot settle ``invoice``, if there is one."""
    if invoice.customer_id != note.customer_id:
        raise InvoiceOfAnotherCustomer(
            f"{invoice.number} is another customer's invoice",
            field="invoice_id",
            cure="choose one of the same customer",
        )
    require_positive(amount, note.total.currency, "amount")
    if amount > note.unallocated:
        raise AllocationExceedsCredit(
            f"{note.number} has {note.unallocated} left",
            field="amount",
            cure="allocate no more than is left",
            left=note.unallocated,
            asked=amount,
        )
    if amount > invoice.open:
        raise AllocationExceedsInvoice(
            f"{invoice.number} has {invoice.open} open",
            field="amount",
            cure="allocate no more than is open",
            open=invoice.open,
            asked=amount,
        )
