"""Invoices over HTTP: to look at; they post themselves when goods are shipped."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_day, company_terms
from services.finance.api.taxes import LineTaxOut, TaxTotalOut
from services.finance.api.who import BOOKKEEPERS, READERS, only_owner
from services.finance.reports.invoices import InvoiceDetail, InvoiceSearch, list_invoices, one_invoice
from services.finance.use_cases.dunning import PauseDunning, pause

STATES = ("draft", "posted", "cancelled")
PAYMENT_STATES = ("not_paid", "partial", "paid")
KINDS = ("goods", "down_payment")

invoices = Noun("invoices", "/api/v1/invoices", description="Invoices, one per shipped delivery")


class InvoiceFilter(Strict):
    """What to look for."""

    order_id = fields.IdField()
    customer_id = fields.IdField()
    delivery_id = fields.IdField()
    number = fields.Text(max=20)
    payment_state = fields.Choice(*PAYMENT_STATES)


class InvoiceOut(Strict):
    """An invoice."""

    id = fields.IdField()
    number = fields.Text(max=20)
    state = fields.Choice(*STATES)
    payment_state = fields.Choice(*PAYMENT_STATES)
    order_id = fields.IdField()
    order_number = fields.Text(max=200)
    delivery_id = fields.IdField()
    delivery_number = fields.Text(max=200)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    posted_on = fields.DateField()
    due_on = fields.DateField(metadata={"description": "By when all of it is to be paid."})
    paid_on = fields.DateField(allow_none=True)
    days_overdue = fields.CountField()
    total = fields.MoneyField()
    net = fields.MoneyField()
    tax = fields.MoneyField(metadata={"description": "The total contains it."})
    company_total = fields.MoneyField(
        allow_none=True,
        metadata={
            "description": "In the company's currency, at the rate of its day; null for its own currency."
        },
    )
    open = fields.MoneyField(metadata={"description": "What is neither paid nor credited."})
    conversation_id = fields.Text(max=64)
    version = fields.CountField(least=1)
    kind = fields.Choice(
        *KINDS, metadata={"description": "down_payment: of an order, before anything of it is delivered."}
    )
    discount = fields.MoneyField(
        allow_none=True, metadata={"description": "What whoever pays early may leave out; null: nothing."}
    )
    discount_until = fields.DateField(allow_none=True, metadata={"description": "Included."})


class InstalmentOut(Strict):
    """A part of the invoice with its own due day; what is paid pays what falls due first."""

    number = fields.CountField(least=1)
    due_on = fields.DateField()
    amount = fields.MoneyField()
    open = fields.MoneyField()


class InvoiceLineOut(Strict):
    """A shipped part of an order line."""

    line_no = fields.CountField(least=1)
    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=200)
    name = fields.Text(max=1000)
    quantity = fields.QuantityField()
    amount = fields.MoneyField(metadata={"description": "Without tax."})
    tax = fields.Nested(LineTaxOut, allow_none=True)
    credited_quantity = fields.QuantityField(zero=True)
    credited_amount = fields.MoneyField()
    credited_tax = fields.MoneyField()


class PaidByOut(Strict):
    """A part that a payment paid."""

    payment_id = fields.IdField()
    number = fields.Text(max=20)
    amount = fields.MoneyField()
    allocated_on = fields.DateField()


class SettledByOut(Strict):
    """A part that a credit note settled."""

    credit_note_id = fields.IdField()
    number = fields.Text(max=20)
    amount = fields.MoneyField()
    allocated_on = fields.DateField()


class DeductedOut(Strict):
    """What the invoice deducts of its order's down payment."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    amount = fields.MoneyField(metadata={"description": "Without tax."})
    tax = fields.MoneyField()


class LetOffOut(Strict):
    """A cash discount that settled the invoice, or, below zero, what of it is owed again."""

    number = fields.Text(max=48)
    amount = fields.MoneyField(negative=True, metadata={"description": "With the tax that it corrects."})
    tax = fields.MoneyField(negative=True)
    posted_on = fields.DateField()


class InvoiceDetailOut(InvoiceOut):
    """An invoice with its lines, what paid or settled it, and its journal entry."""

    taxes = fields.ListOf(TaxTotalOut, least=0)
    lines = fields.ListOf(InvoiceLineOut)
    instalments = fields.ListOf(
        InstalmentOut, least=0, metadata={"description": "None where all of it falls due on one day."}
    )
    payments = fields.ListOf(PaidByOut, least=0)
    credits = fields.ListOf(SettledByOut, least=0)
    journal_entry = fields.Text(max=20, allow_none=True)
    deducted = fields.Nested(DeductedOut, allow_none=True)
    discounts = fields.ListOf(LetOffOut, least=0)


class PauseIn(Strict):
    """Until when the invoice is left out of reminders, and why; null: it is taken up again."""

    until = fields.DateField(required=True, allow_none=True, metadata={"description": "Included."})
    reason = fields.Text(max=500, allow_none=True)


@invoices.query(
    "/", answer=InvoiceOut, roles=READERS, filters=InvoiceFilter, paged=True, summary="Find invoices"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List invoices, newest first."""
    wanted = InvoiceSearch(only_owner=only_owner(), **filters)
    rows = list_invoices(connection, wanted, company_day(), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@invoices.query("/<uuid:invoice_id>", answer=InvoiceDetailOut, roles=READERS, summary="Look at an invoice")
def show(connection: Connection, invoice_id: str) -> InvoiceDetail:
    """Show an invoice."""
    return one_invoice(connection, invoice_id, company_day(), only_owner=only_owner())


@invoices.command(
    "PUT",
    "/<uuid:invoice_id>/dunning-pause",
    body=PauseIn,
    answer=InvoiceDetailOut,
    roles=BOOKKEEPERS,
    summary="Leave an invoice out of reminders for a while",
)
def pause_dunning(tx: Transaction, body: dict[str, Any], invoice_id: str) -> InvoiceDetail:
    """Leave a disputed or promised invoice out of reminders until a day, or take it up again."""
    pause(tx, PauseDunning(invoice_id, body["until"], body.get("reason")))
    return one_invoice(tx.connection, invoice_id, company_terms().today(tx.now))
