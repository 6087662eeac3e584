"""Messages and notes of tickets: add them, move them to where the ticket goes on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, insert, select, update

from libs.common.db import Transaction
from services.service_desk.domain.conversation import Message, Note
from services.service_desk.store.talk_tables import ticket_message, ticket_note


def add(tx: Transaction, new: Message) -> None:
    """Store what was said to or by the customer."""
    tx.connection.execute(insert(ticket_message).values(**vars(new)))


def add_note(tx: Transaction, new: Note) -> None:
    """Store what the desk tells itself."""
    tx.connection.execute(insert(ticket_note).values(**vars(new)))


def find(connection: Connection, ticket_id: str, message_id: str) -> Message | None:
    """Return a message that stands on the ticket, or nothing."""
    here = (ticket_message.c.id == message_id) & (ticket_message.c.ticket_id == ticket_id)
    row = connection.execute(select(ticket_message).where(here)).one_or_none()
    return None if row is None else Message(**row._asdict())


def move_all(tx: Transaction, from_id: str, to_id: str) -> None:
    """Let everything that stands on a ticket stand on another one; where it was said stays known."""
    for table in (ticket_message, ticket_note):
        _move(tx, table, from_id, to_id)


def _move(tx: Transaction, table: Table, from_id: str, to_id: str) -> None:
    tx.connection.execute(update(table).where(table.c.ticket_id == from_id).values(ticket_id=to_id))


def move_some(tx: Transaction, message_ids: Sequence[str], from_id: str, to_id: str) -> int:
    """Let these messages stand on another ticket; return how many of them stood on the first."""
    here = (ticket_message.c.ticket_id == from_id) & ticket_message.c.id.in_(sorted(message_ids))
    return tx.connection.execute(update(ticket_message).where(here).values(ticket_id=to_id)).rowcount
