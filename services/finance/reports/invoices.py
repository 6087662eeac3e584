"""Invoices: lists, and one with its lines, its payments and its journal entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from libs.common.db import matches
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.invoicing_errors import InvoiceNotFound
from services.finance.domain.taxes import Deduction, LineTax, Taxed, TaxTotal, totals_by_rate
from services.finance.reports.paging import Position, page_of
from services.finance.store import dues
from services.finance.store.billing_tables import cash_discount, cash_discount_part, down_payment
from services.finance.store.credit_tables import credit_allocation, credit_note, credited_line
from services.finance.store.down_payments import deductions_of
from services.finance.store.exchange import company_of
from services.finance.store.tables import account, allocation, invoice, invoice_line, journal_entry, payment
from services.finance.store.taxes import tax_of
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class InvoiceSearch:
    """Which invoices are looked for; ``only_owner`` limits them to one salesperson's customers."""

    order_id: str | None = None
    customer_id: str | None = None
    delivery_id: str | None = None
    number: str | None = None
    payment_state: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class InvoiceView:
    """An invoice with the names of what it is about."""

    id: str
    number: str
    state: str
    payment_state: str
    order_id: str
    order_number: str
    delivery_id: str
    delivery_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    posted_on: date
    due_on: date
    paid_on: date | None
    days_overdue: int
    total: Money
    net: Money
    tax: Money
    company_total: Money | None
    open: Money
    conversation_id: str
    version: int
    kind: str
    discount: Money | None
    discount_until: date | None


