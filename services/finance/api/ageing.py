"""Ageing over HTTP: what is owed by days past due, as of any day, down to the documents."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_terms, past_day
from services.finance.api.exchange_rates import ExchangeRateOut
from services.finance.api.who import READERS, only_owner
from services.finance.domain.ageing import BUCKETS
from services.finance.reports.accounts import require_account
from services.finance.reports.ageing import (
    AgeingSearch,
    customers_ageing,
    open_documents,
)
from services.finance.reports.ageing import ageing as ageing_of
from services.finance.reports.exchange import ageing_in_company

ageing = Noun("ageing", "/api/v1/ageing", description="What is owed, by days past due, as of any day")


class DayFilter(Strict):
    """Which day."""

    as_of = fields.DateField(metadata={"description": "Included; left out: today. Not in the future."})


class AgeingFilter(DayFilter):
    """Which day and currency."""

    currency = fields.CurrencyField()


class SummaryFilter(AgeingFilter):
    """Which day and currency, and whether the ledger is to be read too."""

    controls = fields.Flag(
        metadata={"description": "true: compare with the ledger of that day, which takes longer."}
    )


class AgedOut(Strict):
    """Open amounts by days past due; open = their sum, balance = open - unallocated."""

    not_due = fields.MoneyField(metadata={"description": "Due on the day itself, or later."})
    days_1_30 = fields.MoneyField()
    days_31_60 = fields.MoneyField()
    days_61_90 = fields.MoneyField()
    days_91_120 = fields.MoneyField()
    over_120_days = fields.MoneyField()
    open = fields.MoneyField()
    overdue = fields.MoneyField()
    unallocated = fields.MoneyField(
        metadata={"description": "Payments and credit notes not matched to invoices by then."}
    )
    balance = fields.MoneyField(negative=True)


class AgeingControlOut(Strict):
    """A control account beside the documents of the same day; the difference is zero."""

    account = fields.Text(max=12)
    ledger = fields.MoneyField(negative=True)
    documents = fields.MoneyField()
    difference = fields.MoneyField(negative=True)


class CurrencyAgeingOut(Strict):
    """All that is owed in one currency."""

    currency = fields.Text(max=3)
    customers = fields.CountField(metadata={"description": "With anything open or unmatched."})
    amounts = fields.Nested(AgedOut)
    controls = fields.ListOf(AgeingControlOut, least=0)


class CompanyAgeingOut(Strict):
    """All currencies in the company's own, at the rates of the day; those without one are named and not counted."""

    currency = fields.Text(max=3)
    amounts = fields.Nested(AgedOut)
    rates = fields.ListOf(ExchangeRateOut, least=0)
    without_rate = fields.ListOf(fields.Text(max=3), least=0)


class AgeingOut(Strict):
    """The ageing of a day, by currency and in the company's own."""

    as_of = fields.DateField()
    currencies = fields.ListOf(CurrencyAgeingOut, least=0)
    company = fields.Nested(CompanyAgeingOut)


class CustomerAgeingOut(Strict):
    """What one customer owes in one currency."""

    customer_id = fields.IdField()
    number = fields.Text(max=200)
    name = fields.Text(max=1000)
    owner_id = fields.Text(max=64, allow_none=True)
    currency = fields.Text(max=3)
    oldest_due_on = fields.DateField(allow_none=True)
    amounts = fields.Nested(AgedOut)


class OpenDocumentOut(Strict):
    """An invoice that was open, or a payment or credit note that was not matched; the other figure is zero."""

    kind = fields.Choice("credit_note", "invoice", "payment")
    document_id = fields.IdField()
    number = fields.Text(max=20)
    day = fields.DateField(metadata={"description": "Posted, or received."})
    due_on = fields.DateField(allow_none=True)
    days_overdue = fields.CountField()
    bucket = fields.Choice(*(bucket.name for bucket in BUCKETS), allow_none=True)
    open = fields.MoneyField()
    unallocated = fields.MoneyField()


class CustomerDocumentsOut(Strict):
    """What makes up a customer's ageing."""

    as_of = fields.DateField()
    customer_id = fields.IdField()
    documents = fields.ListOf(OpenDocumentOut, least=0)


@ageing.query("/", answer=AgeingOut, roles=READERS, filters=SummaryFilter, summary="Ageing of all customers")
def summary(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show what all customers owe; a salesperson sees the sums of their own."""
    own = only_owner()
    wanted = AgeingSearch(past_day(filters, "as_of"), filters.get("currency"), only_owner=own)
    found = ageing_of(connection, wanted, with_controls=own is None and bool(filters.get("controls")))
    return vars(found) | {"company": ageing_in_company(connection, found, company_terms().currency)}


@ageing.query(
    "/customers",
    answer=CustomerAgeingOut,
    roles=READERS,
    filters=AgeingFilter,
    paged=True,
    summary="Ageing by customer",
)
def by_customer(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the customers who owe something, the one who owes most first."""
    wanted = AgeingSearch(past_day(filters, "as_of"), filters.get("currency"), only_owner=only_owner())
    rows = customers_ageing(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.amounts.open.minor, row.customer_id, row.currency))


@ageing.query(
    "/customers/<uuid:customer_id>",
    answer=CustomerDocumentsOut,
    roles=READERS,
    filters=DayFilter,
    summary="The documents of a customer's ageing",
)
def of_customer(connection: Connection, filters: dict[str, Any], customer_id: str) -> dict[str, Any]:
    """List the invoices that were open on the day, and the payments and credit notes that were not matched."""
    day, own = past_day(filters, "as_of"), only_owner()
    require_account(connection, customer_id, own)
    documents = open_documents(connection, AgeingSearch(day, customer_id=customer_id, only_owner=own))
    return {"as_of": day, "customer_id": customer_id, "documents": documents}
