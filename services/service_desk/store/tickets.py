"""Tickets: load, lock, add, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from libs.common.db import upsert_into
from libs.common.errors import VersionMismatch
from services.service_desk.domain.ticket import Ticket
from services.service_desk.store.tables import ticket

COLUMNS = tuple(ticket.c[field.name] for field in fields(Ticket))


def read(row: Row[*tuple[Any, ...]]) -> Ticket:
    """Return the ticket in a row of ``COLUMNS``."""
    return Ticket(**row._asdict())


def lock(connection: Connection, ticket_id: str) -> Ticket | None:
    """Return the ticket, or nothing, and keep it to this transaction."""
    row = connection.execute(select(*COLUMNS).where(ticket.c.id == ticket_id).with_for_update()).one_or_none()
    return read(row) if row else None


def lock_resolved_before(connection: Connection, moment: datetime, limit: int) -> Sequence[Ticket]:
    """Return up to ``limit`` tickets that were resolved before ``moment``, and keep them to this transaction.

    Those that somebody else holds just now are left for the next time.
    """
    overdue = select(*COLUMNS).where(ticket.c.state == "resolved", ticket.c.resolved_at < moment)
    statement = overdue.order_by(ticket.c.id).limit(limit).with_for_update(skip_locked=True)
    return [read(row) for row in connection.execute(statement)]


def id_of(connection: Connection, number: str) -> str | None:
    """Return the ticket with a number, or nothing."""
    return connection.execute(select(ticket.c.id).where(ticket.c.number == number)).scalar_one_or_none()


def add(connection: Connection, new: Ticket, now: datetime) -> bool:
    """Store a new ticket; false when its number is taken."""
    statement = upsert_into(connection, ticket).values(**vars(new), updated_at=now)
    statement = statement.on_conflict_do_nothing(index_elements=["number"]).returning(ticket.c.id)
    return connection.execute(statement).one_or_none() is not None


def save(connection: Connection, changed: Ticket, now: datetime) -> Ticket:
    """Store the changed ticket as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1, "updated_at": now}
    statement = (
        update(ticket).where(ticket.c.id == changed.id, ticket.c.version == changed.version).values(**values)
    )
    if connection.execute(statement).rowcount != 1:
        raise VersionMismatch(
            f"ticket {changed.number} was changed meanwhile", cure="read it again and repeat"
        )
    return replace(changed, version=changed.version + 1)
