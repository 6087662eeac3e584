"""Reminders: whom it is time to remind and of what, and what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.errors import NotFound
from libs.common.money import Money
from services.finance.domain.dunning import DunningPolicy, ReminderLine, lines_of
from services.finance.domain.letters import Language, Letter, write_letter
from services.finance.reports.paging import Position, page_of
from services.finance.store import dunning
from services.finance.store.tables import account, invoice, reminder, reminder_line
from services.finance.store.teams import SIGHT


class ReminderNotFound(NotFound):
    """No reminder has this id, or the caller may not know of it."""

    code = "reminder_not_found"


@dataclass(frozen=True)
class Proposal:
    """A customer whom it is time to remind, and what the reminder would say."""

    customer_id: str
    customer_number: str
    customer_name: str
    level: int
    stops_credit: bool
    total: Money
    lines: tuple[ReminderLine, ...]


@dataclass(frozen=True)
class ReminderSearch:
    """Which reminders are looked for; ``only_owner`` limits them to one salesperson's customers."""

    customer_id: str | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class ReminderView:
    """A reminder that was issued."""

    id: str
    number: str
    customer_id: str
    customer_number: str
    customer_name: str
    level: int
    policy_version: int
    issued_on: date
    total: Money
    lines: tuple[ReminderLine, ...]


def policy_now(connection: Connection) -> DunningPolicy:
    """Return the policy that applies now."""
    return dunning.policy(connection)


def proposals(connection: Connection, today: date, *, after: Position | None, limit: int) -> list[Proposal]:
    """Return whom it is time to remind today, in the order of their ids."""
    rule = dunning.policy(connection)
    last = None if after is None else str(after[0])
    chosen = dunning.customers_to_remind(connection, rule, today, after=last, limit=limit)
    overdue = dunning.overdue_of(connection, chosen, today)
    named = _names(connection, chosen)
    found = []
    for customer_id in chosen:
        lines = lines_of(rule, overdue[customer_id], today)
        if not lines:  # paid between the two looks
            continue
        level = max(line.level for line in lines)
        total = Money.total((line.open for line in lines), lines[0].open.currency)
        stops = rule.stops_credit(min(level, len(rule.levels)))
        found.append(Proposal(customer_id, *named[customer_id], level, stops, total, lines))
    return found


def _names(connection: Connection, customer_ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    query = select(account.c.customer_id, account.c.number, account.c.name)
    rows = connection.execute(query.where(account.c.customer_id.in_(customer_ids)))
    return {row.customer_id: (row.number, row.name) for row in rows}


_QUERY: Select[Any] = select(
    reminder,
    account.c.number.label("customer_number"),
    account.c.name.label("customer_name"),
    account.c.owner_id,
).join(account, account.c.customer_id == reminder.c.customer_id)


def list_reminders(
    connection: Connection, wanted: ReminderSearch, *, after: Position | None, limit: int
) -> list[ReminderView]:
    """Return reminders with their lines, newest first."""
    query = _QUERY
    if wanted.customer_id is not None:
        query = query.where(reminder.c.customer_id == wanted.customer_id)
    if wanted.only_owner is not None:
        query = query.where(SIGHT.holds(account.c.owner_id, wanted.only_owner))
    rows = page_of(connection, query, reminder.c.id, after, limit)
    lines = _lines(connection, rows)
    return [_view(row, lines[row.id]) for row in rows]


def one_reminder(connection: Connection, reminder_id: str, *, only_owner: str | None = None) -> ReminderView:
    """Return the reminder; refuse one that the caller may not know of."""
    row = connection.execute(_QUERY.where(reminder.c.id == reminder_id)).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise ReminderNotFound(
            f"there is no reminder {reminder_id}", cure="choose one from GET /api/v1/dunning/reminders"
        )
    return _view(row, _lines(connection, [row])[row.id])


def letter_of(
    connection: Connection, reminder_id: str, language: Language, *, only_owner: str | None = None
) -> Letter:
    """Return the letter that goes with a reminder, in ``language``."""
    shown = one_reminder(connection, reminder_id, only_owner=only_owner)
    return write_letter(
        language, shown.number, shown.customer_name, shown.level, shown.issued_on, shown.total, shown.lines
    )


def _lines(connection: Connection, reminders: Sequence[Row[Any]]) -> dict[str, list[ReminderLine]]:
    currencies = {row.id: row.currency for row in reminders}
    query = (
        select(reminder_line, invoice.c.number, invoice.c.order_number)
        .join(invoice, invoice.c.id == reminder_line.c.invoice_id)
        .where(reminder_line.c.reminder_id.in_(list(currencies)))
        .order_by(reminder_line.c.due_on, invoice.c.number)
    )
    found: dict[str, list[ReminderLine]] = defaultdict(list)
    for row in connection.execute(query):
        line = ReminderLine(
            invoice_id=row.invoice_id,
            number=row.number,
            order_number=row.order_number,
            due_on=row.due_on,
            days_overdue=row.days_overdue,
            open=Money(row.open_minor, currencies[row.reminder_id]),
            level=row.level,
            raised=row.raised,
        )
        found[row.reminder_id].append(line)
    return found


def _view(row: Row[Any], lines: Sequence[ReminderLine]) -> ReminderView:
    return ReminderView(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        customer_number=row.customer_number,
        customer_name=row.customer_name,
        level=row.level,
        policy_version=row.policy_version,
        issued_on=row.issued_on,
        total=Money(row.total_minor, row.currency),
        lines=tuple(lines),
    )
