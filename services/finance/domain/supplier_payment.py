"""Payments to suppliers: each pays posted supplier invoices, never more than is open of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from services.finance.domain.ledger import Entry, postings_of
from services.finance.domain.roles import BANK, PAYABLES
from services.finance.domain.supplier_invoice import SupplierInvoiceNotFound, SupplierInvoiceState


class SupplierPaymentNotFound(NotFound):
    """No payment to a supplier has this id."""

    code = "supplier_payment_not_found"
    usual_cure = "choose one from GET /api/v1/supplier-payments"


class SupplierPaymentInvalid(Invalid):
    """What is to be paid does not go together: currencies, or an invoice that is named twice."""

    code = "supplier_payment_invalid"


class SupplierReferenceUsed(Refused):
    """This transfer to the supplier was recorded before."""

    code = "supplier_reference_used"


class SupplierInvoiceNotOwed(Refused):
    """The invoice is not posted, or is another supplier's."""

    code = "supplier_invoice_not_owed"


class PaymentExceedsInvoice(Refused):
    """The invoice has less open than is to be paid."""

    code = "payment_exceeds_supplier_invoice"


class BankLineNotMoneyOut(Refused):
    """Only money that went out can be a payment to a supplier."""

    code = "bank_line_not_money_out"


@dataclass(frozen=True)
class SupplierShare:
    """The part of a payment that pays one supplier invoice."""

    supplier_invoice_id: str
    amount: Money


@dataclass(frozen=True)
class OwedInvoice:
    """What is open of a supplier invoice; nothing while it is on hold."""

    number: str
    supplier_id: str
    state: SupplierInvoiceState
    open: Money
    posted_on: date | None
    total: Money
    company: Money | None = None


@dataclass(frozen=True)
class SupplierPayment:
    """Money that went to a supplier on ``paid_on``; ``booked_on`` is the first open day on which all of it was owed."""

    payment_id: str
    number: str
    supplier_id: str
    amount: Money
    reference: str
    paid_on: date
    booked_on: date
    company: Money | None = None


def total_of(shares: Sequence[SupplierShare]) -> Money:
    """Return what the shares come to; refuse an invoice that is named twice, and a second currency."""
    currency, named = shares[0].amount.currency, set[str]()
    for place, share in enumerate(shares):
        if share.supplier_invoice_id in named:
            raise SupplierPaymentInvalid(
                "the invoice is named twice",
                field=f"allocations.{place}.supplier_invoice_id",
                cure="name it once, with the whole amount",
            )
        named.add(share.supplier_invoice_id)
        if share.amount.currency != currency:
            raise SupplierPaymentInvalid(
                f"the first invoice is paid in {currency}",
                field=f"allocations.{place}.amount.currency",
                cure="pay each currency by itself",
            )
    try:
        return Money.total((share.amount for share in shares), currency)
    except ValueError:
        raise SupplierPaymentInvalid(
            "all of it together is more than an amount can hold",
            field="allocations.0.amount",
            cure="check the amounts",
        ) from None


def check_share(
    share: SupplierShare, invoice: OwedInvoice | None, supplier_id: str, place: int
) -> OwedInvoice:
    """Return the invoice that ``share`` pays; refuse one that is not owed to the supplier, or more than is open."""
    field = f"allocations.{place}"
    if invoice is None:
        raise SupplierInvoiceNotFound(
            f"there is no supplier invoice {share.supplier_invoice_id}", field=f"{field}.supplier_invoice_id"
        )
    if invoice.supplier_id != supplier_id or invoice.state != "posted":
        whose = (
            invoice.state.replace("_", " ") if invoice.supplier_id == supplier_id else "another supplier's"
        )
        raise SupplierInvoiceNotOwed(
            f"{invoice.number} is {whose}",
            field=f"{field}.supplier_invoice_id",
            cure="choose a posted invoice of this supplier",
        )
    if share.amount.currency != invoice.open.currency:
        raise SupplierPaymentInvalid(
            f"{invoice.number} is in {invoice.open.currency}",
            field=f"{field}.amount.currency",
            cure=f"pay it in {invoice.open.currency}",
        )
    if share.amount > invoice.open:
        raise PaymentExceedsInvoice(
            f"{invoice.number} has {invoice.open} open",
            field=f"{field}.amount",
            cure="pay no more than is open",
            open=invoice.open,
            asked=share.amount,
        )
    return invoice


def supplier_payment_entry(payment: SupplierPayment) -> Entry:
    """Return the entry of a payment: less is owed, and less is in the bank."""
    sides = postings_of((PAYABLES, payment.amount), (BANK, -payment.amount))
    return Entry(
        "supplier_payment",
        payment.payment_id,
        payment.number,
        None,
        payment.booked_on,
        sides,
        supplier_id=payment.supplier_id,
    )
