"""Value what is open of other currencies at the rate of a closing day, and take that back on the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.db import Transaction, lock_series, next_number
from services.finance.domain.exchange import no_rate
from services.finance.domain.revaluation import OpenItems, revaluation_entry, revalued
from services.finance.domain.terms import Terms, require_not_future
from services.finance.store import exchange, ledger, periods, revaluations
from services.finance.store.revaluations import Revaluation

SERIES = "exchange_revaluation"


@dataclass(frozen=True)
class RevalueExchange:
    """The closing day; ``currency``: only that one."""

    day: date
    currency: str | None = None


def revalue_exchange(tx: Transaction, command: RevalueExchange, terms: Terms) -> list[Revaluation]:
    """Value all open items of customers and suppliers that are of another currency; return those of the day.

    Each currency is valued once a day: what is there stays as it is, and is returned with what is new; where nothing
    was open nothing is done. Two who do it at once take turns on the series of their numbers. Refused in a closed
    period, and where a rate is missing.
    """
    require_not_future(command.day, terms.today(tx.now), "day")
    periods.lock_now(tx.connection).require_open(command.day, "day")
    lock_series(tx, SERIES)
    there = {each.currency for each in revaluations.of_day(tx.connection, command.day)}
    found = revaluations.open_on(tx.connection, command.day, terms.currency)
    if command.currency is not None:
        found = {currency: items for currency, items in found.items() if currency == command.currency}
    for currency, items in sorted(found.items()):
        if currency not in there:
            _revalue(tx, command.day, currency, items, terms)
    return revaluations.of_day(tx.connection, command.day)


def _revalue(tx: Transaction, day: date, currency: str, items: list[OpenItems], terms: Terms) -> None:
    rate = exchange.rate_on(tx.connection, currency, terms.currency, day)
    if rate is None:
        refusal = no_rate(currency, terms.currency, day)
        refusal.field = "day"
        raise refusal
    new = Revaluation(
        id=tx.new_id(),
        number=f"XR-{next_number(tx, SERIES):06d}",
        day=day,
        currency=currency,
        reversal_id=tx.new_id(),
        reversed_on=day + timedelta(days=1),
        company_currency=terms.currency,
        set_by=tx.cause.actor,
        created_at=tx.now,
        parts=tuple(revalued(each, rate) for each in items),
    )
    revaluations.add(tx, new)
    entries = (
        revaluation_entry((new.id, f"{new.number} {currency}"), day, new.parts),
        revaluation_entry(
            (new.reversal_id, f"{new.number} {currency} reversed"), new.reversed_on, new.parts, reverse=True
        ),
    )
    for entry in entries:
        if entry is not None:
            ledger.book(tx, entry, new.id)
