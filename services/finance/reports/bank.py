"""Bank statements and their lines, and whose money each line may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from libs.common.db import matches
from libs.common.money import Money
from services.finance.domain.bank import BankLineNotFound
from services.finance.domain.payer import Guess
from services.finance.reports.paging import Position, page_of
from services.finance.store.bank import to_line
from services.finance.store.bank_tables import bank_line, bank_statement
from services.finance.store.guesses import guesses_for
from services.finance.store.tables import payment


@dataclass(frozen=True)
class StatementView:
    """A statement as it came: how many of its lines were new, and how many had come before."""

    id: str
    account: str
    number: str
    format: str
    currency: str
    first_on: date
    last_on: date
    opening: Money | None
    closing: Money | None
    lines_new: int
    lines_known: int
    received_by: str | None
    received_at: datetime


@dataclass(frozen=True)
class LineView:
    """A line of a statement, and what was done about it."""

    id: str
    statement_id: str
    line_no: int
    account: str
    reference: str
    booked_on: date
    amount: Money
    text: str
    payer: str | None
    payer_account: str | None
    is_reversal: bool
    state: str
    payment_id: str | None
    payment_number: str | None
    reason: str | None


@dataclass(frozen=True)
class LineGuesses:
    """A line, and whose money it may be, the likeliest first."""

    line: LineView
    guesses: Sequence[Guess]


@dataclass(frozen=True)
class LineSearch:
    """Which lines are looked for."""

    state: str | None = None
    statement_id: str | None = None
    reference: str | None = None


_LINES = select(bank_line, payment.c.number.label("payment_number")).outerjoin(
    payment, payment.c.id == bank_line.c.payment_id
)


def list_statements(connection: Connection, *, after: Position | None, limit: int) -> list[StatementView]:
    """Return statements, the last that came first."""
    rows = page_of(connection, select(bank_statement), bank_statement.c.id, after, limit)
    return [_statement(row) for row in rows]


def statements(connection: Connection, ids: Sequence[str]) -> list[StatementView]:
    """Return these statements, in the order of ``ids``."""
    query = select(bank_statement).where(bank_statement.c.id.in_(ids))
    found = {row.id: _statement(row) for row in connection.execute(query)}
    return [found[each] for each in ids]


def _statement(row: Row[Any]) -> StatementView:
    return StatementView(
        id=row.id,
        account=row.account,
        number=row.number,
        format=row.format,
        currency=row.currency,
        first_on=row.first_on,
        last_on=row.last_on,
        opening=None if row.opening_minor is None else Money(row.opening_minor, row.currency),
        closing=None if row.closing_minor is None else Money(row.closing_minor, row.currency),
        lines_new=row.lines_new,
        lines_known=row.lines_known,
        received_by=row.received_by,
        received_at=row.created_at,
    )


def list_lines(
    connection: Connection, wanted: LineSearch, *, after: Position | None, limit: int
) -> list[LineView]:
    """Return lines, the last that came first."""
    choices = (
        (bank_line.c.state, wanted.state),
        (bank_line.c.statement_id, wanted.statement_id),
        (bank_line.c.reference, wanted.reference),
    )
    conditions = [matches(column, value) for column, value in choices if value is not None]
    rows = page_of(connection, _LINES.where(*conditions), bank_line.c.id, after, limit)
    return [_line(row) for row in rows]


def one_line(connection: Connection, line_id: str) -> LineView:
    """Return a line; refuse one that there is not."""
    return _line(_row(connection, line_id))


def line_guesses(connection: Connection, line_id: str) -> LineGuesses:
    """Return a line with whose money it may be."""
    row = _row(connection, line_id)
    return LineGuesses(_line(row), guesses_for(connection, to_line(row)))


def _row(connection: Connection, line_id: str) -> Row[Any]:
    row = connection.execute(_LINES.where(bank_line.c.id == line_id)).one_or_none()
    if row is None:
        raise BankLineNotFound(
            f"there is no bank line {line_id}", cure="choose one from GET /api/v1/bank-lines"
        )
    return row


def _line(row: Row[Any]) -> LineView:
    line = to_line(row)
    return LineView(
        id=line.line_id,
        statement_id=line.statement_id,
        line_no=line.line_no,
        account=line.account,
        reference=line.reference,
        booked_on=line.booked_on,
        amount=line.amount,
        text=line.text,
        payer=line.payer,
        payer_account=line.payer_account,
        is_reversal=row.is_reversal,
        state=line.state,
        payment_id=line.payment_id,
        payment_number=row.payment_number,
        reason=line.reason,
    )
