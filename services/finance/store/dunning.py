"""Dunning in its tables: the policy's versions, how each invoice was reminded of, and the reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, insert, or_, select

from libs.common.db import Transaction, Upsert
from libs.common.money import Money
from services.finance.domain.dunning import FIRST_POLICY, DunningLevel, DunningPolicy, Overdue, ReminderLine
from services.finance.store.dues import DUE_ON, IS_OPEN, OPEN, WITH_PARTS
from services.finance.store.tables import dunning_policy, dunning_state, invoice, reminder, reminder_line

_RAISE = Upsert(
    dunning_state,
    lambda given: given.on_conflict_do_update(
        index_elements=["invoice_id"],
        set_={"level": given.excluded.level, "reminded_on": given.excluded.reminded_on},
    ),
)
_PAUSE = Upsert(
    dunning_state,
    lambda given: given.on_conflict_do_update(
        index_elements=["invoice_id"],
        set_={"paused_until": given.excluded.paused_until, "pause_reason": given.excluded.pause_reason},
    ),
)


@dataclass(frozen=True)
class Reminder:
    """What a customer was reminded of on a day."""

    reminder_id: str
    number: str
    customer_id: str
    level: int
    policy_version: int
    issued_on: date
    total: Money
    lines: tuple[ReminderLine, ...]


def policy(connection: Connection) -> DunningPolicy:
    """Return the policy that applies now: the last that was set, or the one that comes with the product."""
    query = select(dunning_policy).order_by(dunning_policy.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return FIRST_POLICY
    levels = tuple(DunningLevel(**level) for level in row.levels)
    return DunningPolicy(row.version, levels, row.days_between, row.automatic)


def add_policy(connection: Connection, new: DunningPolicy, by: str | None, at: datetime) -> None:
    """Store the next version; one that another has stored meanwhile breaks the key."""
    connection.execute(
        insert(dunning_policy).values(
            version=new.version,
            levels=[vars(level) for level in new.levels],
            days_between=new.days_between,
            automatic=new.automatic,
            set_by=by,
            set_at=at,
        )
    )


def _overdue_rows(today: date) -> Select[Any]:
    """Select the invoices of which something is past due, with what, since when, and how they were reminded of.

    An instalment that fell due after the last reminder begins with the first level again.
    """
    due_on = func.min(DUE_ON)
    again = case((due_on >= dunning_state.c.reminded_on, 1), else_=0) == 1
    return (
        select(
            invoice.c.customer_id,
            invoice.c.id,
            invoice.c.number,
            invoice.c.order_number,
            due_on.label("due_on"),
            func.sum(OPEN).label("open_minor"),
            invoice.c.currency,
            case((again, 0), else_=func.coalesce(dunning_state.c.level, 0)).label("level"),
            case((again, None), else_=dunning_state.c.reminded_on).label("reminded_on"),
            dunning_state.c.paused_until,
        )
        .select_from(WITH_PARTS.outerjoin(dunning_state, dunning_state.c.invoice_id == invoice.c.id))
        .where(IS_OPEN, today > DUE_ON)
        .group_by(
            invoice.c.id, dunning_state.c.level, dunning_state.c.reminded_on, dunning_state.c.paused_until
        )
    )


def overdue_of(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, list[Overdue]]:
    """Return what each of the customers has open past its due day."""
    found: dict[str, list[Overdue]] = {customer_id: [] for customer_id in customer_ids}
    query = _overdue_rows(today).where(invoice.c.customer_id.in_(customer_ids))
    for row in connection.execute(query):
        found[row.customer_id].append(_overdue(row))
    return found


def _overdue(row: Row[Any]) -> Overdue:
    return Overdue(
        invoice_id=row.id,
        number=row.number,
        order_number=row.order_number,
        due_on=row.due_on,
        open=Money(int(row.open_minor), row.currency),
        level=row.level,
        reminded_on=row.reminded_on,
        paused_until=row.paused_until,
    )


def customers_to_remind(
    connection: Connection, rule: DunningPolicy, today: date, *, after: str | None, limit: int
) -> list[str]:
    """Return customers with an invoice that gets its next reminder today, in the order of their ids.

    The same rule as ``DunningPolicy.next_level``, said to the database.
    """
    late = _overdue_rows(today).subquery()
    is_time = or_(*(_at_level(late, number, level, today) for number, level in enumerate(rule.levels)))
    rested = or_(
        late.c.reminded_on.is_(None), late.c.reminded_on <= today - timedelta(days=rule.days_between)
    )
    awake = or_(late.c.paused_until.is_(None), late.c.paused_until < today)
    query = select(late.c.customer_id).where(is_time, rested, awake).distinct()
    if after is not None:
        query = query.where(late.c.customer_id > after)
    return list(connection.execute(query.order_by(late.c.customer_id).limit(limit)).scalars())


def _at_level(late: Any, reached: int, following: DunningLevel, today: date) -> ColumnElement[bool]:
    due = late.c.due_on <= today - timedelta(days=following.after_days)
    return and_(late.c.level == reached, due)


def add(tx: Transaction, new: Reminder) -> None:
    """Store a reminder with its lines, and note on each invoice that was raised how far it is now."""
    tx.connection.execute(
        insert(reminder).values(
            id=new.reminder_id,
            number=new.number,
            customer_id=new.customer_id,
            currency=new.total.currency,
            level=new.level,
            policy_version=new.policy_version,
            issued_on=new.issued_on,
            total_minor=new.total.minor,
            issued_by=tx.cause.actor,
            created_at=tx.now,
        )
    )
    tx.connection.execute(insert(reminder_line), [_line_values(new.reminder_id, line) for line in new.lines])
    raised = [
        {"invoice_id": line.invoice_id, "level": line.level, "reminded_on": new.issued_on}
        for line in new.lines
        if line.raised
    ]
    tx.connection.execute(_RAISE.on(tx.connection), raised)


def _line_values(reminder_id: str, line: ReminderLine) -> dict[str, Any]:
    return {
        "reminder_id": reminder_id,
        "invoice_id": line.invoice_id,
        "due_on": line.due_on,
        "days_overdue": line.days_overdue,
        "open_minor": line.open.minor,
        "level": line.level,
        "raised": line.raised,
    }


def pause(connection: Connection, invoice_id: str, until: date | None, reason: str | None) -> None:
    """Leave an invoice alone up to and including ``until``; ``None`` ends the pause."""
    values = {"invoice_id": invoice_id, "level": 0, "paused_until": until, "pause_reason": reason}
    connection.execute(_PAUSE.on(connection), values)
