"""Credit notes: lists, and one with its lines, what it settled, and its journal entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from libs.common.db import above_zero
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.credit_notes import CreditNoteNotFound
from services.finance.domain.taxes import LineTax, Taxed, TaxTotal, totals_by_rate
from services.finance.reports.paging import Position, page_of
from services.finance.store.credit_tables import credit_allocation, credit_note, credit_note_line
from services.finance.store.tables import account, invoice, invoice_line, journal_entry
from services.finance.store.taxes import tax_of
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class CreditNoteSearch:
    """Which credit notes are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    invoice_id: str | None = None
    order_id: str | None = None
    return_id: str | None = None
    number: str | None = None
    unallocated: bool | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class CreditNoteView:
    """A credit note with the names of what it is about."""

    id: str
    number: str
    invoice_id: str
    invoice_number: str
    order_id: str
    order_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    posted_on: date
    total: Money
    net: Money
    tax: Money
    unallocated: Money
    reason: str
    return_id: str | None
    recorded_by: str | None
    conversation_id: str
    version: int


@dataclass(frozen=True)
class CreditedLineView(Taxed):
    """What was taken back of an invoice line, without tax; no quantity where only the price was lowered."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    tax: LineTax | None


@dataclass(frozen=True)
class Settled:
    """A part of the credit note that settled an invoice."""

    invoice_id: str
    number: str
    order_id: str
    amount: Money
    allocated_on: date


@dataclass(frozen=True)
class CreditNoteDetail(CreditNoteView):
    """A credit note with its lines, what it settled, and its entry in the journal."""

    lines: tuple[CreditedLineView, ...] = ()
    allocations: tuple[Settled, ...] = ()
    journal_entry: str = ""

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums of the lines for each code and rate of tax."""
        return totals_by_rate(self.lines)


_QUERY: Select[Any] = (
    select(
        credit_note,
        invoice.c.number.label("invoice_number"),
        invoice.c.order_id,
        invoice.c.order_number,
        account.c.number.label("customer_number"),
        account.c.name.label("customer_name"),
        account.c.owner_id,
    )
    .join(invoice, invoice.c.id == credit_note.c.invoice_id)
    .join(account, account.c.customer_id == credit_note.c.customer_id)
)


def list_credit_notes(
    connection: Connection, wanted: CreditNoteSearch, *, after: Position | None, limit: int
) -> list[CreditNoteView]:
    """Return credit notes, newest first."""
    rows = page_of(connection, _QUERY.where(*_conditions(wanted)), credit_note.c.id, after, limit)
    return [CreditNoteView(**_view(row)) for row in rows]


def _conditions(wanted: CreditNoteSearch) -> list[ColumnElement[bool]]:
    has_left = above_zero(credit_note.c.unallocated_minor)
    choices = (
        (wanted.customer_id, credit_note.c.customer_id == wanted.customer_id),
        (wanted.invoice_id, credit_note.c.invoice_id == wanted.invoice_id),
        (wanted.order_id, invoice.c.order_id == wanted.order_id),
        (wanted.return_id, credit_note.c.return_id == wanted.return_id),
        (wanted.number, credit_note.c.number == wanted.number),
        (wanted.unallocated, has_left if wanted.unallocated else ~has_left),
        (wanted.only_owner, SIGHT.holds(account.c.owner_id, wanted.only_owner)),
    )
    return [condition for value, condition in choices if value is not None]


def _view(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "invoice_id": row.invoice_id,
        "invoice_number": row.invoice_number,
        "order_id": row.order_id,
        "order_number": row.order_number,
        "customer_id": row.customer_id,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "posted_on": row.posted_on,
        "total": Money(row.total_minor, row.currency),
        "net": Money(row.total_minor - row.tax_minor, row.currency),
        "tax": Money(row.tax_minor, row.currency),
        "unallocated": Money(row.unallocated_minor, row.currency),
        "reason": row.reason,
        "return_id": row.return_id,
        "recorded_by": row.recorded_by,
        "conversation_id": row.correlation_id,
        "version": row.version,
    }


def one_credit_note(
    connection: Connection, credit_note_id: str, *, only_owner: str | None = None
) -> CreditNoteDetail:
    """Return the credit note; refuse one that the caller may not know of."""
    row = connection.execute(_QUERY.where(credit_note.c.id == credit_note_id)).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise CreditNoteNotFound(f"there is no credit note {credit_note_id}")
    return CreditNoteDetail(
        **_view(row),
        lines=_lines(connection, row),
        allocations=_allocations(connection, row),
        journal_entry=_entry(connection, credit_note_id),
    )


def _lines(connection: Connection, head: Row[Any]) -> tuple[CreditedLineView, ...]:
    taken, billed = credit_note_line.c, invoice_line.c
    same = (billed.invoice_id == taken.invoice_id) & (billed.line_no == taken.line_no)
    query = (
        select(
            credit_note_line,
            billed.order_line_id,
            billed.item_id,
            billed.sku,
            billed.name,
            billed.tax_code,
            billed.tax_ppm,
        )
        .join(invoice_line, same)
        .where(taken.credit_note_id == head.id)
        .order_by(taken.line_no)
    )
    return tuple(
        CreditedLineView(
            line_no=row.line_no,
            order_line_id=row.order_line_id,
            item_id=row.item_id,
            sku=row.sku,
            name=row.name,
            quantity=row.quantity_milli,
            amount=Money(row.amount_minor, head.currency),
            tax=tax_of(row, head.currency),
        )
        for row in connection.execute(query)
    )


def _allocations(connection: Connection, head: Row[Any]) -> tuple[Settled, ...]:
    query = (
        select(credit_allocation, invoice.c.number, invoice.c.order_id)
        .join(invoice, invoice.c.id == credit_allocation.c.invoice_id)
        .where(credit_allocation.c.credit_note_id == head.id)
        .order_by(credit_allocation.c.id)
    )
    return tuple(
        Settled(
            row.invoice_id, row.number, row.order_id, Money(row.amount_minor, row.currency), row.allocated_on
        )
        for row in connection.execute(query)
    )


def _entry(connection: Connection, credit_note_id: str) -> str:
    query = select(journal_entry.c.number).where(
        journal_entry.c.kind == "credit", journal_entry.c.document_id == credit_note_id
    )
    return str(connection.execute(query).scalar_one())
