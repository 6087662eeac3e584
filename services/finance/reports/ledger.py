"""The journal and the trial balance, with each sub-ledger beside its control account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import eq, ge, le
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select, union_all

from libs.common.money import Money
from services.finance.domain.chart import Language
from services.finance.reports.paging import Position, page_of
from services.finance.reports.sub_ledgers import sub_ledgers
from services.finance.store import chart
from services.finance.store.chart_tables import ledger_account
from services.finance.store.exchange_tables import company_posting
from services.finance.store.tables import journal_entry, posting


@dataclass(frozen=True)
class EntrySearch:
    """Which entries are looked for; both days are included."""

    kind: str | None = None
    document_id: str | None = None
    customer_id: str | None = None
    supplier_id: str | None = None
    number: str | None = None
    posted_from: date | None = None
    posted_to: date | None = None


@dataclass(frozen=True)
class PostingView:
    """One side of an entry."""

    line_no: int
    account: str
    account_name: str
    debit: Money
    credit: Money


@dataclass(frozen=True)
class EntryView:
    """A journal entry with its postings; one of another currency once more in the company's own."""

    id: str
    number: str
    kind: str
    document_id: str
    document_number: str
    customer_id: str | None
    supplier_id: str | None
    posted_on: date
    recorded_by: str | None
    created_at: datetime
    conversation_id: str
    postings: tuple[PostingView, ...]
    company_postings: tuple[PostingView, ...] = ()


@dataclass(frozen=True)
class AccountBalance:
    """An account's sums; ``balance`` is debit less credit."""

    code: str
    name: str
    kind: str
    debit: Money
    credit: Money
    balance: Money


@dataclass(frozen=True)
class CurrencyBalance:
    """The trial balance of one currency."""

    currency: str
    accounts: tuple[AccountBalance, ...]
    debit: Money
    credit: Money
    balanced: bool


@dataclass(frozen=True)
class Control:
    """A control account beside what its sub-ledger sums to, in the same sign; they must not differ."""

    account: str
    currency: str
    ledger: Money
    customers: Money
    difference: Money


@dataclass(frozen=True)
class TrialBalance:
    """All accounts per currency, up to and including ``as_of`` (``None``: everything).

    ``controls`` compare with the customers' accounts of this moment, so they are empty for a day in the past.
    """

    as_of: date | None
    currencies: tuple[CurrencyBalance, ...]
    controls: tuple[Control, ...]


def list_entries(
    connection: Connection,
    wanted: EntrySearch,
    language: Language = "en",
    *,
    after: Position | None,
    limit: int,
) -> list[EntryView]:
    """Return journal entries, newest first, with the accounts' names in ``language``."""
    rows = page_of(
        connection, select(journal_entry).where(*_conditions(wanted)), journal_entry.c.id, after, limit
    )
    ids = [row.id for row in rows]
    postings = _postings(connection, ids, posting, language)
    carried = _postings(connection, ids, company_posting, language)
    return [_entry(row, tuple(postings[row.id]), tuple(carried[row.id])) for row in rows]


def _conditions(wanted: EntrySearch) -> list[ColumnElement[bool]]:
    entry = journal_entry.c
    choices = (
        (wanted.kind, eq, entry.kind),
        (wanted.document_id, eq, entry.document_id),
        (wanted.customer_id, eq, entry.customer_id),
        (wanted.supplier_id, eq, entry.supplier_id),
        (wanted.number, eq, entry.number),
        (wanted.posted_from, ge, entry.posted_on),
        (wanted.posted_to, le, entry.posted_on),
    )
    return [compare(column, value) for value, compare, column in choices if value is not None]


def _postings(
    connection: Connection, entry_ids: list[str], of: Table, language: Language
) -> dict[str, list[PostingView]]:
    query = (
        select(of, chart.name_in(language))
        .join(ledger_account, ledger_account.c.code == of.c.account)
        .where(of.c.entry_id.in_(entry_ids))
        .order_by(of.c.entry_id, of.c.line_no)
    )
    found: dict[str, list[PostingView]] = defaultdict(list)
    for row in connection.execute(query):
        debit, credit = Money(row.debit_minor, row.currency), Money(row.credit_minor, row.currency)
        found[row.entry_id].append(PostingView(row.line_no, row.account, row.name, debit, credit))
    return found


