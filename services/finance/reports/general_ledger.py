"""One account of the ledger over a period: the balance before, every posting, the balance after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from libs.common.money import Money
from services.finance.domain.chart import Language, LedgerAccountUnknown
from services.finance.reports.period import MOST_LINES, Period
from services.finance.store.chart import name_in
from services.finance.store.chart_tables import ledger_account
from services.finance.store.tables import journal_entry, posting


@dataclass(frozen=True)
class AccountLine:
    """A posting, the entry that it belongs to, and the balance (debit less credit) after it."""

    posted_on: date
    entry_id: str
    entry_number: str
    kind: str
    document_id: str
    document_number: str
    customer_id: str | None
    supplier_id: str | None
    debit: Money
    credit: Money
    balance: Money


@dataclass(frozen=True)
class AccountSheet:
    """An account in one currency over a period; balances are debit less credit."""

    account: str
    name: str
    kind: str
    currency: str
    first: date
    last: date
    opening: Money
    debit: Money
    credit: Money
    closing: Money
    lines: tuple[AccountLine, ...]


def account_sheet(
    connection: Connection, code: str, currency: str, period: Period, language: Language = "en"
) -> AccountSheet:
    """Return the sheet of an account; ``PeriodInvalid`` when it has too many postings to be read."""
    query = select(ledger_account.c.kind, name_in(language)).where(ledger_account.c.code == code)
    head = connection.execute(query).one_or_none()
    if head is None:
        raise LedgerAccountUnknown(f"there is no ledger account {code}", field="account")
    opening = _balance_before(connection, code, currency, period.first)
    rows = _rows(connection, code, currency, period)
    period.require_readable(len(rows))
    lines = tuple(_lines(rows, opening, currency))
    debit = Money.total((line.debit for line in lines), currency)
    credit = Money.total((line.credit for line in lines), currency)
    before = Money(opening, currency)
    return AccountSheet(
        account=code,
        name=head.name,
        kind=head.kind,
        currency=currency,
        first=period.first,
        last=period.last,
        opening=before,
        debit=debit,
        credit=credit,
        closing=before + debit - credit,
        lines=lines,
    )


def _balance_before(connection: Connection, code: str, currency: str, day: date) -> int:
    moved = func.coalesce(func.sum(posting.c.debit_minor - posting.c.credit_minor), 0)
    query = (
        select(moved)
        .join(journal_entry, journal_entry.c.id == posting.c.entry_id)
        .where(posting.c.account == code, posting.c.currency == currency, journal_entry.c.posted_on < day)
    )
    return int(connection.execute(query).scalar_one())


def _rows(connection: Connection, code: str, currency: str, period: Period) -> list[Row[Any]]:
    entry = journal_entry.c
    query = (
        select(
            entry.posted_on, entry.id, entry.number, entry.kind, entry.document_id, entry.document_number,
            entry.customer_id, entry.supplier_id, posting.c.debit_minor, posting.c.credit_minor,
        )
        .join(posting, posting.c.entry_id == entry.id)
        .where(
            posting.c.account == code,
            posting.c.currency == currency,
            entry.posted_on.between(period.first, period.last),
        )
        .order_by(entry.posted_on, entry.number, posting.c.line_no)
        .limit(MOST_LINES + 1)
    )  # fmt: skip
    found: list[Any] = list(connection.execute(query))
    return found


def _lines(rows: Iterable[Row[Any]], opening: int, currency: str) -> Iterable[AccountLine]:
    balance = opening
    for row in rows:
        balance += row.debit_minor - row.credit_minor
        yield AccountLine(
            posted_on=row.posted_on,
            entry_id=row.id,
            entry_number=row.number,
            kind=row.kind,
            document_id=row.document_id,
            document_number=row.document_number,
            customer_id=row.customer_id,
            supplier_id=row.supplier_id,
            debit=Money(row.debit_minor, currency),
            credit=Money(row.credit_minor, currency),
            balance=Money(balance, currency),
        )
