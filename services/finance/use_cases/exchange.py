"""Record exchange rates, and value documents of other currencies by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.money import Money
from services.finance.domain.exchange import ExchangeRate, no_rate, require_pair
from services.finance.domain.terms import Terms
from services.finance.store import exchange

SERIES = "exchange_rate"


@dataclass(frozen=True)
class RecordRate:
    """What one unit of ``from_currency`` costs in ``to_currency`` from a day on, in 10^-10, and who says so."""

    from_currency: str
    to_currency: str
    day: date
    e10: int
    source: str


def record_rate(tx: Transaction, command: RecordRate) -> ExchangeRate:
    """Record a rate; documents that are booked keep the one that they were booked at."""
    require_pair(command.from_currency, command.to_currency)
    rate = ExchangeRate(version=next_number(tx, SERIES), **vars(command))
    exchange.add(tx, rate)
    return rate


def value_of(
    tx: Transaction, amount: Money, day: date, terms: Terms, field: str | None = None
) -> Money | None:
    """Return what an amount is carried at in the company's books; ``None`` for one of the company's own currency.

    ``NoExchangeRate`` when the currency has no rate on or before the day; ``field`` is what the caller gave it by.
    """
    if amount.currency == terms.currency:
        return None
    found = value_if_known(tx, amount, day, terms)
    if found is None:
        refusal = no_rate(amount.currency, terms.currency, day)
        refusal.field = field
        raise refusal
    return found


def value_if_known(tx: Transaction, amount: Money, day: date, terms: Terms) -> Money | None:
    """Return what ``value_of`` does, and ``None`` also where there is no rate: for what another system booked."""
    if amount.currency == terms.currency:
        return None
    rate = _rate_on(tx, amount.currency, terms.currency, day)
    return None if rate is None else rate.convert(amount)


def converter(
    tx: Transaction, currency: str, day: date, terms: Terms, field: str | None = None
) -> Callable[[int], int]:
    """Return what turns signed minor units of ``currency`` into the company's, by the rate of a day.

    The rate is looked up by the first amount: ``NoExchangeRate`` then, if there is none.
    """

    def at_rate(minor: int) -> int:
        value = value_of(tx, Money(minor, currency), day, terms, field)
        return minor if value is None else value.minor

    return at_rate


def can_be_valued(tx: Transaction, amount: Money, day: date, terms: Terms) -> bool:
    """Tell whether an amount can be booked on a day: it is of the company's own currency, or there is a rate."""
    return amount.currency == terms.currency or _rate_on(tx, amount.currency, terms.currency, day) is not None


def _rate_on(tx: Transaction, from_currency: str, to_currency: str, day: date) -> ExchangeRate | None:
    """Return the rate of a day, read once in a transaction: what is brought in by the thousand asks again and again."""
    room = f"rate {from_currency} {to_currency} {day.isoformat()}"
    if room not in tx.rooms:
        tx.rooms[room] = exchange.rate_on(tx.connection, from_currency, to_currency, day)
    found = tx.rooms[room]
    return found if isinstance(found, ExchangeRate) else None


def limit_for(tx: Transaction, currency: str, terms: Terms) -> Money | None:
    """Return a new customer's limit: the company's, at today's rate; nothing in a currency without one."""
    default = terms.default_limit
    if default is None or default.currency == currency:
        return default
    rate = exchange.rate_on(tx.connection, default.currency, currency, terms.today(tx.now))
    return terms.limit_for(currency) if rate is None else rate.convert(default)
