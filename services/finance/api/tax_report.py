"""The tax report over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import past_day
from services.finance.api.who import BOOKKEEPERS
from services.finance.domain.taxes import ppm_of
from services.finance.reports import tax_report as reports
from services.finance.reports.period import Period
from services.finance.reports.tax_report import TaxDocumentSearch, TaxReport

tax_report = Noun("tax_report", "/api/v1/tax-report", description="The tax of a period, by code and rate")


class TaxPeriodFilter(Strict):
    """Which days, both included, by the day of posting."""

    first = fields.DateField(metadata={"description": "Left out: the first of the month of the last day."})
    last = fields.DateField(metadata={"description": "Left out: today. Not in the future."})


class TaxDocumentFilter(TaxPeriodFilter):
    """Which documents of the period."""

    currency = fields.CurrencyField()
    code = fields.Text(max=20)
    percent = fields.PercentField(decimals=4)


class TaxRowOut(Strict):
    """A code at a rate: base and tax of what was invoiced less what was credited; the difference is zero."""

    currency = fields.Text(max=3)
    code = fields.Text(max=20, allow_none=True)
    percent = fields.PercentField(decimals=4)
    invoiced_base = fields.MoneyField()
    invoiced_tax = fields.MoneyField()
    credited_base = fields.MoneyField()
    credited_tax = fields.MoneyField()
    base = fields.MoneyField(negative=True)
    tax = fields.MoneyField(negative=True)
    ledger = fields.MoneyField(
        negative=True, metadata={"description": "What the account of the output tax (2200) moved by."}
    )
    difference = fields.MoneyField(negative=True)


class TaxReportOut(Strict):
    """The taxes of a period."""

    first = fields.DateField()
    last = fields.DateField()
    rows = fields.ListOf(TaxRowOut, least=0)


class TaxDocumentOut(Strict):
    """What a document bears of a code at a rate; a credit note's figures are below zero."""

    kind = fields.Choice("invoice", "credit")
    document_id = fields.IdField()
    number = fields.Text(max=20)
    posted_on = fields.DateField()
    customer_id = fields.IdField()
    customer_name = fields.Text(max=1000)
    code = fields.Text(max=20, allow_none=True)
    percent = fields.PercentField(decimals=4)
    base = fields.MoneyField(negative=True)
    tax = fields.MoneyField(negative=True)


def _period(filters: dict[str, Any]) -> Period:
    last = past_day(filters, "last")
    return Period(filters.get("first") or last.replace(day=1), last)


@tax_report.query(
    "/", answer=TaxReportOut, roles=BOOKKEEPERS, filters=TaxPeriodFilter, summary="The tax of a period"
)
def show(connection: Connection, filters: dict[str, Any]) -> TaxReport:
    """Show base and tax for each code and rate, beside what the ledger booked."""
    return reports.tax_report(connection, _period(filters))


@tax_report.query(
    "/documents",
    answer=TaxDocumentOut,
    roles=BOOKKEEPERS,
    filters=TaxDocumentFilter,
    paged=True,
    summary="The documents behind a tax report",
)
def documents(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List invoices and credit notes by day and number, each once for every code and rate that it bears."""
    percent = filters.get("percent")
    wanted = TaxDocumentSearch(
        _period(filters),
        filters.get("currency"),
        filters.get("code"),
        None if percent is None else ppm_of(percent),
    )
    rows = reports.tax_documents(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=reports.place_of)
