"""Suppliers' accounts: who they are, what is owed to them or on hold, their payments, and statements of any period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, func, literal, select, union_all

from libs.common.money import Money
from services.finance.domain.supplier_invoice import SupplierNotFound
from services.finance.domain.supplier_payment import SupplierPaymentNotFound
from services.finance.reports.paging import Position, page_of
from services.finance.reports.payables import DebtSearch, suppliers_owed
from services.finance.reports.period import MOST_LINES, Period
from services.finance.store.bought import find_supplier
from services.finance.store.payables_tables import (
    supplier,
    supplier_allocation,
    supplier_invoice,
    supplier_payment,
)
from services.finance.store.supplier_credit_tables import supplier_credit_note

_NOTHING = literal(0, BigInteger)
_INVOICE, _PAYMENT = supplier_invoice.c, supplier_payment.c
_MANY = 10_000


@dataclass(frozen=True)
class Owed:
    """What a supplier is owed in one currency, what of it is overdue, and what is on hold, which is not owed yet."""

    currency: str
    open: Money
    overdue: Money
    on_hold: Money


@dataclass(frozen=True)
class SupplierAccountView:
    """A supplier with what is owed, currency by currency."""

    id: str
    number: str
    name: str
    owed: tuple[Owed, ...]


@dataclass(frozen=True)
class SupplierStatementLine:
    """An invoice, which is charged, or a payment or a credit note; ``balance`` is owed to the supplier after it."""

    day: date
    kind: str
    document_id: str
    number: str
    reference: str
    due_on: date | None
    charged: Money
    paid: Money
    balance: Money


@dataclass(frozen=True)
class SupplierStatement:
    """All that moved what is owed to a supplier in a period."""

    supplier_id: str
    number: str
    name: str
    currency: str
    first: date
    last: date
    opening: Money
    charged: Money
    paid: Money
    closing: Money
    lines: tuple[SupplierStatementLine, ...]


@dataclass(frozen=True)
class PaidInvoice:
    """A part of a payment that paid a supplier invoice."""

    supplier_invoice_id: str
    number: str
    reference: str
    amount: Money


@dataclass(frozen=True)
class SupplierPaymentView:
    """Money that went to a supplier, and what it paid."""

    id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    amount: Money
    reference: str
    paid_on: date
    booked_on: date
    bank_line_id: str | None
    recorded_by: str | None
    allocations: tuple[PaidInvoice, ...]


def list_supplier_accounts(
    connection: Connection, today: date, *, after: Position | None, limit: int
) -> list[SupplierAccountView]:
    """Return suppliers, the one who was ordered from last first."""
    rows = page_of(connection, select(supplier), supplier.c.supplier_id, after, limit)
    return _accounts(connection, rows, today)


def one_supplier_account(connection: Connection, supplier_id: str, today: date) -> SupplierAccountView:
    """Return a supplier."""
    rows = connection.execute(select(supplier).where(supplier.c.supplier_id == supplier_id)).all()
    if not rows:
        raise SupplierNotFound(f"nothing was ordered of a supplier {supplier_id}")
    return _accounts(connection, rows, today)[0]


def _accounts(connection: Connection, rows: Sequence[Row[Any]], today: date) -> list[SupplierAccountView]:
    ids = tuple(row.supplier_id for row in rows)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for debt in suppliers_owed(connection, DebtSearch(today, supplier_ids=ids), after=None, limit=_MANY):
        sums[debt.supplier_id, debt.currency][:2] = debt.amounts.open.minor, debt.amounts.overdue.minor
    held = (
        select(_INVOICE.supplier_id, _INVOICE.currency, func.sum(_INVOICE.total_minor).label("total"))
        .where(_INVOICE.state == "on_hold", _INVOICE.supplier_id.in_(ids))
        .group_by(_INVOICE.supplier_id, _INVOICE.currency)
    )
    for row in connection.execute(held):
        sums[row.supplier_id, row.currency][2] = int(row.total)
    owed: dict[str, list[Owed]] = defaultdict(list)
    for (supplier_id, currency), minors in sorted(sums.items()):
        owed[supplier_id].append(Owed(currency, *(Money(minor, currency) for minor in minors)))
    return [
        SupplierAccountView(row.supplier_id, row.number, row.name, tuple(owed[row.supplier_id]))
        for row in rows
    ]


def supplier_statement(
    connection: Connection, supplier_id: str, currency: str, period: Period
) -> SupplierStatement:
    """Return the statement of a supplier's account in ``currency``; ``PeriodInvalid`` when it is too long to read."""
    head = find_supplier(connection, supplier_id)
    if head is None:
        raise SupplierNotFound(f"nothing was ordered of a supplier {supplier_id}")
    opening = _before(connection, supplier_id, currency, period.first)
    every = union_all(*_documents(supplier_id, currency)).subquery()
    query = select(every).where(every.c.day.between(period.first, period.last))
    rows = connection.execute(
        query.order_by(every.c.day, every.c.kind, every.c.id).limit(MOST_LINES + 1)
    ).all()
    period.require_readable(len(rows))
    lines = tuple(_lines(rows, opening, currency))
    charged = Money.total((line.charged for line in lines), currency)
    paid = Money.total((line.paid for line in lines), currency)
    before = Money(opening, currency)
    return SupplierStatement(
        supplier_id=supplier_id,
        number=head.number,
        name=head.name,
        currency=currency,
        first=period.first,
        last=period.last,
        opening=before,
        charged=charged,
        paid=paid,
        closing=before + charged - paid,
        lines=lines,
    )


