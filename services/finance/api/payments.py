"""Payments over HTTP: record money received and allocate it to invoices."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS, READERS, only_owner
from services.finance.reports.payments import PaymentDetail, PaymentSearch, list_payments, one_payment
from services.finance.reports.suggestions import Suggestions, suggestions_for
from services.finance.use_cases.advances import KeepForOrder, keep_for_order
from services.finance.use_cases.payments import (
    AllocatePayment,
    InvoiceShare,
    ReceivePayment,
    allocate_payment,
    receive_payment,
)

payments = Noun("payments", "/api/v1/payments", description="Payments and what they paid")


class AllocationIn(Strict):
    """A part of the payment, and the invoice that it pays."""

    invoice_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)


class PaymentIn(Strict):
    """Money received."""

    customer_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)
    reference = fields.Text(
        max=140, required=True, metadata={"description": "The bank's; once per customer."}
    )
    received_on = fields.DateField(metadata={"description": "Left out: today. Not in the future."})
    allocations = fields.ListOf(AllocationIn, least=0, most=500)


class KeepIn(Strict):
    """A part of the payment, and the order that it is kept for."""

    order_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)


class PaymentFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    reference = fields.Text(max=140)
    unallocated = fields.Flag(metadata={"description": "true: only those with something left to allocate."})


class PaymentOut(Strict):
    """A payment."""

    id = fields.IdField()
    number = fields.Text(max=20)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    amount = fields.MoneyField()
    company_amount = fields.MoneyField(
        allow_none=True,
        metadata={
            "description": "In the company's currency, at the rate of its day; null for its own currency."
        },
    )
    unallocated = fields.MoneyField(metadata={"description": "What is left to allocate."})
    earmarked = fields.MoneyField(
        metadata={"description": "What of that is kept for orders paid in advance."}
    )
    reference = fields.Text(max=140)
    received_on = fields.DateField()
    version = fields.CountField(least=1)


class PaidOut(Strict):
    """A part of the payment that paid an invoice."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    order_id = fields.IdField()
    amount = fields.MoneyField()
    allocated_on = fields.DateField()


class PaymentDetailOut(PaymentOut):
    """A payment with all that it paid."""

    allocations = fields.ListOf(PaidOut, least=0)


class SuggestedInvoiceOut(Strict):
    """An invoice of the payer that is not fully paid."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    due_on = fields.DateField()
    open = fields.MoneyField()


class SuggestedShareOut(Strict):
    """The part of the payment that would pay an invoice."""

    invoice = fields.Nested(SuggestedInvoiceOut)
    amount = fields.MoneyField()
    discount = fields.MoneyField(
        allow_none=True, metadata={"description": "What would be left out as a cash discount."}
    )


class SuggestionOut(Strict):
    """What the payment may be meant for, and what would be left of it."""

    rule = fields.Choice("reference", "exact_amount", "cash_discount", "exact_sum", "oldest_first")
    confidence = fields.Choice("high", "medium", "low")
    shares = fields.ListOf(SuggestedShareOut)
    rest = fields.MoneyField()


class SuggestionsOut(Strict):
    """Suggestions for what is left of a payment, the likeliest first."""

    payment_id = fields.IdField()
    number = fields.Text(max=20)
    reference = fields.Text(max=140)
    unallocated = fields.MoneyField()
    version = fields.CountField(least=1)
    suggestions = fields.ListOf(SuggestionOut, least=0)


@payments.command(
    "POST",
    "/",
    body=PaymentIn,
    answer=PaymentDetailOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/payments/{id}",
    summary="Record a payment, and allocate it",
)
def receive(tx: Transaction, body: dict[str, Any]) -> PaymentDetail:
    """Record money received and allocate it as asked, all or nothing."""
    shares = tuple(InvoiceShare(**share) for share in body.get("allocations", ()))
    command = ReceivePayment(**body | {"allocations": shares})
    payment = receive_payment(tx, command, company_terms())
    return one_payment(tx.connection, payment.payment_id)


@payments.query(
    "/", answer=PaymentOut, roles=READERS, filters=PaymentFilter, paged=True, summary="Find payments"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List payments, newest first."""
    wanted = PaymentSearch(only_owner=only_owner(), **filters)
    rows = list_payments(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@payments.query("/<uuid:payment_id>", answer=PaymentDetailOut, roles=READERS, summary="Look at a payment")
def show(connection: Connection, payment_id: str) -> PaymentDetail:
    """Show a payment."""
    return one_payment(connection, payment_id, only_owner=only_owner())


@payments.query(
    "/<uuid:payment_id>/suggestions",
    answer=SuggestionsOut,
    roles=BOOKKEEPERS,
    summary="Which invoices a payment may be meant for",
)
def suggest(connection: Connection, payment_id: str) -> Suggestions:
    """Suggest what to allocate, by what the reference and the amount say, else what fell due first."""
    return suggestions_for(connection, payment_id)


@payments.command(
    "POST",
    "/<uuid:payment_id>/allocations",
    body=AllocationIn,
    answer=PaymentDetailOut,
    status=201,
    roles=BOOKKEEPERS,
    summary="Pay an invoice from a payment",
)
def allocate(tx: Transaction, body: dict[str, Any], payment_id: str) -> PaymentDetail:
    """Pay an invoice, or a part of it, from what is left of the payment."""
    command = AllocatePayment(payment_id, InvoiceShare(**body), expected_version())
    allocate_payment(tx, command, company_terms())
    return one_payment(tx.connection, payment_id)


@payments.command(
    "POST",
    "/<uuid:payment_id>/advances",
    body=KeepIn,
    answer=PaymentDetailOut,
    status=201,
    roles=BOOKKEEPERS,
    summary="Keep a payment for an order that is paid in advance",
)
def keep(tx: Transaction, body: dict[str, Any], payment_id: str) -> PaymentDetail:
    """Keep a part of what is free of the payment for an order; with the last of its advance the order goes on."""
    keep_for_order(tx, KeepForOrder(payment_id, **body))
    return one_payment(tx.connection, payment_id)
