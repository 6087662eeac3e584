"""Credit notes over HTTP: take back a part of an invoice, and set what is left against another one."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_terms
from services.finance.api.taxes import LineTaxOut, TaxTotalOut
from services.finance.api.who import BOOKKEEPERS, CREDITORS, READERS, only_owner
from services.finance.domain.crediting import CreditPart
from services.finance.reports.credit_notes import (
    CreditNoteDetail,
    CreditNoteSearch,
    list_credit_notes,
    one_credit_note,
)
from services.finance.use_cases.credit_notes import (
    AllocateCredit,
    PostCreditNote,
    allocate_credit,
    post_credit_note,
)

credit_notes = Noun(
    "credit_notes", "/api/v1/credit-notes", description="Credit notes: what was taken back of invoices"
)


class CreditLineIn(Strict):
    """What to take back of an invoice line: goods by quantity, or a part of the price by amount; not both."""

    line_no = fields.CountField(least=1, required=True, metadata={"description": "The invoice's line."})
    quantity = fields.QuantityField(
        metadata={"description": "At most what was invoiced and not yet credited."}
    )
    amount = fields.MoneyField(
        zero=False, metadata={"description": "For a lower price, without tax; no goods come back."}
    )


class CreditNoteIn(Strict):
    """What to take back of an invoice, and why."""

    invoice_id = fields.IdField(required=True)
    reason = fields.Text(max=500, required=True)
    posted_on = fields.DateField(metadata={"description": "Left out: today. Not before the invoice."})
    lines = fields.ListOf(CreditLineIn, most=1000, required=True)


class CreditAllocationIn(Strict):
    """A part of the credit note, and the invoice that it settles."""

    invoice_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)


class CreditNoteFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    invoice_id = fields.IdField()
    order_id = fields.IdField()
    return_id = fields.IdField()
    number = fields.Text(max=20)
    unallocated = fields.Flag(metadata={"description": "true: only those with something left to allocate."})


class CreditNoteOut(Strict):
    """A credit note."""

    id = fields.IdField()
    number = fields.Text(max=20)
    invoice_id = fields.IdField()
    invoice_number = fields.Text(max=20)
    order_id = fields.IdField()
    order_number = fields.Text(max=200)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=200)
    customer_name = fields.Text(max=1000)
    posted_on = fields.DateField()
    total = fields.MoneyField()
    net = fields.MoneyField()
    tax = fields.MoneyField(metadata={"description": "The total contains it."})
    unallocated = fields.MoneyField(
        metadata={"description": "What was paid already, and is not yet set against another invoice."}
    )
    reason = fields.Text(max=1000)
    return_id = fields.IdField(allow_none=True, metadata={"description": "The goods that came back."})
    recorded_by = fields.Text(max=200, allow_none=True)
    conversation_id = fields.Text(max=64)
    version = fields.CountField(least=1)


class CreditedLineOut(Strict):
    """What was taken back of an invoice line; no quantity where only the price was lowered."""

    line_no = fields.CountField(least=1)
    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=200)
    name = fields.Text(max=1000)
    quantity = fields.QuantityField(zero=True)
    amount = fields.MoneyField(metadata={"description": "Without tax."})
    tax = fields.Nested(LineTaxOut, allow_none=True)


class SettledOut(Strict):
    """A part of the credit note that settled an invoice."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    order_id = fields.IdField()
    amount = fields.MoneyField()
    allocated_on = fields.DateField()


class CreditNoteDetailOut(CreditNoteOut):
    """A credit note with its lines, what it settled, and its journal entry."""

    taxes = fields.ListOf(TaxTotalOut, least=0)
    lines = fields.ListOf(CreditedLineOut)
    allocations = fields.ListOf(SettledOut, least=0)
    journal_entry = fields.Text(max=20)


@credit_notes.command(
    "POST",
    "/",
    body=CreditNoteIn,
    answer=CreditNoteDetailOut,
    status=201,
    roles=CREDITORS,
    location="/api/v1/credit-notes/{id}",
    summary="Post a credit note for an invoice",
)
def post(tx: Transaction, body: dict[str, Any]) -> CreditNoteDetail:
    """Take a part of an invoice back; what was paid of it already is the customer's to set against others."""
    parts = tuple(CreditPart(**line) for line in body["lines"])
    command = PostCreditNote(body["invoice_id"], parts, body["reason"], body.get("posted_on"))
    note = post_credit_note(tx, command, company_terms())
    return one_credit_note(tx.connection, note.credit_note_id)


@credit_notes.query(
    "/",
    answer=CreditNoteOut,
    roles=READERS,
    filters=CreditNoteFilter,
    paged=True,
    summary="Find credit notes",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List credit notes, newest first."""
    wanted = CreditNoteSearch(only_owner=only_owner(), **filters)
    rows = list_credit_notes(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@credit_notes.query(
    "/<uuid:credit_note_id>", answer=CreditNoteDetailOut, roles=READERS, summary="Look at a credit note"
)
def show(connection: Connection, credit_note_id: str) -> CreditNoteDetail:
    """Show a credit note."""
    return one_credit_note(connection, credit_note_id, only_owner=only_owner())


@credit_notes.command(
    "POST",
    "/<uuid:credit_note_id>/allocations",
    body=CreditAllocationIn,
    answer=CreditNoteDetailOut,
    status=201,
    roles=BOOKKEEPERS,
    summary="Settle an invoice from a credit note",
)
def allocate(tx: Transaction, body: dict[str, Any], credit_note_id: str) -> CreditNoteDetail:
    """Settle an invoice of the same customer, or a part of it, from what is left of the credit note."""
    command = AllocateCredit(credit_note_id, body["invoice_id"], body["amount"], expected_version())
    allocate_credit(tx, command, company_terms())
    return one_credit_note(tx.connection, credit_note_id)
