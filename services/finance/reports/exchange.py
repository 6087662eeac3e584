"""Looking at exchange rates, and at what is owed in the company's currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection, select

from libs.common.money import Money
from services.finance.domain.exchange import ExchangeRate
from services.finance.reports.ageing import Aged, Ageing
from services.finance.reports.paging import Position, page_of
from services.finance.store import exchange
from services.finance.store.exchange_tables import exchange_rate


@dataclass(frozen=True)
class RateSearch:
    """Which rates are looked for; ``on`` is the last of their days."""

    from_currency: str | None = None
    to_currency: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class AgeingInCompany:
    """The ageing of all currencies in the company's own, at the rates of the day; not counted: those without one."""

    currency: str
    amounts: Aged
    rates: tuple[ExchangeRate, ...]
    without_rate: tuple[str, ...]


def list_rates(
    connection: Connection, wanted: RateSearch, *, after: Position | None, limit: int
) -> list[ExchangeRate]:
    """Return rates, the one recorded last first."""
    query = select(*exchange.COLUMNS)
    if wanted.from_currency is not None:
        query = query.where(exchange_rate.c.from_currency == wanted.from_currency)
    if wanted.to_currency is not None:
        query = query.where(exchange_rate.c.to_currency == wanted.to_currency)
    if wanted.on is not None:
        query = query.where(exchange_rate.c.day <= wanted.on)
    rows = page_of(connection, query, exchange_rate.c.version, after, limit)
    return [exchange.to_rate(row) for row in rows]


def ageing_in_company(connection: Connection, found: Ageing, currency: str) -> AgeingInCompany:
    """Return what an ageing comes to in the company's currency; each bucket is converted, then they are summed."""
    rates: list[ExchangeRate] = []
    without: list[str] = []
    amounts: list[Aged] = []
    for each in found.currencies:
        if each.currency == currency:
            amounts.append(each.amounts)
            continue
        rate = exchange.rate_on(connection, each.currency, currency, found.as_of)
        if rate is None:
            without.append(each.currency)
        else:
            rates.append(rate)
            amounts.append(_converted(each.amounts, rate))
    return AgeingInCompany(currency, _sum(amounts, currency), tuple(rates), tuple(without))


_BUCKETS = tuple(
    field.name for field in fields(Aged) if field.name not in ("open", "overdue", "unallocated", "balance")
)


def _converted(amounts: Aged, rate: ExchangeRate) -> Aged:
    buckets = {name: rate.convert(getattr(amounts, name)) for name in _BUCKETS}
    return _with_totals(buckets, rate.convert(amounts.unallocated))


def _sum(amounts: Iterable[Aged], currency: str) -> Aged:
    each = tuple(amounts)
    buckets = {name: Money.total((getattr(one, name) for one in each), currency) for name in _BUCKETS}
    return _with_totals(buckets, Money.total((one.unallocated for one in each), currency))


def _with_totals(buckets: dict[str, Money], unallocated: Money) -> Aged:
    owed = Money.total(buckets.values(), unallocated.currency)
    return Aged(
        **buckets,
        open=owed,
        overdue=owed - buckets["not_due"],
        unallocated=unallocated,
        balance=owed - unallocated,
    )
