"""Looking at what was said on a ticket. What the customer may read and what he may not are asked for apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, literal, or_, select, tuple_

from libs.common.db import Prepared
from libs.common.db.types import Id, Utc
from services.service_desk.domain.conversation import Message, Note
from services.service_desk.domain.relation import Relation
from services.service_desk.domain.routing import require_worker_of
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import relations
from services.service_desk.store.tables import ticket
from services.service_desk.store.talk_tables import ticket_message, ticket_note


def list_messages(
    connection: Connection,
    ticket_id: str,
    *,
    only_owner: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Message]:
    """Return up to ``limit`` messages of a ticket that the caller may see, in order of time, after a position."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    return messages_of(connection, [ticket_id], after=after, limit=limit)


def messages_of(
    connection: Connection, ticket_ids: Sequence[str], *, after: tuple[Any, ...] | None, limit: int
) -> list[Message]:
    """Return up to ``limit`` messages that stand on the tickets, or were said on them before they were moved."""
    rows = connection.execute(_in_order(ticket_message, ticket_ids, after).limit(limit))
    return [Message(**row._asdict()) for row in rows]


def list_notes(
    connection: Connection,
    ticket_id: str,
    roles: frozenset[str],
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Note]:
    """Return up to ``limit`` notes of a ticket to somebody who works on its queue, in order of time."""
    found = one_ticket(connection, ticket_id, only_owner=None)
    require_worker_of(found.queue, roles)
    rows = connection.execute(_in_order(ticket_note, [ticket_id], after).limit(limit))
    return [Note(**row._asdict()) for row in rows]


def position_of(row: Message | Note) -> tuple[datetime, str]:
    """Return where a message or note stands in its list."""
    return row.at, row.id


def relations_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> list[Relation]:
    """Return what a ticket that the caller may see hangs together with."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    return list(relations.of_ticket(connection, ticket_id))


_LATEST = Prepared(
    select(ticket_message)
    .join(ticket, ticket.c.id == ticket_message.c.ticket_id)
    .where(ticket.c.customer_id == bindparam("of_customer"))
    .order_by(ticket_message.c.at.desc(), ticket_message.c.id.desc())
    .limit(bindparam("most"))
)


def latest_messages(connection: Connection, customer_id: str, limit: int) -> list[Message]:
    """Return the last messages on all tickets of a customer, the latest first."""
    rows = connection.execute(_LATEST, {"of_customer": customer_id, "most": limit})
    return [Message(**row._asdict()) for row in rows]


def _in_order(table: Table, ticket_ids: Sequence[str], after: tuple[Any, ...] | None) -> Select[Any]:
    this = table.c
    query = select(table).where(or_(this.ticket_id.in_(ticket_ids), this.origin_ticket_id.in_(ticket_ids)))
    if after is not None:
        at, row_id = after
        query = query.where(tuple_(this.at, this.id) > tuple_(literal(at, Utc), literal(row_id, Id)))
    return query.order_by(this.at, this.id)
