"""What is owed to suppliers on any day: by days past due, supplier by supplier, and what it is time to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select, union_all

from libs.common.db import above_zero
from libs.common.money import Money
from services.finance.domain.ageing import BUCKETS
from services.finance.reports.ageing import falls_in
from services.finance.reports.paging import Position
from services.finance.store.payables_tables import supplier, supplier_allocation, supplier_invoice
from services.finance.store.supplier_credit_tables import supplier_credit_allocation

MOST_PROPOSED = 500
_INVOICE = supplier_invoice.c
_NAMES = tuple(bucket.name for bucket in BUCKETS)


@dataclass(frozen=True)
class AgedDebt:
    """Open amounts by days past due, in minor units of one currency."""

    not_due: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    days_91_120: Money
    over_120_days: Money
    open: Money
    overdue: Money


@dataclass(frozen=True)
class CurrencyDebt:
    """All that is owed in one currency, to so many suppliers."""

    currency: str
    suppliers: int
    amounts: AgedDebt


@dataclass(frozen=True)
class SupplierDebt:
    """What one supplier is owed in one currency on a day."""

    supplier_id: str
    number: str
    name: str
    currency: str
    oldest_due_on: date
    amounts: AgedDebt


@dataclass(frozen=True)
class DebtSearch:
    """Which debts are looked for, on which day."""

    as_of: date
    currency: str | None = None
    supplier_ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ProposedInvoice:
    """A supplier invoice that falls due by the day."""

    supplier_invoice_id: str
    number: str
    reference: str
    due_on: date
    open: Money


@dataclass(frozen=True)
class PaymentProposal:
    """What one supplier is to be paid in one currency; of very many invoices those that are due first."""

    supplier_id: str
    supplier_number: str
    supplier_name: str
    total: Money
    invoices: tuple[ProposedInvoice, ...]


def debts(connection: Connection, wanted: DebtSearch) -> tuple[CurrencyDebt, ...]:
    """Return what is owed to all suppliers, by currency."""
    owed = _by_supplier(wanted).subquery()
    sums = (func.sum(owed.c[name]).label(name) for name in _NAMES)
    query = select(owed.c.currency, func.count().label("suppliers"), *sums)
    rows = connection.execute(query.group_by(owed.c.currency).order_by(owed.c.currency))
    return tuple(CurrencyDebt(row.currency, int(row.suppliers), _amounts(row)) for row in rows)


def suppliers_owed(
    connection: Connection, wanted: DebtSearch, *, after: Position | None, limit: int
) -> list[SupplierDebt]:
    """Return the suppliers who are owed anything, the one who is owed most first."""
    owed = _by_supplier(wanted).subquery()
    query = select(owed, supplier.c.number, supplier.c.name).join(
        supplier, supplier.c.supplier_id == owed.c.supplier_id
    )
    if after is not None:
        less, last_id, last_currency = after
        later = and_(owed.c.supplier_id == last_id, owed.c.currency > last_currency)
        same = and_(owed.c.open_minor == int(less), or_(owed.c.supplier_id > last_id, later))
        query = query.where(or_(owed.c.open_minor < int(less), same))
    order = (owed.c.open_minor.desc(), owed.c.supplier_id, owed.c.currency)
    return [_debt(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def _debt(row: Row[Any]) -> SupplierDebt:
    return SupplierDebt(row.supplier_id, row.number, row.name, row.currency, row.oldest_due_on, _amounts(row))


def _amounts(row: Row[Any]) -> AgedDebt:
    buckets = [int(getattr(row, name)) for name in _NAMES]
    open_ = sum(buckets)
    return AgedDebt(*(Money(minor, row.currency) for minor in (*buckets, open_, open_ - buckets[0])))


def _by_supplier(wanted: DebtSearch) -> Select[Any]:
    """Select what each supplier is owed in each currency, by bucket."""
    piece = _pieces(wanted).subquery()
    sums = [
        func.sum(case((falls_in(bucket, piece.c.due_on, wanted.as_of), piece.c.open_minor), else_=0)).label(
            bucket.name
        )
        for bucket in BUCKETS
    ]
    return select(
        piece.c.supplier_id,
        piece.c.currency,
        func.min(piece.c.due_on).label("oldest_due_on"),
        *sums,
        func.sum(piece.c.open_minor).label("open_minor"),
    ).group_by(piece.c.supplier_id, piece.c.currency)


def _pieces(wanted: DebtSearch) -> Any:
    """Select the parts of what was open: what is open now, and what was paid only later."""
    heads = select(_INVOICE.supplier_id, _INVOICE.currency, _INVOICE.due_on).where(
        _INVOICE.posted_on <= wanted.as_of
    )
    if wanted.currency is not None:
        heads = heads.where(_INVOICE.currency == wanted.currency)
    if wanted.supplier_ids is not None:
        heads = heads.where(_INVOICE.supplier_id.in_(wanted.supplier_ids))
    now = heads.add_columns(_INVOICE.open_minor.label("open_minor")).where(above_zero(_INVOICE.open_minor))
    later = (
        heads.add_columns(supplier_allocation.c.amount_minor)
        .join(supplier_allocation, supplier_allocation.c.invoice_id == _INVOICE.id)
        .where(supplier_allocation.c.allocated_on > wanted.as_of)
    )
    settled = (
        heads.add_columns(supplier_credit_allocation.c.amount_minor)
        .join(supplier_credit_allocation, supplier_credit_allocation.c.invoice_id == _INVOICE.id)
        .where(supplier_credit_allocation.c.allocated_on > wanted.as_of)
    )
    return union_all(now, later, settled)


def proposals(
    connection: Connection,
    due_until: date,
    supplier_id: str | None,
    *,
    after: Position | None,
    limit: int,
) -> list[PaymentProposal]:
    """Return what falls due until a day, supplier by supplier and currency by currency."""
    query = select(
        _INVOICE.supplier_id, _INVOICE.currency, func.sum(_INVOICE.open_minor).label("total"), supplier.c.number,
        supplier.c.name,
    ).join(supplier, supplier.c.supplier_id == _INVOICE.supplier_id)  # fmt: skip
    query = query.where(*_due(due_until))
    if supplier_id is not None:
        query = query.where(_INVOICE.supplier_id == supplier_id)
    if after is not None:
        last_id, last_currency = after
        later = and_(_INVOICE.supplier_id == last_id, _INVOICE.currency > last_currency)
        query = query.where(or_(_INVOICE.supplier_id > last_id, later))
    columns = (_INVOICE.supplier_id, _INVOICE.currency)
    rows = connection.execute(
        query.group_by(*columns, supplier.c.number, supplier.c.name).order_by(*columns).limit(limit)
    ).all()
    invoices = _due_of(connection, due_until, {row.supplier_id for row in rows})
    return [
        PaymentProposal(
            row.supplier_id,
            row.number,
            row.name,
            Money(int(row.total), row.currency),
            tuple(invoices[row.supplier_id, row.currency][:MOST_PROPOSED]),
        )
        for row in rows
    ]


def _due(until: date) -> tuple[Any, ...]:
    return above_zero(_INVOICE.open_minor), _INVOICE.due_on <= until


def _due_of(
    connection: Connection, until: date, suppliers: Iterable[str]
) -> dict[tuple[str, str], list[ProposedInvoice]]:
    query = select(supplier_invoice).where(*_due(until), _INVOICE.supplier_id.in_(sorted(suppliers)))
    found: dict[tuple[str, str], list[ProposedInvoice]] = defaultdict(list)
    for row in connection.execute(query.order_by(_INVOICE.due_on, _INVOICE.id)):
        invoice = ProposedInvoice(
            row.id, row.number, row.reference, row.due_on, Money(row.open_minor, row.currency)
        )
        found[row.supplier_id, row.currency].append(invoice)
    return found
