"""Exchange revaluations: once per day and currency, and what of a currency was open on a day, by the ledger itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, select

from libs.common.db import Transaction
from libs.common.money import Money
from services.finance.domain.exchange import ExchangeRate
from services.finance.domain.revaluation import REVALUED, OpenItems, Revalued
from services.finance.store import chart
from services.finance.store.exchange_tables import company_posting
from services.finance.store.revaluation_tables import exchange_revaluation, exchange_revaluation_part
from services.finance.store.tables import journal_entry, posting

_HEAD, _PART = exchange_revaluation.c, exchange_revaluation_part.c


@dataclass(frozen=True)
class Revaluation:
    """What was open of a currency on a day, valued at its rate; reversed on the day after."""

    id: str
    number: str
    day: date
    currency: str
    reversal_id: str
    reversed_on: date
    company_currency: str
    set_by: str | None
    created_at: datetime
    parts: tuple[Revalued, ...]


def open_on(connection: Connection, day: date, own: str) -> dict[str, list[OpenItems]]:
    """Return what was open on a day of each other currency, as far as it is in the company's books."""
    codes = chart.codes_now(connection)
    found: dict[str, list[OpenItems]] = {}
    for role in REVALUED:
        code = codes.get(role)
        open_, carried = _open(connection, code, day, own), _carried(connection, code, day, own)
        for currency in sorted(open_.keys() | carried.keys()):
            items = OpenItems(
                role, Money(open_.get(currency, 0), currency), Money(carried.get(currency, 0), own)
            )
            if items.open or items.carried:
                found.setdefault(currency, []).append(items)
    return found


def _open(connection: Connection, code: str | None, day: date, own: str) -> dict[str, int]:
    """Return the balance of an account by currency, of the entries that are in the company's books as well."""
    also = exists().where(
        company_posting.c.entry_id == posting.c.entry_id, company_posting.c.account == posting.c.account
    )
    query = (
        select(posting.c.currency, func.sum(posting.c.debit_minor - posting.c.credit_minor))
        .join(journal_entry, journal_entry.c.id == posting.c.entry_id)
        .where(posting.c.account == code, posting.c.currency != own, journal_entry.c.posted_on <= day, also)
        .group_by(posting.c.currency)
    )
    return {currency: int(minor) for currency, minor in connection.execute(query)}


def _carried(connection: Connection, code: str | None, day: date, own: str) -> dict[str, int]:
    of_currency = (
        select(posting.c.entry_id, posting.c.currency)
        .where(posting.c.account == code, posting.c.currency != own)
        .distinct()
        .subquery()
    )
    query = (
        select(
            of_currency.c.currency, func.sum(company_posting.c.debit_minor - company_posting.c.credit_minor)
        )
        .join(of_currency, of_currency.c.entry_id == company_posting.c.entry_id)
        .join(journal_entry, journal_entry.c.id == company_posting.c.entry_id)
        .where(
            company_posting.c.account == code,
            company_posting.c.currency == own,
            journal_entry.c.posted_on <= day,
        )
        .group_by(of_currency.c.currency)
    )
    return {currency: int(minor) for currency, minor in connection.execute(query)}


def add(tx: Transaction, new: Revaluation) -> None:
    """Store a revaluation; a second one of a day and currency breaks a constraint."""
    head = {name: getattr(new, name) for name in Revaluation.__annotations__ if name != "parts"}
    tx.connection.execute(insert(exchange_revaluation).values(head))
    rows = [
        {
            "revaluation_id": new.id,
            "role": part.items.role,
            "open_minor": part.items.open.minor,
            "carried_minor": part.items.carried.minor,
            "rate_e10": part.rate.e10,
            "worth_minor": part.worth.minor,
        }
        for part in new.parts
    ]
    tx.connection.execute(insert(exchange_revaluation_part), rows)


def of_day(connection: Connection, day: date) -> list[Revaluation]:
    """Return the revaluations of a day, by currency."""
    query = select(exchange_revaluation).where(_HEAD.day == day).order_by(_HEAD.currency)
    return with_parts(connection, connection.execute(query).all())


def with_parts(connection: Connection, heads: Sequence[Row[Any]]) -> list[Revaluation]:
    """Return revaluations with their parts."""
    query = select(exchange_revaluation_part).where(_PART.revaluation_id.in_([head.id for head in heads]))
    parts: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query.order_by(_PART.role.desc())):
        parts.setdefault(row.revaluation_id, []).append(row)
    return [
        Revaluation(**head._asdict(), parts=tuple(_part(head, row) for row in parts[head.id]))
        for head in heads
    ]


def _part(head: Row[Any], row: Row[Any]) -> Revalued:
    own = head.company_currency
    items = OpenItems(row.role, Money(row.open_minor, head.currency), Money(row.carried_minor, own))
    rate = ExchangeRate(head.currency, own, head.day, 0, row.rate_e10, "")
    return Revalued(items, rate, Money(row.worth_minor, own))