def _entry(row: Row[Any], postings: tuple[PostingView, ...], carried: tuple[PostingView, ...]) -> EntryView:
    return EntryView(
        id=row.id,
        number=row.number,
        kind=row.kind,
        document_id=row.document_id,
        document_number=row.document_number,
        customer_id=row.customer_id,
        supplier_id=row.supplier_id,
        posted_on=row.posted_on,
        recorded_by=row.recorded_by,
        created_at=row.created_at,
        conversation_id=row.correlation_id,
        postings=postings,
        company_postings=carried,
    )


def company_balance(
    connection: Connection, currency: str, as_of: date | None = None, language: Language = "en"
) -> CurrencyBalance:
    """Return the sums of every account in the company's ``currency``: its own entries, and others as carried."""
    both = union_all(
        *(_sums(as_of, language, of).where(of.c.currency == currency) for of in (posting, company_posting))
    )
    found: dict[str, AccountBalance] = {}
    for row in connection.execute(both):
        new, before = _balance(row), found.get(row.code)
        found[row.code] = new if before is None else _added(before, new)
    return _currency(currency, list(found.values()))


def _added(one: AccountBalance, other: AccountBalance) -> AccountBalance:
    return replace(
        one,
        debit=one.debit + other.debit,
        credit=one.credit + other.credit,
        balance=one.balance + other.balance,
    )


def trial_balance(
    connection: Connection, as_of: date | None = None, language: Language = "en"
) -> TrialBalance:
    """Return the sums of every account that was ever posted to, with their names in ``language``.

    Ledger and sub-ledgers are read by one statement, so that both are of the same moment.
    """
    codes = chart.codes_now(connection)
    sums = _sums(as_of, language)
    query = sums if as_of else union_all(sums, *sub_ledgers(codes))
    found: dict[str, list[AccountBalance]] = defaultdict(list)
    owed: list[AccountBalance] = []
    for row in connection.execute(query):
        balance = _balance(row)
        (owed if row.kind is None else found[row.currency]).append(balance)
    currencies = tuple(_currency(currency, rows) for currency, rows in sorted(found.items()))
    return TrialBalance(as_of, currencies, _controls(currencies, owed))


def _sums(as_of: date | None, language: Language, of: Table = posting) -> Select[Any]:
    name = chart.name_in(language)
    query = (
        select(
            ledger_account.c.code,
            name,
            ledger_account.c.kind,
            of.c.currency,
            func.sum(of.c.debit_minor).label("debit"),
            func.sum(of.c.credit_minor).label("credit"),
        )
        .join(of, of.c.account == ledger_account.c.code)
        .group_by(ledger_account.c.code, ledger_account.c.kind, of.c.currency)
    )
    if as_of is None:
        return query
    entry = journal_entry.c
    return query.join(journal_entry, entry.id == of.c.entry_id).where(entry.posted_on <= as_of)


def _balance(row: Row[Any]) -> AccountBalance:
    debit, credit = Money(int(row.debit), row.currency), Money(int(row.credit), row.currency)
    return AccountBalance(row.code, row.name, row.kind, debit, credit, debit - credit)


def _currency(currency: str, rows: list[AccountBalance]) -> CurrencyBalance:
    debit = Money.total((row.debit for row in rows), currency)
    credit = Money.total((row.credit for row in rows), currency)
    in_order = tuple(sorted(rows, key=lambda row: row.code))
    return CurrencyBalance(currency, in_order, debit, credit, debit == credit)


def _controls(
    currencies: tuple[CurrencyBalance, ...], customers: list[AccountBalance]
) -> tuple[Control, ...]:
    booked = {(row.code, each.currency): row.balance for each in currencies for row in each.accounts}
    found = []
    for row in sorted(customers, key=lambda row: (row.balance.currency, row.code)):
        currency = row.balance.currency
        balance = booked.get((row.code, currency), Money.zero(currency))
        found.append(Control(row.code, currency, balance, row.balance, balance - row.balance))
    return tuple(found)