def _before(connection: Connection, supplier_id: str, currency: str, day: date) -> int:
    every = union_all(*_documents(supplier_id, currency)).subquery()
    query = select(func.coalesce(func.sum(every.c.charged - every.c.paid), 0)).where(every.c.day < day)
    return int(connection.execute(query).scalar_one())


def _documents(supplier_id: str, currency: str) -> Iterable[Select[Any]]:
    yield _invoices(supplier_id, currency)
    yield _payments(supplier_id, currency)
    yield _credit_notes(supplier_id, currency)


def _credit_notes(supplier_id: str, currency: str) -> Select[Any]:
    note = supplier_credit_note.c
    return select(
        literal("supplier_credit_note"),
        note.id,
        note.number,
        note.reference,
        note.posted_on,
        note.posted_on,
        _NOTHING,
        note.total_minor,
    ).where(note.supplier_id == supplier_id, note.currency == currency)


def _invoices(supplier_id: str, currency: str) -> Select[Any]:
    return select(
        literal("supplier_invoice").label("kind"),
        _INVOICE.id.label("id"),
        _INVOICE.number.label("number"),
        _INVOICE.reference.label("reference"),
        _INVOICE.posted_on.label("day"),
        _INVOICE.due_on.label("due_on"),
        _INVOICE.total_minor.label("charged"),
        _NOTHING.label("paid"),
    ).where(_INVOICE.supplier_id == supplier_id, _INVOICE.currency == currency, _INVOICE.state == "posted")


def _payments(supplier_id: str, currency: str) -> Select[Any]:
    return select(
        literal("supplier_payment"),
        _PAYMENT.id,
        _PAYMENT.number,
        _PAYMENT.reference,
        _PAYMENT.booked_on,
        _PAYMENT.booked_on,
        _NOTHING,
        _PAYMENT.amount_minor,
    ).where(_PAYMENT.supplier_id == supplier_id, _PAYMENT.currency == currency)


def _lines(rows: Iterable[Row[Any]], opening: int, currency: str) -> Iterable[SupplierStatementLine]:
    balance = opening
    for row in rows:
        balance += row.charged - row.paid
        yield SupplierStatementLine(
            day=row.day,
            kind=row.kind,
            document_id=row.id,
            number=row.number,
            reference=row.reference,
            due_on=row.due_on if row.kind == "supplier_invoice" else None,
            charged=Money(row.charged, currency),
            paid=Money(row.paid, currency),
            balance=Money(balance, currency),
        )


_PAID: Select[Any] = select(
    supplier_payment, supplier.c.number.label("supplier_number"), supplier.c.name.label("supplier_name")
).join(supplier, supplier.c.supplier_id == _PAYMENT.supplier_id)


def list_supplier_payments(
    connection: Connection, supplier_id: str | None, *, after: Position | None, limit: int
) -> list[SupplierPaymentView]:
    """Return payments to suppliers with what they paid, newest first."""
    query = _PAID if supplier_id is None else _PAID.where(_PAYMENT.supplier_id == supplier_id)
    return _payments_of(connection, page_of(connection, query, _PAYMENT.id, after, limit))


def one_supplier_payment(connection: Connection, payment_id: str) -> SupplierPaymentView:
    """Return a payment to a supplier."""
    rows = connection.execute(_PAID.where(_PAYMENT.id == payment_id)).all()
    if not rows:
        raise SupplierPaymentNotFound(f"there is no payment {payment_id} to a supplier")
    return _payments_of(connection, rows)[0]


def _payments_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[SupplierPaymentView]:
    query = select(supplier_allocation, _INVOICE.number, _INVOICE.reference, _INVOICE.currency).join(
        supplier_invoice, _INVOICE.id == supplier_allocation.c.invoice_id
    )
    found: dict[str, list[PaidInvoice]] = defaultdict(list)
    wanted = query.where(supplier_allocation.c.payment_id.in_([row.id for row in rows]))
    for row in connection.execute(wanted.order_by(_INVOICE.id)):
        amount = Money(row.amount_minor, row.currency)
        found[row.payment_id].append(PaidInvoice(row.invoice_id, row.number, row.reference, amount))
    return [_payment(row, tuple(found[row.id])) for row in rows]


def _payment(row: Row[Any], allocations: tuple[PaidInvoice, ...]) -> SupplierPaymentView:
    return SupplierPaymentView(
        id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        supplier_number=row.supplier_number,
        supplier_name=row.supplier_name,
        amount=Money(row.amount_minor, row.currency),
        reference=row.reference,
        paid_on=row.paid_on,
        booked_on=row.booked_on,
        bank_line_id=row.bank_line_id,
        recorded_by=row.recorded_by,
        allocations=allocations,
    )
