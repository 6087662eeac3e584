"""Supplier invoices with their match line by line, and what came in without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import above_zero, matches
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine
from services.finance.domain.supplier_invoice import SupplierInvoiceNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store.bought import to_line
from services.finance.store.payables_tables import (
    bought_line,
    bought_order,
    supplier,
    supplier_invoice,
    supplier_invoice_line,
    supplier_invoice_match,
)


@dataclass(frozen=True)
class SupplierInvoiceLineView:
    """A line beside what was ordered and what had come in; ``received`` and ``invoiced_before`` are of the match."""

    line_no: int
    line_id: str
    purchase_order_id: str
    purchase_order_number: str
    sku: str
    quantity: Quantity
    unit_price: Price
    amount: Money
    ordered: Quantity
    ordered_unit_price: Price
    received: Quantity
    invoiced_before: Quantity
    over: Quantity
    dearer: Money
    mismatches: tuple[str, ...]


@dataclass(frozen=True)
class SupplierInvoiceView:
    """A supplier invoice."""

    id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    reference: str
    state: str
    payment_state: str
    total: Money
    tax: Money
    open: Money
    invoiced_on: date
    due_on: date
    posted_on: date | None
    entered_by: str | None
    decided_by: str | None
    reason: str | None
    created_at: datetime
    version: int
    lines: tuple[SupplierInvoiceLineView, ...]


@dataclass(frozen=True)
class SupplierInvoiceSearch:
    """Which supplier invoices are looked for; with ``due_until`` only those that are owed and due by that day."""

    supplier_id: str | None = None
    state: str | None = None
    payment_state: str | None = None
    reference: str | None = None
    due_until: date | None = None


@dataclass(frozen=True)
class UninvoicedView:
    """A line of a purchase order of which more came in than was invoiced, and what that is worth."""

    line: BoughtLine
    supplier_number: str
    supplier_name: str
    to_invoice: Quantity
    value: Money


_QUERY: Select[Any] = select(
    supplier_invoice, supplier.c.number.label("supplier_number"), supplier.c.name.label("supplier_name")
).join(supplier, supplier.c.supplier_id == supplier_invoice.c.supplier_id)


def list_supplier_invoices(
    connection: Connection, wanted: SupplierInvoiceSearch, *, after: Position | None, limit: int
) -> list[SupplierInvoiceView]:
    """Return supplier invoices with their lines, newest first."""
    invoice = supplier_invoice.c
    query = _QUERY
    for column, value in (
        (invoice.supplier_id, wanted.supplier_id),
        (invoice.state, wanted.state),
        (invoice.payment_state, wanted.payment_state),
        (invoice.reference, wanted.reference),
    ):
        query = query if value is None else query.where(matches(column, value))
    if wanted.due_until is not None:
        query = query.where(above_zero(invoice.open_minor), invoice.due_on <= wanted.due_until)
    return _views(connection, page_of(connection, query, invoice.id, after, limit))


def one_supplier_invoice(connection: Connection, invoice_id: str) -> SupplierInvoiceView:
    """Return a supplier invoice."""
    rows = connection.execute(_QUERY.where(supplier_invoice.c.id == invoice_id)).all()
    if not rows:
        raise SupplierInvoiceNotFound(f"there is no supplier invoice {invoice_id}")
    return _views(connection, rows)[0]


def _views(connection: Connection, rows: Sequence[Row[Any]]) -> list[SupplierInvoiceView]:
    lines = _lines(connection, {row.id: row.currency for row in rows})
    return [_view(row, tuple(lines[row.id])) for row in rows]


def _view(row: Row[Any], lines: tuple[SupplierInvoiceLineView, ...]) -> SupplierInvoiceView:
    return SupplierInvoiceView(
        id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        supplier_number=row.supplier_number,
        supplier_name=row.supplier_name,
        reference=row.reference,
        state=row.state,
        payment_state=row.payment_state,
        total=Money(row.total_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        invoiced_on=row.invoiced_on,
        due_on=row.due_on,
        posted_on=row.posted_on,
        entered_by=row.entered_by,
        decided_by=row.decided_by,
        reason=row.reason,
        created_at=row.created_at,
        version=row.version,
        lines=lines,
    )


def _lines(connection: Connection, currencies: dict[str, str]) -> dict[str, list[SupplierInvoiceLineView]]:
    line, match = supplier_invoice_line.c, supplier_invoice_match.c
    query = (
        select(
            supplier_invoice_line, match.received_milli, match.invoiced_before_milli, match.over_milli,
            match.dearer_minor, match.mismatches, bought_line.c.purchase_order_id, bought_line.c.sku,
            bought_line.c.ordered_milli, bought_line.c.unit_price_e4.label("ordered_e4"),
            bought_order.c.number.label("order_number"),
        )
        .join(supplier_invoice_match, (match.invoice_id == line.invoice_id) & (match.line_no == line.line_no))
        .join(bought_line, bought_line.c.line_id == line.line_id)
        .join(bought_order, bought_order.c.purchase_order_id == bought_line.c.purchase_order_id)
        .where(line.invoice_id.in_(list(currencies)))
        .order_by(line.invoice_id, line.line_no)
    )  # fmt: skip
    found: dict[str, list[SupplierInvoiceLineView]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.invoice_id].append(_line(row, currencies[row.invoice_id]))
    return found


def _line(row: Row[Any], currency: str) -> SupplierInvoiceLineView:
    return SupplierInvoiceLineView(
        line_no=row.line_no,
        line_id=row.line_id,
        purchase_order_id=row.purchase_order_id,
        purchase_order_number=row.order_number,
        sku=row.sku,
        quantity=row.quantity_milli,
        unit_price=Price(row.unit_price_e4, currency),
        amount=Money(row.amount_minor, currency),
        ordered=row.ordered_milli,
        ordered_unit_price=Price(row.ordered_e4, currency),
        received=row.received_milli,
        invoiced_before=row.invoiced_before_milli,
        over=row.over_milli,
        dearer=Money(row.dearer_minor, currency),
        mismatches=tuple(row.mismatches),
    )


def uninvoiced(
    connection: Connection,
    supplier_id: str | None,
    purchase_order_id: str | None,
    *,
    after: Position | None,
    limit: int,
) -> list[UninvoicedView]:
    """Return the lines of which something came in that was not invoiced, what was ordered last first."""
    query = (
        select(
            bought_line,
            bought_order.c.number.label("order_number"),
            supplier.c.number.label("supplier_number"),
            supplier.c.name.label("supplier_name"),
        )
        .join(bought_order, bought_order.c.purchase_order_id == bought_line.c.purchase_order_id)
        .join(supplier, supplier.c.supplier_id == bought_line.c.supplier_id)
        .where(bought_line.c.received_milli > bought_line.c.invoiced_milli)
    )
    if supplier_id is not None:
        query = query.where(bought_line.c.supplier_id == supplier_id)
    if purchase_order_id is not None:
        query = query.where(bought_line.c.purchase_order_id == purchase_order_id)
    return [
        _uninvoiced(row, to_line(row))
        for row in page_of(connection, query, bought_line.c.line_id, after, limit)
    ]


def _uninvoiced(row: Row[Any], line: BoughtLine) -> UninvoicedView:
    value = line.value_between(line.invoiced, line.received)
    return UninvoicedView(line, row.supplier_number, row.supplier_name, line.to_invoice, value)
