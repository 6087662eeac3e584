"""The chart: which account plays which role, and what the company has added or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, update

from libs.common.db import Prepared, Transaction, Upsert
from services.finance.domain.chart import (
    LONGEST_CODE,
    ChartAccount,
    ChartName,
    Language,
    account_for,
)
from services.finance.store.chart_tables import ledger_account, ledger_chart
from services.finance.store.tables import journal_entry

_ROLES = Prepared(
    select(ledger_account.c.role, ledger_account.c.code).where(ledger_account.c.role.is_not(None))
)
_OPEN = Upsert(ledger_account, lambda given: given.on_conflict_do_nothing())
_ROOM = "roles of the chart"


def codes_of_roles(tx: Transaction, roles: Iterable[str]) -> Mapping[str, str]:
    """Return the code of the account that plays each of ``roles``; one that was never posted to is opened.

    Call it when the transaction has written to the journal: from then on nobody chooses another chart (see
    ``use_cases/chart.py``), so what is found is kept for the rest of the transaction.
    """
    known = tx.rooms.get(_ROOM)
    if not isinstance(known, dict):
        known = tx.rooms[_ROOM] = codes_now(tx.connection)
    missing = [role for role in roles if role not in known]
    return known if not missing else [_opened(tx, role) for role in missing][-1]


def name_in(language: Language) -> ColumnElement[str]:
    """Return the column of the accounts' names in ``language``; what has none in Chinese keeps its English one."""
    name = ledger_account.c.name
    return name if language == "en" else func.coalesce(ledger_account.c.name_zh, name).label("name")


def codes_now(connection: Connection) -> dict[str, str]:
    """Return the code of the account that plays each role, of those that were ever posted to."""
    return {row.role: row.code for row in connection.execute(_ROLES)}


def _opened(tx: Transaction, role: str) -> dict[str, str]:
    """Open the account of a role that is younger than the chart; a code that the company has used gets a suffix."""
    account = account_for(role, chosen(tx.connection)[1])
    for suffix in ("", *(f".{number}" for number in range(1, 10))):
        code = f"{account.code[: LONGEST_CODE - 2]}{suffix}" if suffix else account.code
        tx.connection.execute(_OPEN.on(tx.connection), _values(account) | {"code": code})
        known = codes_now(tx.connection)
        if role in known:
            return known
    raise AssertionError(f"there is no code left for {role}")


def _values(account: ChartAccount) -> dict[str, object]:
    return {
        "code": account.code,
        "name": account.name,
        "kind": account.kind,
        "name_zh": account.name_zh,
        "role": account.role,
        "parent": account.parent,
        "own": account.own,
    }


def to_account(row: Row[Any]) -> ChartAccount:
    """Return the account of a row of the table."""
    return ChartAccount(
        code=row.code,
        name=row.name,
        name_zh=row.name_zh or row.name,
        kind=row.kind,
        role=row.role,
        parent=row.parent,
        own=row.own,
    )


def chosen(connection: Connection) -> tuple[int, ChartName]:
    """Return the version and the name of the chart that was chosen; version 0: nobody did."""
    query = select(ledger_chart).order_by(ledger_chart.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (0, "basic") if row is None else (row.version, row.chart)


def has_entries(connection: Connection) -> bool:
    """Tell whether anything was ever booked."""
    return bool(connection.execute(select(exists(select(journal_entry.c.id)))).scalar_one())


def find(connection: Connection, code: str, *, locked: bool = False) -> ChartAccount | None:
    """Return an account of the ledger, its row locked until the end of the transaction if so asked."""
    query = select(ledger_account).where(ledger_account.c.code == code)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
    return None if row is None else to_account(row)


def all_accounts(connection: Connection) -> list[ChartAccount]:
    """Return the whole chart in the order of its codes."""
    query = select(ledger_account).order_by(ledger_account.c.code)
    return [to_account(row) for row in connection.execute(query)]


def add(connection: Connection, account: ChartAccount) -> bool:
    """Open an account; ``False`` when its code is taken."""
    return connection.execute(_OPEN.on(connection), _values(account)).rowcount == 1


def rename(connection: Connection, account: ChartAccount) -> None:
    """Store the names of an account, and which one is above it."""
    values = {"name": account.name, "name_zh": account.name_zh, "parent": account.parent}
    connection.execute(update(ledger_account).where(ledger_account.c.code == account.code).values(values))


def replace_all(tx: Transaction, version: int, chart: ChartName, accounts: Iterable[ChartAccount]) -> None:
    """Put the chart's own accounts in the place of those that there are, but for what the company has added."""
    connection = tx.connection
    connection.execute(delete(ledger_account).where(ledger_account.c.own.is_(False)))
    connection.execute(insert(ledger_account), [_values(each) for each in accounts])
    connection.execute(
        insert(ledger_chart).values(version=version, chart=chart, chosen_by=tx.cause.actor, chosen_at=tx.now)
    )
