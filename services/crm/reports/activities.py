"""Looking at activities: what is to be done, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, select

from libs.common.db import Prepared
from services.crm.domain.activity import Activity
from services.crm.domain.sight import Owners
from services.crm.store import activities
from services.crm.store.activity_tables import activity
from services.crm.store.lead_tables import lead
from services.crm.store.tables import customer

OWNER = case((activity.c.customer_id.is_(None), lead.c.owner_id), else_=customer.c.owner_id)
"""Whose an activity is to see: the customer's salesperson; while there is only a lead, the lead's."""


@dataclass(frozen=True)
class ActivitySearch:
    """What to look for; ``done`` is whether it is done, ``due_until`` bounds when it is due."""

    customer_id: str | None = None
    opportunity_id: str | None = None
    owner_id: str | None = None
    kind: str | None = None
    done: bool | None = None
    due_until: datetime | None = None
    lead_id: str | None = None
    owners: Owners = None


@dataclass(frozen=True)
class ActivityRow(Activity):
    """An activity with what its customer and its lead are called."""

    customer_number: str | None = None
    customer_name: str | None = None
    lead_number: str | None = None
    lead_name: str | None = None


def one_activity(connection: Connection, activity_id: str) -> ActivityRow:
    """Return an activity that exists."""
    return _read(connection.execute(_rows().where(activity.c.id == activity_id)).one())


def next_activity(connection: Connection, customer_id: str) -> ActivityRow | None:
    """Return what is due first with a customer, or nothing."""
    row = connection.execute(_NEXT, {"of_customer": customer_id}).one_or_none()
    return None if row is None else _read(row)


def latest_done(connection: Connection, customer_id: str, limit: int) -> list[ActivityRow]:
    """Return up to ``limit`` activities with a customer that are done, the latest written first."""
    rows = connection.execute(_LATEST_DONE, {"of_customer": customer_id, "most": limit})
    return [_read(row) for row in rows]


def list_activities(
    connection: Connection, wanted: ActivitySearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[ActivityRow]:
    """Return up to ``limit`` activities, the latest written first, those after ``after``."""
    statement = _rows().where(*_conditions(wanted))
    if after is not None:
        (activity_id,) = after
        statement = statement.where(activity.c.id < activity_id)
    return [_read(row) for row in connection.execute(statement.order_by(activity.c.id.desc()).limit(limit))]


def due_of(connection: Connection, user_id: str, since: datetime, *, limit: int) -> list[ActivityRow]:
    """Return up to ``limit`` things that somebody has still to do, due after ``since``, the earliest first.

    Whatever is given to them they may see: it says whose customer or lead it is about, and no more.
    """
    mine = (activity.c.owner_id == user_id, activity.c.done_at.is_(None), activity.c.due_at > since)
    statement = _rows().where(*mine).order_by(activity.c.due_at, activity.c.id).limit(limit)
    return [_read(row) for row in connection.execute(statement)]


def _conditions(wanted: ActivitySearch) -> list[ColumnElement[bool]]:
    named = ("customer_id", "opportunity_id", "owner_id", "kind", "lead_id")
    found = [activity.c[name] == getattr(wanted, name) for name in named if getattr(wanted, name) is not None]
    if wanted.done is not None:
        found.append(activity.c.done_at.is_not(None) if wanted.done else activity.c.done_at.is_(None))
    if wanted.due_until is not None:
        found.append(activity.c.due_at <= wanted.due_until)
    if wanted.owners is not None:
        found.append(OWNER.in_(wanted.owners))
    return found


def _rows() -> Any:
    names = (
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        lead.c.number.label("lead_number"),
        lead.c.company_name.label("lead_name"),
    )
    statement = select(*activities.COLUMNS, *names)
    statement = statement.outerjoin(customer, customer.c.id == activity.c.customer_id)
    return statement.outerjoin(lead, lead.c.id == activity.c.lead_id)


_OF_CUSTOMER = activity.c.customer_id == bindparam("of_customer")
_NEXT = Prepared(
    _rows()
    .where(_OF_CUSTOMER, activity.c.done_at.is_(None), activity.c.due_at.is_not(None))
    .order_by(activity.c.due_at, activity.c.id)
    .limit(1)
)
_LATEST_DONE = Prepared(
    _rows()
    .where(_OF_CUSTOMER, activity.c.done_at.is_not(None))
    .order_by(activity.c.id.desc())
    .limit(bindparam("most"))
)


def _read(row: Any) -> ActivityRow:
    names = ("customer_number", "customer_name", "lead_number", "lead_name")
    return ActivityRow(**vars(activities.read(row)), **{name: getattr(row, name) for name in names})
