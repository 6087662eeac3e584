"""The statement of a customer's account: what they owed, what came and went, and what they owe then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    case,
    func,
    literal,
    select,
    union_all,
)

from libs.common.money import Money
from services.finance.reports.period import MOST_LINES, Period
from services.finance.store.billing_tables import cash_discount
from services.finance.store.credit_tables import credit_note
from services.finance.store.settlement_tables import refund, write_off
from services.finance.store.tables import invoice, payment

_NOTHING = literal(0, BigInteger)
_OFF = cash_discount.c


@dataclass(frozen=True)
class StatementLine:
    """What is charged or credited; ``balance`` is owed after it.

    Charged are invoices, refunds, and write-offs and cash discounts that were taken back; credited are payments, credit
    notes, write-offs and cash discounts.
    """

    day: date
    kind: str
    document_id: str
    number: str
    reference: str
    due_on: date | None
    charged: Money
    credited: Money
    balance: Money


@dataclass(frozen=True)
class Statement:
    """All that moved a customer's balance in a period; negative is in the customer's favour."""

    customer_id: str
    currency: str
    first: date
    last: date
    opening: Money
    charged: Money
    credited: Money
    closing: Money
    lines: tuple[StatementLine, ...]


def statement(connection: Connection, customer_id: str, currency: str, period: Period) -> Statement:
    """Return the statement of an account that is kept in ``currency``.

    Refused with ``PeriodInvalid`` when there are too many lines to be read.
    """
    opening = _balance_before(connection, customer_id, period.first)
    moves = (
        _invoices(customer_id, period),
        _credit_notes(customer_id, period),
        _payments(customer_id, period),
        *_otherwise(customer_id, period),
    )
    every = union_all(*moves).subquery()
    query = select(every).order_by(every.c.day, every.c.place, every.c.id).limit(MOST_LINES + 1)
    rows = connection.execute(query).all()
    period.require_readable(len(rows))
    lines = tuple(_lines(rows, opening, currency))
    charged = Money.total((line.charged for line in lines), currency)
    credited = Money.total((line.credited for line in lines), currency)
    before = Money(opening, currency)
    return Statement(
        customer_id=customer_id,
        currency=currency,
        first=period.first,
        last=period.last,
        opening=before,
        charged=charged,
        credited=credited,
        closing=before + charged - credited,
        lines=lines,
    )


def _lines(rows: Iterable[Row[Any]], opening: int, currency: str) -> Iterable[StatementLine]:
    balance = opening
    for row in rows:
        balance += row.charged - row.credited
        yield StatementLine(
            day=row.day,
            kind=row.kind,
            document_id=row.id,
            number=row.number,
            reference=row.reference,
            due_on=row.due_on if row.kind == "invoice" else None,
            charged=Money(row.charged, currency),
            credited=Money(row.credited, currency),
            balance=Money(balance, currency),
        )


def _balance_before(connection: Connection, customer_id: str, day: date) -> int:
    def before(table: Table, amount: ColumnElement[int], on: ColumnElement[date]) -> int:
        query = select(func.coalesce(func.sum(amount), 0)).where(table.c.customer_id == customer_id, on < day)
        return int(connection.execute(query).scalar_one())

    charged = before(invoice, invoice.c.total_minor, invoice.c.posted_on)
    charged += before(write_off, write_off.c.amount_minor, write_off.c.reversed_on)
    charged += before(refund, refund.c.amount_minor, refund.c.posted_on)
    taken_back = before(credit_note, credit_note.c.total_minor, credit_note.c.posted_on)
    taken_back += before(write_off, write_off.c.amount_minor, write_off.c.posted_on)
    let_off = case((_OFF.kind == "granted", _OFF.amount_minor), else_=-_OFF.amount_minor)
    taken_back += before(cash_discount, let_off, _OFF.posted_on)
    return charged - taken_back - before(payment, payment.c.amount_minor, payment.c.received_on)


def _invoices(customer_id: str, period: Period) -> Select[Any]:
    return select(
        literal("invoice").label("kind"),
        invoice.c.id.label("id"),
        invoice.c.number.label("number"),
        invoice.c.order_number.label("reference"),
        invoice.c.posted_on.label("day"),
        invoice.c.due_on.label("due_on"),
        invoice.c.total_minor.label("charged"),
        _NOTHING.label("credited"),
        literal(0).label("place"),
    ).where(invoice.c.customer_id == customer_id, invoice.c.posted_on.between(period.first, period.last))


def _payments(customer_id: str, period: Period) -> Select[Any]:
    return select(
        literal("payment"),
        payment.c.id,
        payment.c.number,
        payment.c.reference,
        payment.c.received_on,
        payment.c.received_on,
        _NOTHING,
        payment.c.amount_minor,
        literal(2),
    ).where(payment.c.customer_id == customer_id, payment.c.received_on.between(period.first, period.last))


def _credit_notes(customer_id: str, period: Period) -> Select[Any]:
    """Select credit notes, each beside the number of the invoice that it corrects."""
    note = credit_note.c
    query = select(
        literal("credit_note"),
        note.id,
        note.number,
        invoice.c.number,
        note.posted_on,
        note.posted_on,
        _NOTHING,
        note.total_minor,
        literal(1),
    ).join(invoice, invoice.c.id == note.invoice_id)
    return query.where(note.customer_id == customer_id, note.posted_on.between(period.first, period.last))


def _otherwise(customer_id: str, period: Period) -> tuple[Select[Any], ...]:
    """Select write-offs and their reversals, each beside the number of its invoice, and refunds with their reason."""
    lost, back = write_off.c, refund.c
    of_invoice = (
        _line("write_off", write_off, lost.posted_on, invoice.c.number, _NOTHING, lost.amount_minor),
        _line("write_back", write_off, lost.reversed_on, invoice.c.number, lost.amount_minor, _NOTHING),
    )
    losses = (
        query.join(invoice, invoice.c.id == lost.invoice_id).where(
            lost.customer_id == customer_id, day.between(period.first, period.last)
        )
        for query, day in zip(of_invoice, (lost.posted_on, lost.reversed_on), strict=True)
    )
    refunds = _line("refund", refund, back.posted_on, back.reason, back.amount_minor, _NOTHING)
    discounts = (
        _line(kind, cash_discount, _OFF.posted_on, invoice.c.number, charged, credited)
        .join(invoice, invoice.c.id == _OFF.invoice_id)
        .where(
            _OFF.customer_id == customer_id,
            _OFF.kind == which,
            _OFF.posted_on.between(period.first, period.last),
        )
        for kind, which, charged, credited in (
            ("cash_discount", "granted", _NOTHING, _OFF.amount_minor),
            ("discount_back", "reversed", _OFF.amount_minor, _NOTHING),
        )
    )
    return (
        *losses,
        refunds.where(back.customer_id == customer_id, back.posted_on.between(period.first, period.last)),
        *discounts,
    )


def _line(
    kind: str,
    table: Table,
    day: ColumnElement[date],
    reference: ColumnElement[str],
    charged: ColumnElement[int],
    credited: ColumnElement[int],
) -> Select[Any]:
    return select(
        literal(kind), table.c.id, table.c.number, reference, day, day, charged, credited, literal(3)
    )