@dataclass(frozen=True)
class LineView(Taxed):
    """A line of an invoice, and how much of it was credited; amounts are without tax."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    amount: Money
    credited_quantity: Quantity
    credited_amount: Money
    tax: LineTax | None
    credited_tax: Money


@dataclass(frozen=True)
class SettledBy:
    """A part of the invoice that a credit note settled."""

    credit_note_id: str
    number: str
    amount: Money
    allocated_on: date


@dataclass(frozen=True)
class PaidBy:
    """A part of the invoice that a payment paid."""

    payment_id: str
    number: str
    amount: Money
    allocated_on: date


@dataclass(frozen=True)
class InstalmentView:
    """A part of the invoice with its own due day, and what is open of it."""

    number: int
    due_on: date
    amount: Money
    open: Money


@dataclass(frozen=True)
class DeductedView:
    """What the invoice deducts of the down payment of its order, without tax and the tax."""

    invoice_id: str
    number: str
    amount: Money
    tax: Money


@dataclass(frozen=True)
class LetOff:
    """A cash discount that settled the invoice, or, below zero, what of it is owed again."""

    number: str
    amount: Money
    tax: Money
    posted_on: date


@dataclass(frozen=True)
class InvoiceDetail(InvoiceView):
    """An invoice with its lines, what paid or settled it, and its entry in the journal (none for one of nothing)."""

    lines: tuple[LineView, ...] = ()
    instalments: tuple[InstalmentView, ...] = ()
    payments: tuple[PaidBy, ...] = ()
    credits: tuple[SettledBy, ...] = ()
    journal_entry: str | None = None
    deductions: tuple[Deduction, ...] = ()
    deducted: DeductedView | None = None
    discounts: tuple[LetOff, ...] = ()

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """The sums of the lines, less what is deducted, for each code and rate of tax."""
        return totals_by_rate([*self.lines, *(each.taken_off for each in self.deductions)])


_NEXT = (
    select(func.min(dues.PART.c.due_on))
    .where(dues.PART.c.invoice_id == invoice.c.id, dues.OPEN > 0)
    .scalar_subquery()
    .label("next_due_on")
)
_QUERY: Select[Any] = select(
    invoice,
    _NEXT,
    account.c.number.label("customer_number"),
    account.c.name.label("customer_name"),
    account.c.owner_id,
).join(account, account.c.customer_id == invoice.c.customer_id)


def list_invoices(
    connection: Connection, wanted: InvoiceSearch, today: date, *, after: Position | None, limit: int
) -> list[InvoiceView]:
    """Return invoices, newest first."""
    rows = page_of(connection, _QUERY.where(*_conditions(wanted)), invoice.c.id, after, limit)
    return [InvoiceView(**_view(row, today)) for row in rows]


def _conditions(wanted: InvoiceSearch) -> list[ColumnElement[bool]]:
    choices = (
        (invoice.c.order_id, wanted.order_id),
        (invoice.c.customer_id, wanted.customer_id),
        (invoice.c.delivery_id, wanted.delivery_id),
        (invoice.c.number, wanted.number),
        (invoice.c.payment_state, wanted.payment_state),
    )
    own = [] if wanted.only_owner is None else [SIGHT.holds(account.c.owner_id, wanted.only_owner)]
    return [*own, *(matches(column, value) for column, value in choices if value is not None)]


def _view(row: Row[Any], today: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "payment_state": row.payment_state,
        "order_id": row.order_id,
        "order_number": row.order_number,
        "delivery_id": row.delivery_id,
        "delivery_number": row.delivery_number,
        "customer_id": row.customer_id,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "posted_on": row.posted_on,
        "due_on": row.due_on,
        "paid_on": row.paid_on,
        "days_overdue": max((today - (row.next_due_on or row.due_on)).days, 0) if row.open_minor else 0,
        "total": Money(row.total_minor, row.currency),
        "net": Money(row.total_minor - row.tax_minor, row.currency),
        "tax": Money(row.tax_minor, row.currency),
        "company_total": company_of(row),
        "open": Money(row.open_minor, row.currency),
        "conversation_id": row.correlation_id,
        "version": row.version,
        "kind": row.kind,
        "discount": Money(row.discount_minor, row.currency) if row.discount_minor else None,
        "discount_until": row.discount_until,
    }


def one_invoice(
    connection: Connection, invoice_id: str, today: date, *, only_owner: str | None = None
) -> InvoiceDetail:
    """Return the invoice; refuse one that the caller may not know of."""
    row = connection.execute(_QUERY.where(invoice.c.id == invoice_id)).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise InvoiceNotFound(
            f"there is no invoice {invoice_id}", cure="choose one from GET /api/v1/invoices"
        )
    return InvoiceDetail(
        **_view(row, today),
        lines=_lines(connection, row),
        instalments=_instalments(connection, row),
        payments=_payments(connection, row),
        credits=_credits(connection, row),
        journal_entry=_entry(connection, invoice_id),
        deductions=(cut := deductions_of(connection, invoice_id, row.currency)),
        deducted=_deducted(connection, row, cut),
        discounts=_discounts(connection, row),
    )


def _deducted(connection: Connection, head: Row[Any], cut: tuple[Deduction, ...]) -> DeductedView | None:
    if not cut:
        return None
    query = (
        select(invoice.c.id, invoice.c.number)
        .join(down_payment, down_payment.c.invoice_id == invoice.c.id)
        .where(down_payment.c.order_id == head.order_id)
    )
    row = connection.execute(query).one()
    amount = Money.total((each.amount for each in cut), head.currency)
    return DeductedView(
        row.id, row.number, amount, Money.total((each.tax_amount for each in cut), head.currency)
    )


def _discounts(connection: Connection, head: Row[Any]) -> tuple[LetOff, ...]:
    off = cash_discount.c
    query = (
        select(
            off.number,
            off.kind,
            off.amount_minor,
            off.posted_on,
            func.sum(cash_discount_part.c.tax_minor).label("tax"),
        )
        .join(cash_discount_part, cash_discount_part.c.discount_id == off.id)
        .where(off.invoice_id == head.id)
        .group_by(off.id, off.number, off.kind, off.amount_minor, off.posted_on)
        .order_by(off.id)
    )
    found = []
    for row in connection.execute(query):
        amount, tax = Money(row.amount_minor, head.currency), Money(int(row.tax), head.currency)
        sides = (amount, tax) if row.kind == "granted" else (-amount, -tax)
        found.append(LetOff(row.number, *sides, row.posted_on))
    return tuple(found)


def _instalments(connection: Connection, head: Row[Any]) -> tuple[InstalmentView, ...]:
    still_open = Money(head.open_minor, head.currency)
    return tuple(
        InstalmentView(part.number, part.due_on, part.amount, part.open_of(still_open))
        for part in dues.parts_of(connection, head.id, head.currency)
    )


def _lines(connection: Connection, head: Row[Any]) -> tuple[LineView, ...]:
    query = (
        select(
            invoice_line,
            credited_line.c.credited_milli,
            credited_line.c.credited_minor,
            credited_line.c.credited_tax_minor,
        )
        .outerjoin(
            credited_line,
            (credited_line.c.invoice_id == invoice_line.c.invoice_id)
            & (credited_line.c.line_no == invoice_line.c.line_no),
        )
        .where(invoice_line.c.invoice_id == head.id)
        .order_by(invoice_line.c.line_no)
    )
    return tuple(
        LineView(
            line_no=row.line_no,
            order_line_id=row.order_line_id,
            item_id=row.item_id,
            sku=row.sku,
            name=row.name,
            quantity=row.quantity_milli,
            amount=Money(row.amount_minor, head.currency),
            credited_quantity=row.credited_milli or Quantity.zero(),
            credited_amount=Money(row.credited_minor or 0, head.currency),
            tax=tax_of(row, head.currency),
            credited_tax=Money(row.credited_tax_minor or 0, head.currency),
        )
        for row in connection.execute(query)
    )


def _payments(connection: Connection, head: Row[Any]) -> tuple[PaidBy, ...]:
    query = (
        select(allocation, payment.c.number)
        .join(payment, payment.c.id == allocation.c.payment_id)
        .where(allocation.c.invoice_id == head.id)
        .order_by(allocation.c.id)
    )
    return tuple(
        PaidBy(row.payment_id, row.number, Money(row.amount_minor, row.currency), row.allocated_on)
        for row in connection.execute(query)
    )


def _credits(connection: Connection, head: Row[Any]) -> tuple[SettledBy, ...]:
    query = (
        select(credit_allocation, credit_note.c.number)
        .join(credit_note, credit_note.c.id == credit_allocation.c.credit_note_id)
        .where(credit_allocation.c.invoice_id == head.id)
        .order_by(credit_allocation.c.id)
    )
    return tuple(
        SettledBy(row.credit_note_id, row.number, Money(row.amount_minor, row.currency), row.allocated_on)
        for row in connection.execute(query)
    )


def _entry(connection: Connection, invoice_id: str) -> str | None:
    query = select(journal_entry.c.number).where(
        journal_entry.c.kind == "invoice", journal_entry.c.document_id == invoice_id
    )
    number: str | None = connection.execute(query).scalar_one_or_none()
    return number
