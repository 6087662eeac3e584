"""Customer accounts over HTTP: exposure, status and open items; limits and stops are set by finance."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_day, company_terms, past_day
from services.finance.api.who import CREDIT_DECIDERS, READERS, only_owner
from services.finance.reports.accounts import (
    AccountDetail,
    AccountSearch,
    list_accounts,
    one_account,
    require_account,
)
from services.finance.reports.period import Period
from services.finance.reports.statements import Statement, statement
from services.finance.use_cases.accounts import ChangeLimit, ChangeStop, change_limit, change_stop

STATUSES = ("ok", "watch", "hold", "stop", "no_check")
LIMIT_SOURCES = ("customer", "group", "company")

accounts = Noun("accounts", "/api/v1/accounts", description="Customer accounts: credit and receivables")


class AccountFilter(Strict):
    """What to look for."""

    owner_id = fields.Text(max=64)
    number = fields.Text(max=64, metadata={"description": "The customer's number."})
    stopped = fields.Flag()
    over_limit = fields.Flag()


class AccountOut(Strict):
    """A customer's account; exposure = held + receivable - unallocated, room = limit - exposure."""

    customer_id = fields.IdField()
    number = fields.Text(max=200)
    name = fields.Text(max=1000)
    owner_id = fields.Text(max=64, allow_none=True)
    currency = fields.Text(max=3)
    limit = fields.MoneyField(allow_none=True, metadata={"description": "null: credit is not checked."})
    limit_source = fields.Choice(*LIMIT_SOURCES, metadata={"description": "Whose limit it is."})
    group = fields.Text(max=40, allow_none=True, metadata={"description": "The customer's group in crm."})
    held = fields.MoneyField(metadata={"description": "Credit held for orders not yet invoiced."})
    receivable = fields.MoneyField(metadata={"description": "Open amounts of posted invoices."})
    unallocated = fields.MoneyField(
        metadata={"description": "Payments and credit notes not yet matched to invoices."}
    )
    exposure = fields.MoneyField(negative=True)
    room = fields.MoneyField(negative=True, allow_none=True)
    used_percent = fields.CountField(least=-(2**31), allow_none=True)
    status = fields.Choice(*STATUSES)
    stopped = fields.Flag()
    stop_reason = fields.Text(max=500, allow_none=True)
    overdue = fields.MoneyField(metadata={"description": "What is open past its due day."})
    oldest_due_on = fields.DateField(allow_none=True)
    version = fields.CountField(least=1)


class OpenItemOut(Strict):
    """An invoice that is not fully paid."""

    invoice_id = fields.IdField()
    number = fields.Text(max=20)
    order_id = fields.IdField()
    order_number = fields.Text(max=200)
    posted_on = fields.DateField()
    due_on = fields.DateField()
    days_overdue = fields.CountField()
    total = fields.MoneyField()
    open = fields.MoneyField()


class WaitingOrderOut(Strict):
    """An order that waits for credit; position 1 is served next."""

    order_id = fields.IdField()
    order_number = fields.Text(max=200)
    amount = fields.MoneyField()
    position = fields.CountField(least=1)
    asked_at = fields.UtcField()


class AccountDetailOut(AccountOut):
    """An account with its oldest open items, the orders that wait for credit, and the payment habit."""

    open_items = fields.ListOf(
        OpenItemOut, least=0, metadata={"description": "At most 100, oldest due first."}
    )
    open_items_count = fields.CountField()
    waiting_orders = fields.ListOf(WaitingOrderOut, least=0)
    average_days_to_pay = fields.Text(
        max=12, allow_none=True, metadata={"description": "Weighted by amount, from posting to payment."}
    )
    exposure_in_company = fields.MoneyField(
        negative=True,
        allow_none=True,
        metadata={"description": "In the company's currency, at today's rate; null without one."},
    )
    exchange_rate = fields.Text(max=30, allow_none=True)


class PeriodFilter(Strict):
    """Which days, both included."""

    first = fields.DateField(metadata={"description": "Left out: the first of the month of the last day."})
    last = fields.DateField(metadata={"description": "Left out: today. Not in the future."})


