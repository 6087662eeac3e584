"""Looking at suppliers' credit notes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.supplier_credit import SupplierCreditNoteNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store.exchange import company_of
from services.finance.store.payables_tables import (
    bought_line,
    bought_order,
    supplier,
    supplier_invoice,
)
from services.finance.store.supplier_credit_tables import (
    goods_sent_back,
    supplier_credit_allocation,
    supplier_credit_note,
    supplier_credit_note_line,
)

_NOTE = supplier_credit_note.c


@dataclass(frozen=True)
class CreditedLineView:
    """A line of a supplier's credit note; ``at_order`` is what the goods were ordered for."""

    line_no: int
    line_id: str
    purchase_order_number: str
    sku: str
    quantity: Quantity
    unit_price: Price
    amount: Money
    at_order: Money


@dataclass(frozen=True)
class SettledInvoiceView:
    """A part of a credit note that settled a supplier invoice."""

    supplier_invoice_id: str
    number: str
    amount: Money
    allocated_on: date


@dataclass(frozen=True)
class SupplierCreditNoteView:
    """A supplier's credit note with its lines and what it settled."""

    id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    reference: str
    supplier_return_id: str | None
    supplier_return_number: str | None
    total: Money
    tax: Money
    open: Money
    company_total: Money | None
    credited_on: date
    posted_on: date
    reason: str | None
    entered_by: str | None
    created_at: datetime
    version: int
    lines: tuple[CreditedLineView, ...]
    allocations: tuple[SettledInvoiceView, ...]


_HEADS: Select[Any] = (
    select(
        supplier_credit_note,
        supplier.c.number.label("supplier_number"),
        supplier.c.name.label("supplier_name"),
        goods_sent_back.c.number.label("supplier_return_number"),
    )
    .join(supplier, supplier.c.supplier_id == _NOTE.supplier_id)
    .outerjoin(goods_sent_back, goods_sent_back.c.return_id == _NOTE.return_id)
)


def list_supplier_credit_notes(
    connection: Connection, supplier_id: str | None, *, after: Position | None, limit: int
) -> list[SupplierCreditNoteView]:
    """Return suppliers' credit notes, newest first."""
    query = _HEADS if supplier_id is None else _HEADS.where(_NOTE.supplier_id == supplier_id)
    return _views(connection, page_of(connection, query, _NOTE.id, after, limit))


def one_supplier_credit_note(connection: Connection, credit_note_id: str) -> SupplierCreditNoteView:
    """Return a supplier's credit note; refuse one that there is not."""
    rows = connection.execute(_HEADS.where(_NOTE.id == credit_note_id)).all()
    if not rows:
        raise SupplierCreditNoteNotFound(f"there is no credit note {credit_note_id} of a supplier")
    return _views(connection, rows)[0]


def _views(connection: Connection, rows: Any) -> list[SupplierCreditNoteView]:
    currencies = {row.id: row.currency for row in rows}
    lines, settled = _lines(connection, currencies), _settled(connection, currencies)
    return [_view(row, tuple(lines[row.id]), tuple(settled[row.id])) for row in rows]


def _lines(connection: Connection, currencies: dict[str, str]) -> dict[str, list[CreditedLineView]]:
    line = supplier_credit_note_line.c
    query = (
        select(supplier_credit_note_line, bought_line.c.sku, bought_order.c.number.label("order_number"))
        .join(bought_line, bought_line.c.line_id == line.line_id)
        .join(bought_order, bought_order.c.purchase_order_id == bought_line.c.purchase_order_id)
        .where(line.credit_note_id.in_(sorted(currencies)))
        .order_by(line.credit_note_id, line.line_no)
    )
    found: dict[str, list[CreditedLineView]] = defaultdict(list)
    for row in connection.execute(query):
        currency = currencies[row.credit_note_id]
        found[row.credit_note_id].append(
            CreditedLineView(
                line_no=row.line_no,
                line_id=row.line_id,
                purchase_order_number=row.order_number,
                sku=row.sku,
                quantity=row.quantity_milli,
                unit_price=Price(row.unit_price_e4, currency),
                amount=Money(row.amount_minor, currency),
                at_order=Money(row.cleared_minor, currency),
            )
        )
    return found


def _settled(connection: Connection, currencies: dict[str, str]) -> dict[str, list[SettledInvoiceView]]:
    part = supplier_credit_allocation.c
    query = (
        select(supplier_credit_allocation, supplier_invoice.c.number)
        .join(supplier_invoice, supplier_invoice.c.id == part.invoice_id)
        .where(part.credit_note_id.in_(sorted(currencies)))
        .order_by(part.id)
    )
    found: dict[str, list[SettledInvoiceView]] = defaultdict(list)
    for row in connection.execute(query):
        amount = Money(row.amount_minor, currencies[row.credit_note_id])
        found[row.credit_note_id].append(
            SettledInvoiceView(row.invoice_id, row.number, amount, row.allocated_on)
        )
    return found


def _view(
    row: Row[Any], lines: tuple[CreditedLineView, ...], settled: tuple[SettledInvoiceView, ...]
) -> SupplierCreditNoteView:
    return SupplierCreditNoteView(
        id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        supplier_number=row.supplier_number,
        supplier_name=row.supplier_name,
        reference=row.reference,
        supplier_return_id=row.return_id,
        supplier_return_number=row.supplier_return_number,
        total=Money(row.total_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        company_total=company_of(row),
        credited_on=row.credited_on,
        posted_on=row.posted_on,
        reason=row.reason,
        entered_by=row.entered_by,
        created_at=row.created_at,
        version=row.version,
        lines=lines,
        allocations=settled,
    )
