"""Suppliers' credit notes over HTTP: entered, matched with what went back, and used to settle supplier invoices."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS
from services.finance.domain.supplier_invoice import WrittenLine
from services.finance.domain.supplier_payment import SupplierShare
from services.finance.reports.supplier_credit_notes import (
    SupplierCreditNoteView,
    list_supplier_credit_notes,
    one_supplier_credit_note,
)
from services.finance.use_cases.supplier_credit_notes import (
    EnterSupplierCreditNote,
    SettleWithCredit,
    enter_supplier_credit_note,
    settle_with_credit,
)

_MOST_LINES = 500

supplier_credit_notes = Noun(
    "supplier_credit_notes",
    "/api/v1/supplier-credit-notes",
    description="What suppliers give back, for goods that went back to them",
)


class CreditedGoodsIn(Strict):
    """A line: which line of a purchase order, how much of it, and the price of one."""

    line_id = fields.IdField(required=True, metadata={"description": "Of the purchase order."})
    quantity = fields.QuantityField(required=True)
    unit_price = fields.PriceField(required=True)


class CreditShareIn(Strict):
    """How much of which supplier invoice it settles."""

    supplier_invoice_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)


class SupplierCreditNoteIn(Strict):
    """A supplier's credit note as it came."""

    supplier_id = fields.IdField(required=True)
    reference = fields.Text(
        max=64, required=True, metadata={"description": "The supplier's own number; once per supplier."}
    )
    credited_on = fields.DateField(
        required=True, metadata={"description": "The day on it. Not in the future."}
    )
    supplier_return_id = fields.IdField(
        load_default=None, allow_none=True, metadata={"description": "Which return it credits, if one."}
    )
    reason = fields.Text(
        max=500,
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed where goods are credited at less than they were ordered for."},
    )
    tax = fields.MoneyField(
        metadata={"description": "Tax on it that the company does not get back any more."}
    )
    lines = fields.ListOf(CreditedGoodsIn, most=_MOST_LINES, required=True)
    allocations = fields.ListOf(CreditShareIn, least=0, most=_MOST_LINES, load_default=())


class CreditSharesIn(Strict):
    """What it settles."""

    allocations = fields.ListOf(CreditShareIn, most=_MOST_LINES, required=True)


class CreditedGoodsOut(Strict):
    """A line beside what the goods were ordered for."""

    line_no = fields.CountField(least=1)
    line_id = fields.IdField()
    purchase_order_number = fields.Text(max=32)
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField()
    amount = fields.MoneyField()
    at_order = fields.MoneyField()


class CreditShareOut(Strict):
    """A part that settled a supplier invoice."""

    supplier_invoice_id = fields.IdField()
    number = fields.Text(max=20)
    amount = fields.MoneyField()
    allocated_on = fields.DateField()


class SupplierCreditNoteOut(Strict):
    """A supplier's credit note; ``open`` has settled nothing yet."""

    id = fields.IdField()
    number = fields.Text(max=20)
    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    reference = fields.Text(max=64)
    supplier_return_id = fields.IdField(allow_none=True)
    supplier_return_number = fields.Text(max=32, allow_none=True)
    total = fields.MoneyField()
    tax = fields.MoneyField()
    open = fields.MoneyField()
    company_total = fields.MoneyField(
        allow_none=True, metadata={"description": "In the company's currency, where it is of another."}
    )
    credited_on = fields.DateField()
    posted_on = fields.DateField()
    reason = fields.Text(max=500, allow_none=True)
    entered_by = fields.Text(max=120, allow_none=True)
    created_at = fields.UtcField()
    version = fields.CountField(least=1)
    lines = fields.ListOf(CreditedGoodsOut)
    allocations = fields.ListOf(CreditShareOut, least=0)


class SupplierCreditNoteFilter(Strict):
    """Of which supplier."""

    supplier_id = fields.IdField()


@supplier_credit_notes.command(
    "POST",
    "/",
    body=SupplierCreditNoteIn,
    answer=SupplierCreditNoteOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/supplier-credit-notes/{id}",
    summary="Enter a supplier's credit note",
)
def enter(tx: Transaction, body: dict[str, Any]) -> SupplierCreditNoteView:
    """Enter and post a credit note for goods that were invoiced and are not here, and settle invoices with it."""
    plain = {name: value for name, value in body.items() if name not in ("lines", "allocations")}
    lines = tuple(WrittenLine(**line) for line in body["lines"])
    command = EnterSupplierCreditNote(**plain, lines=lines, shares=_shares(body))
    credit_note_id = enter_supplier_credit_note(tx, command, company_terms())
    return one_supplier_credit_note(tx.connection, credit_note_id)


@supplier_credit_notes.command(
    "POST",
    "/<uuid:credit_note_id>/allocate",
    body=CreditSharesIn,
    answer=SupplierCreditNoteOut,
    roles=BOOKKEEPERS,
    summary="Settle supplier invoices with a credit note",
)
def allocate(tx: Transaction, body: dict[str, Any], credit_note_id: str) -> SupplierCreditNoteView:
    """Let what is left of a credit note settle invoices of its supplier."""
    settle_with_credit(tx, SettleWithCredit(credit_note_id, _shares(body)), company_terms())
    return one_supplier_credit_note(tx.connection, credit_note_id)


@supplier_credit_notes.query(
    "/",
    answer=SupplierCreditNoteOut,
    roles=BOOKKEEPERS,
    filters=SupplierCreditNoteFilter,
    paged=True,
    summary="Find suppliers' credit notes",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List suppliers' credit notes, newest first."""
    rows = list_supplier_credit_notes(
        connection, filters.get("supplier_id"), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.id,))


@supplier_credit_notes.query(
    "/<uuid:credit_note_id>",
    answer=SupplierCreditNoteOut,
    roles=BOOKKEEPERS,
    summary="Look at a supplier's credit note",
)
def show(connection: Connection, credit_note_id: str) -> SupplierCreditNoteView:
    """Show a supplier's credit note, with what it settled."""
    return one_supplier_credit_note(connection, credit_note_id)


def _shares(body: dict[str, Any]) -> tuple[SupplierShare, ...]:
    return tuple(SupplierShare(**share) for share in body["allocations"])
