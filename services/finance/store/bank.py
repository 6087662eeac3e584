"""Statements and lines of the bank in their tables: each line once per account, settled by whoever holds its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from libs.common.db import Transaction, Upsert, chunks, matches
from libs.common.money import Money
from services.finance.domain.bank import LineState, StatedLine, Statement
from services.finance.domain.payer import Payer, Trace
from services.finance.store.bank_tables import bank_line, bank_statement
from services.finance.store.tables import account, invoice, payment

_ADD_LINE = Upsert(bank_line, lambda given: given.on_conflict_do_nothing())
_CUSTOMER = select(account.c.customer_id, account.c.number, account.c.name)
MOST_PAYERS = 20
_TAKING_IN = 7012  # just a number, of which the one of the period lock is the neighbour


@dataclass(frozen=True)
class BankLine:
    """A line as it stands: what the bank said, and what was done about it."""

    line_id: str
    statement_id: str
    line_no: int
    account: str
    reference: str
    booked_on: date
    amount: Money
    text: str
    payer: str | None
    payer_account: str | None
    state: LineState
    payment_id: str | None
    reason: str | None


def to_line(row: Row[Any]) -> BankLine:
    """Return the line of a row of the table."""
    return BankLine(
        line_id=row.id,
        statement_id=row.statement_id,
        line_no=row.line_no,
        account=row.account,
        reference=row.reference,
        booked_on=row.booked_on,
        amount=Money(row.amount_minor, row.currency),
        text=row.text,
        payer=row.payer,
        payer_account=row.payer_account,
        state=row.state,
        payment_id=row.payment_id,
        reason=row.reason,
    )


def wait_for_account(connection: Connection, of_account: str) -> None:
    """Wait until nobody else takes in a statement of the account, and keep it so until the end of the transaction.

    Two files with the same lines, taken in at once, would else both count them as new. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TAKING_IN, func.hashtext(of_account))))


def known_references(connection: Connection, of_account: str, references: Iterable[str]) -> set[str]:
    """Return those of ``references`` that a line of the account has."""
    found: set[str] = set()
    for some in chunks(references):
        query = select(bank_line.c.reference).where(
            bank_line.c.account == of_account, bank_line.c.reference.in_(some)
        )
        found |= set(connection.execute(query).scalars())
    return found


def add_statement(tx: Transaction, stated: Statement, format_: str, *, new: int, known: int) -> str:
    """Insert a statement as it came; return its id."""
    days = [line.booked_on for line in stated.lines]
    statement_id = tx.new_id()
    tx.connection.execute(
        insert(bank_statement).values(
            id=statement_id,
            account=stated.account,
            number=stated.number,
            format=format_,
            currency=stated.currency,
            first_on=min(days),
            last_on=max(days),
            opening_minor=None if stated.opening is None else stated.opening.minor,
            closing_minor=None if stated.closing is None else stated.closing.minor,
            lines_new=new,
            lines_known=known,
            received_by=tx.cause.actor,
            created_at=tx.now,
        )
    )
    return statement_id


def add_lines(
    tx: Transaction, of_account: str, statement_id: str, lines: Sequence[StatedLine], left_alone: str
) -> None:
    """Insert lines; one that another file has brought meanwhile is left as it is.

    What needs nobody is ignored at once, with ``left_alone`` as the reason.
    """
    for some in chunks(lines):
        tx.connection.execute(
            _ADD_LINE.on(tx.connection),
            [
                {
                    "id": tx.new_id(),
                    "statement_id": statement_id,
                    "line_no": line.line_no,
                    "account": of_account,
                    "reference": line.reference,
                    "booked_on": line.booked_on,
                    "currency": line.amount.currency,
                    "amount_minor": line.amount.minor,
                    "text": line.text,
                    "payer": line.payer,
                    "payer_account": line.payer_account,
                    "is_reversal": line.is_reversal,
                    "state": "new" if line.needs_somebody else "ignored",
                    "payment_id": None,
                    "reason": None if line.needs_somebody else left_alone,
                    "settled_by": None,
                    "settled_at": None if line.needs_somebody else tx.now,
                }
                for line in some
            ],
        )


def find(connection: Connection, line_id: str, *, locked: bool = False) -> BankLine | None:
    """Return a line, its row locked until the end of the transaction if so asked."""
    query = select(bank_line).where(bank_line.c.id == line_id)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
    return None if row is None else to_line(row)


def lock_new(connection: Connection, statement_id: str, most: int) -> list[BankLine]:
    """Return money that came in by a statement and that nobody has settled, the rows locked in their order."""
    query = (
        select(bank_line)
        .where(
            bank_line.c.statement_id == statement_id,
            bank_line.c.state == "new",
            bank_line.c.amount_minor > 0,
            bank_line.c.is_reversal.is_(False),
        )
        .order_by(bank_line.c.id)
        .limit(most)
    )
    return [to_line(row) for row in connection.execute(query.with_for_update())]


def has_statement(connection: Connection, statement_id: str) -> bool:
    """Tell whether there is such a statement."""
    return (
        connection.execute(select(bank_statement.c.id).where(bank_statement.c.id == statement_id)).first()
        is not None
    )


def settle(
    tx: Transaction,
    line_id: str,
    state: LineState,
    *,
    payment_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Store what was done about a line, whose row must be locked."""
    settled = state != "new"
    tx.connection.execute(
        update(bank_line)
        .where(bank_line.c.id == line_id)
        .values(
            state=state,
            payment_id=payment_id,
            reason=reason,
            settled_by=tx.cause.actor if settled else None,
            settled_at=tx.now if settled else None,
        )
    )


def line_of_payment(connection: Connection, payment_id: str) -> BankLine | None:
    """Return the line that a payment was booked from."""
    row = connection.execute(select(bank_line).where(bank_line.c.payment_id == payment_id)).one_or_none()
    return None if row is None else to_line(row)


def payers_of_invoices(connection: Connection, numbers: Sequence[str], currency: str) -> list[Payer]:
    """Return the customers whose invoices have these numbers."""
    query = _CUSTOMER.join(invoice, invoice.c.customer_id == account.c.customer_id)
    wanted = query.where(invoice.c.number.in_(numbers), account.c.currency == currency)
    return _payers(connection, wanted.distinct(), "reference") if numbers else []


def payers_from_account(connection: Connection, payer_account: str | None, currency: str) -> list[Payer]:
    """Return the customers whose payments came from this bank account before."""
    if not payer_account:
        return []
    query = (
        _CUSTOMER.join(payment, payment.c.customer_id == account.c.customer_id)
        .join(bank_line, and_(bank_line.c.payment_id == payment.c.id, matches(bank_line.c.state, "booked")))
        .where(bank_line.c.payer_account == payer_account, account.c.currency == currency)
    )
    return _payers(connection, query.distinct(), "account")


def payers_named(connection: Connection, name: str | None, currency: str) -> list[Payer]:
    """Return the customers of this name, whatever its capitals."""
    if not name:
        return []
    same = or_(account.c.name == name, func.lower(account.c.name) == name.lower())
    return _payers(connection, _CUSTOMER.where(same, account.c.currency == currency), "name")


def _payers(connection: Connection, query: Select[Any], by: Trace) -> list[Payer]:
    rows = connection.execute(query.order_by(account.c.customer_id).limit(MOST_PAYERS))
    return [Payer(row.customer_id, row.number, row.name, by, "low") for row in rows]
