"""The ledger over HTTP: to look at; entries are booked by documents only."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.company import company_terms, past_day
from services.finance.api.who import BOOKKEEPERS
from services.finance.reports.general_ledger import AccountSheet, account_sheet
from services.finance.reports.ledger import (
    CurrencyBalance,
    EntrySearch,
    TrialBalance,
    company_balance,
    list_entries,
)
from services.finance.reports.ledger import trial_balance as balance_of_all
from services.finance.reports.period import Period

KINDS = (
    "invoice", "payment", "allocation", "credit", "cost", "write_off", "write_back", "refund", "goods_receipt",
    "supplier_invoice", "supplier_payment", "arrival", "discount", "discount_back",
    "supplier_invoice", "supplier_payment", "stock_value", "supplier_return", "supplier_credit", "supplier_settled",
    "revaluation",
)  # fmt: skip

journal_entries = Noun("journal_entries", "/api/v1/journal-entries", description="The journal, double entry")
general_ledger = Noun("general_ledger", "/api/v1/general-ledger", description="The ledger account by account")
trial_balance = Noun("trial_balance", "/api/v1/trial-balance", description="The sums of all ledger accounts")


class EntryFilter(Strict):
    """What to look for; both days are included."""

    kind = fields.Choice(*KINDS)
    document_id = fields.IdField(metadata={"description": "Of whatever kind."})
    customer_id = fields.IdField()
    supplier_id = fields.IdField()
    number = fields.Text(max=20)
    posted_from = fields.DateField()
    posted_to = fields.DateField()
    language = fields.Choice("en", "zh-CN", metadata={"description": "Of the accounts' names; left out: en."})


class PostingOut(Strict):
    """One side of an entry."""

    line_no = fields.CountField(least=1)
    account = fields.Text(max=12)
    account_name = fields.Text(max=200)
    debit = fields.MoneyField()
    credit = fields.MoneyField()


class EntryOut(Strict):
    """A journal entry."""

    id = fields.IdField()
    number = fields.Text(max=20)
    kind = fields.Choice(*KINDS)
    document_id = fields.IdField()
    document_number = fields.Text(max=200)
    customer_id = fields.IdField(allow_none=True)
    supplier_id = fields.IdField(allow_none=True)
    posted_on = fields.DateField()
    recorded_by = fields.Text(max=200, allow_none=True)
    created_at = fields.UtcField()
    conversation_id = fields.Text(max=64)
    postings = fields.ListOf(PostingOut)
    company_postings = fields.ListOf(
        PostingOut,
        least=0,
        metadata={"description": "The same in the company's currency, where the document is of another one."},
    )


class BalanceFilter(Strict):
    """Up to which day."""

    as_of = fields.DateField(metadata={"description": "Included; left out: everything."})
    language = fields.Choice("en", "zh-CN", metadata={"description": "Of the accounts' names; left out: en."})


class AccountBalanceOut(Strict):
    """A ledger account's sums; balance = debit - credit."""

    code = fields.Text(max=12)
    name = fields.Text(max=200)
    kind = fields.Choice("asset", "liability", "equity", "income", "expense")
    debit = fields.MoneyField()
    credit = fields.MoneyField()
    balance = fields.MoneyField(negative=True)


class CurrencyBalanceOut(Strict):
    """The trial balance of one currency."""

    currency = fields.Text(max=3)
    accounts = fields.ListOf(AccountBalanceOut, least=0)
    debit = fields.MoneyField()
    credit = fields.MoneyField()
    balanced = fields.Flag()


class ControlOut(Strict):
    """A control account beside what its sub-ledger sums to (``customers``); the difference is zero."""

    account = fields.Text(max=12)
    currency = fields.Text(max=3)
    ledger = fields.MoneyField(negative=True)
    customers = fields.MoneyField(negative=True)
    difference = fields.MoneyField(negative=True)


class TrialBalanceOut(Strict):
    """All ledger accounts per currency, and the control accounts beside their sub-ledgers."""

    as_of = fields.DateField(allow_none=True)
    currencies = fields.ListOf(CurrencyBalanceOut, least=0)
    controls = fields.ListOf(
        ControlOut, least=0, metadata={"description": "Of this moment; empty for a day in the past."}
    )


class SheetFilter(Strict):
    """Which account, in which currency and over which days, both included."""

    account = fields.Text(max=12, required=True)
    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})
    first = fields.DateField(metadata={"description": "Left out: the first of the month of the last day."})
    last = fields.DateField(metadata={"description": "Left out: today. Not in the future."})
    language = fields.Choice("en", "zh-CN", metadata={"description": "Of the accounts' names; left out: en."})


class SheetLineOut(Strict):
    """A posting, its entry, and the balance after it."""

    posted_on = fields.DateField()
    entry_id = fields.IdField()
    entry_number = fields.Text(max=20)
    kind = fields.Choice(*KINDS)
    document_id = fields.IdField()
    document_number = fields.Text(max=200)
    customer_id = fields.IdField(allow_none=True)
    supplier_id = fields.IdField(allow_none=True)
    debit = fields.MoneyField()
    credit = fields.MoneyField()
    balance = fields.MoneyField(negative=True)


class SheetOut(Strict):
    """An account over a period; balances are debit less credit, closing = opening + debit - credit."""

    account = fields.Text(max=12)
    name = fields.Text(max=200)
    kind = fields.Choice("asset", "liability", "equity", "income", "expense")
    currency = fields.Text(max=3)
    first = fields.DateField()
    last = fields.DateField()
    opening = fields.MoneyField(negative=True)
    debit = fields.MoneyField()
    credit = fields.MoneyField()
    closing = fields.MoneyField(negative=True)
    lines = fields.ListOf(SheetLineOut, least=0)


@journal_entries.query(
    "/", answer=EntryOut, roles=BOOKKEEPERS, filters=EntryFilter, paged=True, summary="Find journal entries"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List journal entries, newest first."""
    language = filters.pop("language", "en")
    rows = list_entries(connection, EntrySearch(**filters), language, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@trial_balance.query(
    "/", answer=TrialBalanceOut, roles=BOOKKEEPERS, filters=BalanceFilter, summary="Trial balance"
)
def show(connection: Connection, filters: dict[str, Any]) -> TrialBalance:
    """Show the sums of all ledger accounts."""
    return balance_of_all(connection, filters.get("as_of"), filters.get("language", "en"))


@trial_balance.query(
    "/company",
    answer=CurrencyBalanceOut,
    roles=BOOKKEEPERS,
    filters=BalanceFilter,
    summary="Trial balance in the company's currency",
)
def in_company_currency(connection: Connection, filters: dict[str, Any]) -> CurrencyBalance:
    """Show the sums of all ledger accounts in the company's currency: entries of others at their documents' rates."""
    return company_balance(
        connection, company_terms().currency, filters.get("as_of"), filters.get("language", "en")
    )


@general_ledger.query(
    "/", answer=SheetOut, roles=BOOKKEEPERS, filters=SheetFilter, summary="A ledger account over a period"
)
def sheet(connection: Connection, filters: dict[str, Any]) -> AccountSheet:
    """Show every posting of an account with the balance before, between and after."""
    last = past_day(filters, "last")
    period = Period(filters.get("first") or last.replace(day=1), last)
    currency = filters.get("currency") or company_terms().currency
    language = filters.get("language", "en")
    return account_sheet(connection, filters["account"], currency, period, language)