class StatementLineOut(Strict):
    """A document that is charged or credited, and what is owed after it."""

    day = fields.DateField()
    kind = fields.Choice(
        "invoice",
        "credit_note",
        "payment",
        "write_off",
        "write_back",
        "refund",
        "cash_discount",
        "discount_back",
    )
    document_id = fields.IdField()
    number = fields.Text(max=20)
    reference = fields.Text(
        max=1000,
        metadata={
            "description": "The order's number, the corrected invoice's, the bank's reference, or the reason."
        },
    )
    due_on = fields.DateField(allow_none=True)
    charged = fields.MoneyField()
    credited = fields.MoneyField()
    balance = fields.MoneyField(negative=True)


class StatementOut(Strict):
    """All that moved the balance in a period; closing = opening + charged - credited."""

    customer_id = fields.IdField()
    currency = fields.Text(max=3)
    first = fields.DateField()
    last = fields.DateField()
    opening = fields.MoneyField(negative=True)
    charged = fields.MoneyField()
    credited = fields.MoneyField()
    closing = fields.MoneyField(negative=True)
    lines = fields.ListOf(StatementLineOut, least=0)


class LimitIn(Strict):
    """The new limit; null means that credit is not checked."""

    limit = fields.MoneyField(required=True, allow_none=True)


class StopIn(Strict):
    """Whether all new credit is stopped, and why."""

    stopped = fields.Flag(required=True)
    reason = fields.Text(max=500, allow_none=True)


@accounts.query(
    "/", answer=AccountOut, roles=READERS, filters=AccountFilter, paged=True, summary="List accounts"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List accounts, the customer registered last first."""
    wanted = AccountSearch(only_owner=only_owner(), **filters)
    rows = list_accounts(
        connection, wanted, company_terms(), company_day(), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.customer_id,))


@accounts.query(
    "/<uuid:customer_id>", answer=AccountDetailOut, roles=READERS, summary="Look at a customer's account"
)
def show(connection: Connection, customer_id: str) -> AccountDetail:
    """Show limit, exposure, status, open items, queue and payment habit."""
    return one_account(connection, customer_id, company_terms(), company_day(), only_owner=only_owner())


@accounts.query(
    "/<uuid:customer_id>/statement",
    answer=StatementOut,
    roles=READERS,
    filters=PeriodFilter,
    summary="The statement of an account",
)
def show_statement(connection: Connection, filters: dict[str, Any], customer_id: str) -> Statement:
    """Show every invoice and payment of a period with the balance before, between and after."""
    last = past_day(filters, "last")
    currency = require_account(connection, customer_id, only_owner())
    period = Period(filters.get("first") or last.replace(day=1), last)
    return statement(connection, customer_id, currency, period)


@accounts.command(
    "PUT",
    "/<uuid:customer_id>/credit-limit",
    body=LimitIn,
    answer=AccountDetailOut,
    roles=CREDIT_DECIDERS,
    summary="Set the credit limit",
)
def set_limit(tx: Transaction, body: dict[str, Any], customer_id: str) -> AccountDetail:
    """Set the limit; orders that waited and now fit are granted at once."""
    terms = company_terms()
    change_limit(tx, ChangeLimit(customer_id, body["limit"], expected_version()), terms)
    return one_account(tx.connection, customer_id, terms, terms.today(tx.now))


@accounts.command(
    "PUT",
    "/<uuid:customer_id>/credit-stop",
    body=StopIn,
    answer=AccountDetailOut,
    roles=CREDIT_DECIDERS,
    summary="Stop all new credit, or lift the stop",
)
def set_stop(tx: Transaction, body: dict[str, Any], customer_id: str) -> AccountDetail:
    """Stop the customer's credit whatever the limit, or lift the stop."""
    terms = company_terms()
    command = ChangeStop(customer_id, body["stopped"], body.get("reason"), expected_version())
    change_stop(tx, command, terms)
    return one_account(tx.connection, customer_id, terms, terms.today(tx.now))
