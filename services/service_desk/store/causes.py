"""What opened tickets by itself: each happening once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from libs.common.db import Upsert
from services.service_desk.domain.cause import Happening
from services.service_desk.store.course_tables import ticket_cause

_CLAIM = Upsert(
    ticket_cause,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["cause", "about"]).returning(
        ticket_cause.c.ticket_id
    ),
)


@dataclass(frozen=True)
class OpenedBy:
    """What opened a ticket by itself, and the document that it hangs on."""

    cause: str
    document_id: str
    document_number: str


def claim(connection: Connection, happening: Happening, ticket_id: str) -> bool:
    """Let a ticket be the one of what happened; false when there is one already. The ticket is added right after."""
    values = {
        "cause": happening.cause,
        "about": happening.about,
        "ticket_id": ticket_id,
        "document_id": happening.document_id,
        "document_number": happening.document_number,
    }
    return connection.execute(_CLAIM.on(connection), values).one_or_none() is not None


def of_ticket(connection: Connection, ticket_id: str) -> OpenedBy | None:
    """Return what opened a ticket, or nothing: somebody did."""
    this = ticket_cause.c
    query = select(this.cause, this.document_id, this.document_number).where(this.ticket_id == ticket_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else OpenedBy(**row._asdict())
