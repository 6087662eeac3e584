"""The chart of accounts: chosen before the first entry, then only added to and renamed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.finance.domain.chart import (
    AccountCodeTaken,
    AccountKind,
    ChartAccount,
    ChartInUse,
    ChartName,
    LedgerAccountUnknown,
    accounts_of,
    require_parent,
)
from services.finance.store import chart, periods


@dataclass(frozen=True)
class AddAccount:
    """A new account; without a Chinese name it is called the same in both languages."""

    code: str
    name: str
    kind: AccountKind
    name_zh: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class RenameAccount:
    """What an account is called from now on; what is left out stays."""

    code: str
    name: str | None = None
    name_zh: str | None = None


def choose_chart(tx: Transaction, wanted: ChartName, expected_version: int | None = None) -> None:
    """Take another chart for the books; refused once there is an entry.

    Whoever books waits for it, or it for them: else an entry could be posted to an account that is just going.
    """
    periods.wait_for_bookings(tx.connection)
    version, current = chart.chosen(tx.connection)
    if expected_version not in (None, version):
        raise VersionMismatch(f"the chart is at version {version}")
    if wanted == current:
        return
    if chart.has_entries(tx.connection):
        raise ChartInUse(
            f"the books are kept by the chart {current}, and have entries",
            field="chart",
            cure="keep it, and rename its accounts or add some",
        )
    new = accounts_of(wanted)
    _require_free(tx, {each.code for each in new})
    chart.replace_all(tx, version + 1, wanted, new)


def _require_free(tx: Transaction, codes: set[str]) -> None:
    for each in chart.all_accounts(tx.connection):
        if each.own and each.code in codes:
            raise AccountCodeTaken(
                f"the company has an account {each.code} {each.name} of its own, which that chart has too",
                field="chart",
                cure="choose another chart",
            )


def add_account(tx: Transaction, command: AddAccount) -> ChartAccount:
    """Open an account of the company's own."""
    if command.parent is not None:
        require_parent(command.kind, chart.find(tx.connection, command.parent), command.parent)
    account = ChartAccount(
        code=command.code,
        name=command.name,
        name_zh=command.name_zh or command.name,
        kind=command.kind,
        parent=command.parent,
        own=True,
    )
    if not chart.add(tx.connection, account):
        raise AccountCodeTaken(
            f"there is an account {command.code} already", field="code", cure="choose another code"
        )
    return account


def rename_account(tx: Transaction, command: RenameAccount) -> ChartAccount:
    """Call an account otherwise; what is posted to it stays where it is."""
    account = chart.find(tx.connection, command.code, locked=True)
    if account is None:
        raise LedgerAccountUnknown(f"there is no ledger account {command.code}", field="code")
    after = replace(account, name=command.name or account.name, name_zh=command.name_zh or account.name_zh)
    chart.rename(tx.connection, after)
    return after
