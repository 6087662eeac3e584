"""Looking at activities: what is to be done, and what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from services.crm.domain.activity import Activity
from services.crm.store import activities
from services.crm.store.activity_tables import activity
from services.crm.store.tables import customer


@dataclass(frozen=True)
class ActivitySearch:
    """What to look for; ``done`` is whether it is done, ``due_until`` bounds when it is due."""

    customer_id: str | None = None
    opportunity_id: str | None = None
    owner_id: str | None = None
    kind: str | None = None
    done: bool | None = None
    due_until: datetime | None = None
    only_owner: str | None = None


@dataclass(frozen=True)
class ActivityRow(Activity):
    """An activity with what its customer is called."""

    customer_number: str = ""
    customer_name: str = ""


def one_activity(connection: Connection, activity_id: str) -> ActivityRow:
    """Return an activity that exists."""
    return _read(connection.execute(_rows().where(activity.c.id == activity_id)).one())


def list_activities(
    connection: Connection, wanted: ActivitySearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[ActivityRow]:
    """Return up to ``limit`` activities, the latest written first, those after ``after``."""
    statement = _rows().where(*_conditions(wanted))
    if after is not None:
        (activity_id,) = after
        statement = statement.where(activity.c.id < activity_id)
    return [_read(row) for row in connection.execute(statement.order_by(activity.c.id.desc()).limit(limit))]


def _conditions(wanted: ActivitySearch) -> list[ColumnElement[bool]]:
    named = ("customer_id", "opportunity_id", "owner_id", "kind")
    found = [activity.c[name] == getattr(wanted, name) for name in named if getattr(wanted, name) is not None]
    if wanted.done is not None:
        found.append(activity.c.done_at.is_not(None) if wanted.done else activity.c.done_at.is_(None))
    if wanted.due_until is not None:
        found.append(activity.c.due_at <= wanted.due_until)
    if wanted.only_owner is not None:
        found.append(customer.c.owner_id == wanted.only_owner)
    return found


def _rows() -> Any:
    names = (customer.c.number.label("customer_number"), customer.c.name.label("customer_name"))
    return select(*activities.COLUMNS, *names).join(customer, customer.c.id == activity.c.customer_id)


def _read(row: Any) -> ActivityRow:
    return ActivityRow(
        **vars(activities.read(row)), customer_number=row.customer_number, customer_name=row.customer_name
    )
