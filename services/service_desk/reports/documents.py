"""Looking at what a ticket wants of other services."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from services.service_desk.domain.linked_document import LinkedDocument
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import documents


@dataclass(frozen=True)
class TicketDocuments:
    """What a ticket wants, and what became of it."""

    ticket_id: str
    documents: list[LinkedDocument]


def documents_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> TicketDocuments:
    """Return what a ticket wants; refuse one that the caller may not know of."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    return TicketDocuments(ticket_id, documents.of_ticket(connection, ticket_id))
