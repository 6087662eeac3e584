"""Exchange revaluations over HTTP: what is open of other currencies at the rate of a closing day."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS, CREDIT_DECIDERS
from services.finance.reports.revaluations import list_revaluations
from services.finance.use_cases.revalue_exchange import RevalueExchange, revalue_exchange

exchange_revaluations = Noun(
    "exchange_revaluations",
    "/api/v1/exchange-revaluations",
    description="Open items of other currencies at the end of a period",
)


class RevaluationIn(Strict):
    """The closing day."""

    day = fields.DateField(required=True, metadata={"description": "Not in the future, not closed."})
    currency = fields.CurrencyField(metadata={"description": "Left out: every other currency."})


class RevaluedOut(Strict):
    """The open items of customers or suppliers: signed, debit less credit."""

    role = fields.Choice("receivable", "payable", attribute="items.role")
    open = fields.MoneyField(negative=True, attribute="items.open")
    carried = fields.MoneyField(negative=True, attribute="items.carried")
    rate = fields.Text(max=40, attribute="rate.rate")
    worth = fields.MoneyField(negative=True)
    difference = fields.MoneyField(negative=True, metadata={"description": "Positive: a gain."})


class RevaluationOut(Strict):
    """A revaluation of one currency; it is taken back on the day after."""

    id = fields.IdField()
    number = fields.Text(max=20)
    day = fields.DateField()
    currency = fields.CurrencyField()
    reversed_on = fields.DateField()
    set_by = fields.Text(max=120, allow_none=True)
    created_at = fields.UtcField()
    parts = fields.ListOf(RevaluedOut)


class RevaluationsOut(Strict):
    """All revaluations of the day, those of before among them."""

    items = fields.ListOf(RevaluationOut, least=0)


class RevaluationFilter(Strict):
    """Which to list."""

    day = fields.DateField()
    currency = fields.CurrencyField()


@exchange_revaluations.command(
    "POST",
    "/",
    body=RevaluationIn,
    answer=RevaluationsOut,
    roles=CREDIT_DECIDERS,
    summary="Value open items of other currencies",
)
def revalue(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Value what was open on a day at its rate, each currency once; booked that day, taken back on the next."""
    return {"items": revalue_exchange(tx, RevalueExchange(**body), company_terms())}


@exchange_revaluations.query(
    "/",
    answer=RevaluationOut,
    roles=BOOKKEEPERS,
    filters=RevaluationFilter,
    paged=True,
    summary="List exchange revaluations",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List exchange revaluations, newest first."""
    wanted = (filters.get("day"), filters.get("currency"))
    rows = list_revaluations(connection, *wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))
