"""The chart of accounts over HTTP: chosen once, renamed and added to."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, expected_version, fields
from services.finance.api.who import BOOKKEEPERS, CREDIT_DECIDERS
from services.finance.domain.chart import CHARTS, KINDS, LONGEST_CODE, ChartAccount
from services.finance.reports.chart import ChartView, chart_now
from services.finance.use_cases.chart import (
    AddAccount,
    RenameAccount,
    add_account,
    choose_chart,
    rename_account,
)

ledger_accounts = Noun(
    "ledger_accounts", "/api/v1/ledger-accounts", description="The accounts of the ledger, as data"
)
_CODE = "[0-9][0-9.-]*"


class LedgerAccountOut(Strict):
    """An account; postings go to it by its ``role``, if it has one."""

    code = fields.Text(max=LONGEST_CODE)
    name = fields.Text(max=200)
    name_zh = fields.Text(max=200)
    kind = fields.Choice(*KINDS)
    role = fields.Text(max=24, allow_none=True)
    parent = fields.Text(max=LONGEST_CODE, allow_none=True)
    own = fields.Flag(metadata={"description": "true: the company has added it."})


class ChartOut(Strict):
    """The whole chart, in the order of its codes."""

    chart = fields.Choice(*CHARTS)
    version = fields.CountField()
    can_be_changed = fields.Flag(metadata={"description": "true: nothing is booked yet."})
    accounts = fields.ListOf(LedgerAccountOut)


class ChartIn(Strict):
    """By which chart the books are kept: ``china`` has the codes of the Chinese accounting standards."""

    chart = fields.Choice(*CHARTS, required=True)


class LedgerAccountIn(Strict):
    """An account of the company's own."""

    code = fields.Text(max=LONGEST_CODE, pattern=_CODE, required=True)
    name = fields.Text(max=200, required=True)
    name_zh = fields.Text(max=200)
    kind = fields.Choice(*KINDS, required=True)
    parent = fields.Text(max=LONGEST_CODE, metadata={"description": "The code of the account above it."})


class LedgerAccountNamesIn(Strict):
    """What an account is called; what is left out stays."""

    code = fields.Text(max=LONGEST_CODE, pattern=_CODE, required=True)
    name = fields.Text(max=200)
    name_zh = fields.Text(max=200)


@ledger_accounts.query("/", answer=ChartOut, roles=BOOKKEEPERS, summary="The chart of accounts")
def show(connection: Connection) -> ChartView:
    """Show all accounts, with the roles that they play."""
    return chart_now(connection)


@ledger_accounts.command(
    "PUT",
    "/chart",
    body=ChartIn,
    answer=ChartOut,
    roles=CREDIT_DECIDERS,
    summary="Choose the chart of accounts",
)
def choose(tx: Transaction, body: dict[str, Any]) -> ChartView:
    """Keep the books by another chart; refused once there is an entry."""
    choose_chart(tx, body["chart"], expected_version())
    return chart_now(tx.connection)


@ledger_accounts.command(
    "POST",
    "/",
    body=LedgerAccountIn,
    answer=LedgerAccountOut,
    status=201,
    roles=CREDIT_DECIDERS,
    summary="Add a ledger account",
)
def add(tx: Transaction, body: dict[str, Any]) -> ChartAccount:
    """Open an account of the company's own."""
    return add_account(tx, AddAccount(**body))


@ledger_accounts.command(
    "PUT",
    "/names",
    body=LedgerAccountNamesIn,
    answer=LedgerAccountOut,
    roles=CREDIT_DECIDERS,
    summary="Rename a ledger account",
)
def rename(tx: Transaction, body: dict[str, Any]) -> ChartAccount:
    """Call an account otherwise, in one language or both."""
    return rename_account(tx, RenameAccount(**body))
