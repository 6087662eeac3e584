"""Clocks of tickets: load, lock, add, save, and which of them have something to say."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from services.service_desk.domain.clock import PROMISES, Clock, Deadline
from services.service_desk.store.course_tables import ticket_clock

_PLAIN = ("ticket_id", "policy_version", "started_at", "paused_at")
_PARTS = tuple(field.name for field in fields(Deadline))


def read(row: Row[*tuple[Any, ...]]) -> Clock:
    """Return the clock in a row of its table."""
    response, resolution = (
        Deadline(**{part: getattr(row, f"{promise}_{part}") for part in _PARTS}) for promise in PROMISES
    )
    return Clock(**{name: getattr(row, name) for name in _PLAIN}, response=response, resolution=resolution)


def find(connection: Connection, ticket_id: str) -> Clock | None:
    """Return the clock of a ticket, or nothing: what was brought in from elsewhere has none."""
    row = connection.execute(select(ticket_clock).where(ticket_clock.c.ticket_id == ticket_id)).one_or_none()
    return None if row is None else read(row)


def lock(connection: Connection, ticket_id: str) -> Clock | None:
    """Return what ``find`` does, kept to this transaction; the ticket itself is locked before."""
    query = select(ticket_clock).where(ticket_clock.c.ticket_id == ticket_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else read(row)


def add(connection: Connection, new: Clock) -> None:
    """Store the clock of a ticket that was just opened."""
    connection.execute(insert(ticket_clock).values(**_values(new)))


def save(connection: Connection, changed: Clock) -> None:
    """Store the changed clock."""
    where = ticket_clock.c.ticket_id == changed.ticket_id
    connection.execute(update(ticket_clock).where(where).values(**_values(changed)))


def _values(clock: Clock) -> dict[str, Any]:
    values = {name: getattr(clock, name) for name in _PLAIN} | {"next_at": clock.next_at}
    for promise in PROMISES:
        values |= {f"{promise}_{part}": value for part, value in vars(getattr(clock, promise)).items()}
    return values
