"""Looking at write-offs and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, select

from libs.common.db import matches
from libs.common.money import Money
from services.finance.domain.settlement import RefundNotFound, WriteOffNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.store import settlements
from services.finance.store.credit_tables import credit_note
from services.finance.store.settlement_tables import refund, write_off, write_off_tolerance
from services.finance.store.tables import account, invoice, payment
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class SettlementSearch:
    """Which documents are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    invoice_id: str | None = None
    payment_id: str | None = None
    credit_note_id: str | None = None
    state: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class Tolerance:
    """Up to how much of an invoice is written off without another's yes."""

    amount: Money
    version: int


@dataclass(frozen=True)
class WriteOffView:
    """A write-off with the names of the customer and of the invoice."""

    id: str
    number: str
    invoice_id: str
    invoice_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    amount: Money
    reason: str
    state: str
    approval_id: str | None
    requested_by: str
    requested_at: datetime
    posted_on: date | None
    reversed_on: date | None
    reversed_by: str | None
    reversal_reason: str | None
    version: int


@dataclass(frozen=True)
class RefundView:
    """A refund with the name of the customer, and the number of what it is taken from."""

    id: str
    number: str
    payment_id: str | None
    credit_note_id: str | None
    source_number: str
    customer_id: str
    customer_number: str
    customer_name: str
    amount: Money
    reason: str
    state: str
    approval_id: str
    requested_by: str
    requested_at: datetime
    posted_on: date | None
    version: int


def tolerances(connection: Connection) -> list[Tolerance]:
    """Return the tolerance of each currency in which one was set."""
    query = select(write_off_tolerance.c.currency).distinct().order_by(write_off_tolerance.c.currency)
    found = connection.execute(query).scalars().all()
    return [Tolerance(*settlements.tolerance(connection, currency)) for currency in found]


def list_write_offs(
    connection: Connection, wanted: SettlementSearch, *, after: Position | None, limit: int
) -> list[WriteOffView]:
    """Return write-offs, the latest first."""
    query = _narrowed(_write_offs(), write_off, wanted, "invoice_id")
    return [_write_off(row) for row in page_of(connection, query, write_off.c.id, after, limit)]


def one_write_off(
    connection: Connection, write_off_id: str, *, only_owner: str | None = None
) -> WriteOffView:
    """Return a write-off; refuse one that the caller may not know of."""
    query = _narrowed(_write_offs(), write_off, SettlementSearch(only_owner=only_owner))
    row = connection.execute(query.where(write_off.c.id == write_off_id)).one_or_none()
    if row is None:
        raise WriteOffNotFound(f"there is no write-off {write_off_id}")
    return _write_off(row)


def _write_offs() -> Select[Any]:
    return (
        _with_customer(write_off)
        .add_columns(invoice.c.number.label("invoice_number"))
        .join(invoice, invoice.c.id == write_off.c.invoice_id)
    )


def _with_customer(table: Table) -> Select[Any]:
    names = account.c.number.label("customer_number"), account.c.name.label("customer_name")
    return select(table, *names).join(account, account.c.customer_id == table.c.customer_id)


def _narrowed(query: Select[Any], table: Table, wanted: SettlementSearch, *names: str) -> Select[Any]:
    for name in ("customer_id", "state", *names):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(matches(table.c[name], value))
    return (
        query
        if wanted.only_owner is None
        else query.where(SIGHT.holds(account.c.owner_id, wanted.only_owner))
    )


def _write_off(row: Row[Any]) -> WriteOffView:
    names = (name for name in WriteOffView.__dataclass_fields__ if name != "amount")
    return WriteOffView(
        **{name: getattr(row, name) for name in names}, amount=Money(row.amount_minor, row.currency)
    )


def list_refunds(
    connection: Connection, wanted: SettlementSearch, *, after: Position | None, limit: int
) -> list[RefundView]:
    """Return refunds, the latest first."""
    query = _narrowed(_refunds(), refund, wanted, "payment_id", "credit_note_id")
    return [_refund(row) for row in page_of(connection, query, refund.c.id, after, limit)]


def one_refund(connection: Connection, refund_id: str, *, only_owner: str | None = None) -> RefundView:
    """Return a refund; refuse one that the caller may not know of."""
    query = _narrowed(_refunds(), refund, SettlementSearch(only_owner=only_owner))
    row = connection.execute(query.where(refund.c.id == refund_id)).one_or_none()
    if row is None:
        raise RefundNotFound(f"there is no refund {refund_id}")
    return _refund(row)


def _refunds() -> Select[Any]:
    source = func.coalesce(payment.c.number, credit_note.c.number).label("source_number")
    return (
        _with_customer(refund)
        .add_columns(source)
        .outerjoin(payment, payment.c.id == refund.c.payment_id)
        .outerjoin(credit_note, credit_note.c.id == refund.c.credit_note_id)
    )


def _refund(row: Row[Any]) -> RefundView:
    names = (name for name in RefundView.__dataclass_fields__ if name != "amount")
    return RefundView(
        **{name: getattr(row, name) for name in names}, amount=Money(row.amount_minor, row.currency)
    )
