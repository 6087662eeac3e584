"""Exchange rates over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_day
from services.finance.api.who import BOOKKEEPERS, READERS
from services.finance.domain.exchange import ExchangeRate, rate_e10
from services.finance.domain.terms import require_not_future
from services.finance.reports.exchange import RateSearch, list_rates
from services.finance.use_cases.exchange import RecordRate, record_rate

RATE = r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,10})?"

exchange_rates = Noun(
    "exchange_rates",
    "/api/v1/exchange-rates",
    description="What one currency costs in another, from a day on",
)


class ExchangeRateIn(Strict):
    """What one unit of ``from`` costs in ``to``; it holds until the day of the next one."""

    from_currency = fields.CurrencyField(data_key="from", required=True)
    to_currency = fields.CurrencyField(data_key="to", required=True)
    day = fields.DateField(metadata={"description": "From this day on; left out: today. Not in the future."})
    rate = fields.Text(max=19, pattern=RATE, required=True)
    source = fields.Text(max=120, required=True, metadata={"description": "Who says so: a bank, a paper."})


class ExchangeRateOut(Strict):
    """A rate; of two of one day the later version counts."""

    from_currency = fields.Text(max=3, data_key="from")
    to_currency = fields.Text(max=3, data_key="to")
    day = fields.DateField()
    version = fields.CountField(least=1)
    rate = fields.Text(max=30)
    source = fields.Text(max=120)


class RateFilter(Strict):
    """What to look for."""

    from_currency = fields.CurrencyField(data_key="from")
    to_currency = fields.CurrencyField(data_key="to")
    on = fields.DateField(metadata={"description": "Rates of this day and before."})


@exchange_rates.command(
    "POST",
    "/",
    body=ExchangeRateIn,
    answer=ExchangeRateOut,
    status=201,
    roles=BOOKKEEPERS,
    summary="Record an exchange rate",
)
def record(tx: Transaction, body: dict[str, Any]) -> ExchangeRate:
    """Record a rate; documents that are booked keep the one that they were booked at."""
    day = body.get("day") or company_day()
    require_not_future(day, company_day(), "day")
    command = RecordRate(
        body["from_currency"], body["to_currency"], day, rate_e10(Decimal(body["rate"])), body["source"]
    )
    return record_rate(tx, command)


@exchange_rates.query(
    "/", answer=ExchangeRateOut, roles=READERS, filters=RateFilter, paged=True, summary="Find exchange rates"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List rates, the one recorded last first."""
    rows = list_rates(connection, RateSearch(**filters), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.version,))
