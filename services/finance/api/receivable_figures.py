"""Revenue, days sales outstanding and payment habit by month, over HTTP; behind them stand ageing and invoices."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.finance.api.company import company_day, company_now, company_terms
from services.finance.api.who import READERS, only_owner
from services.finance.reports import receivable_figures as report
from services.finance.reports.receivable_figures import MonthSearch

receivable_figures = Noun(
    "receivable-figures", "/api/v1/figures/receivables", description="Revenue and receivables by month"
)
_MONTH = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
_LONG = 10**6


class ReceivableFilter(Strict):
    """Which months, both included; left out: the last twelve, with the present one."""

    since = fields.Text(max=7, pattern=_MONTH, data_key="from")
    until = fields.Text(max=7, pattern=_MONTH, data_key="to")
    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})
    customer_id = fields.IdField()


class FigureOut(Strict):
    """What moved, and what was owed at the end. ``dso`` = ``balance`` / ``credit_sales`` x ``days``.

    All with tax, but ``revenue``: posted invoices less credit notes, without tax. ``credit_sales`` are with it.
    """

    days = fields.CountField(most=_LONG, attribute="moved.days")
    revenue = fields.MoneyField(negative=True, attribute="moved.revenue")
    invoiced = fields.MoneyField(attribute="moved.invoiced")
    credited = fields.MoneyField(attribute="moved.credited")
    credit_sales = fields.MoneyField(negative=True, attribute="moved.credit_sales")
    settled = fields.MoneyField(negative=True, attribute="moved.settled")
    balance = fields.MoneyField(negative=True)
    dso = fields.Text(max=20, allow_none=True)
    count_back_dso = fields.Text(
        max=20, allow_none=True, metadata={"description": "The newest sales' days that make up the balance."}
    )
    paid = fields.MoneyField(attribute="moved.paid")
    paid_late = fields.MoneyField(attribute="moved.late")
    average_days_to_pay = fields.Text(max=20, allow_none=True, attribute="moved.average_days_to_pay")
    average_days_late = fields.Text(max=20, allow_none=True, attribute="moved.average_days_late")


class MonthEndOut(FigureOut):
    """A month."""

    month = fields.Text(max=7, attribute="moved.month")


class MonthsOfOut(Strict):
    """Months, both included."""

    since = fields.Text(max=7, data_key="from")
    until = fields.Text(max=7, data_key="to")


class ReceivableFiguresOut(Strict):
    """The months and the whole period; kept in the transactions of the documents, so there is no lag."""

    period = fields.Nested(MonthsOfOut)
    currency = fields.Text(max=3)
    as_of = fields.UtcField()
    total = fields.Nested(FigureOut)
    months = fields.ListOf(MonthEndOut, most=report.MOST_MONTHS)


@receivable_figures.query(
    "/",
    answer=ReceivableFiguresOut,
    roles=READERS,
    filters=ReceivableFilter,
    summary="Show revenue, days sales outstanding and payment habit by month",
)
def show(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show the figures; a salesperson sees those of own customers."""
    today = company_day()
    since, until = report.months_asked_for(filters.get("since"), filters.get("until"), today)
    currency = filters.get("currency") or company_terms().currency
    wanted = MonthSearch(since, until, currency, today, filters.get("customer_id"), only_owner())
    found = report.receivable_figures(connection, wanted)
    return {
        "period": {"since": since, "until": until},
        "currency": currency,
        "as_of": company_now(),
        "total": found.total,
        "months": found.months,
    }
