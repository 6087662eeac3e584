"""Exchange rates: only ever added; the latest on or before a day counts, of one day the one recorded last."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from services.finance.domain.exchange import ExchangeRate
from services.finance.store.exchange_tables import exchange_rate

COLUMNS = tuple(
    exchange_rate.c[name] for name in ("from_currency", "to_currency", "day", "version", "rate_e10", "source")
)
_ON = Prepared(
    select(*COLUMNS)
    .where(
        exchange_rate.c.from_currency == bindparam("b_from"),
        exchange_rate.c.to_currency == bindparam("b_to"),
        exchange_rate.c.day <= bindparam("b_day", type_=exchange_rate.c.day.type),
    )
    .order_by(exchange_rate.c.day.desc(), exchange_rate.c.version.desc())
    .limit(1)
)


def rate_on(connection: Connection, from_currency: str, to_currency: str, day: date) -> ExchangeRate | None:
    """Return the rate that holds on a day, or nothing."""
    wanted = {"b_from": from_currency, "b_to": to_currency, "b_day": day}
    row = connection.execute(_ON, wanted).one_or_none()
    return None if row is None else to_rate(row)


def to_rate(row: Row[Any]) -> ExchangeRate:
    """Return the rate in a row of ``COLUMNS``."""
    return ExchangeRate(row.from_currency, row.to_currency, row.day, row.version, row.rate_e10, row.source)


def add(tx: Transaction, new: ExchangeRate) -> None:
    """Store a rate."""
    tx.connection.execute(
        insert(exchange_rate).values(
            from_currency=new.from_currency,
            to_currency=new.to_currency,
            day=new.day,
            version=new.version,
            rate_e10=new.e10,
            source=new.source,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )


def company_values(company: Money | None) -> dict[str, object]:
    """Return the columns that say what a document is carried at."""
    if company is None:
        return {"company_currency": None, "company_minor": None}
    return {"company_currency": company.currency, "company_minor": company.minor}


def company_of(row: Row[Any]) -> Money | None:
    """Return what a document's row says that it is carried at; nothing where it is in its own currency alone."""
    return None if row.company_minor is None else Money(row.company_minor, row.company_currency)
