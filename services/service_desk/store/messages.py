"""Messages and notes of tickets: add them, move them to where the ticket goes on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, insert, or_, select, update

from libs.common.db import Transaction
from services.service_desk.domain.conversation import Message, Note
from services.service_desk.store.talk_tables import ticket_message, ticket_note


def add(tx: Transaction, new: Message) -> None:
    """Store what was said to or by the customer."""
    tx.connection.execute(insert(ticket_message).values(**vars(new)))


def add_note(tx: Transaction, new: Note) -> None:
    """Store what the desk tells itself."""
    tx.connection.execute(insert(ticket_note).values(**vars(new)))


def is_of(connection: Connection, ticket_ids: Sequence[str], message_id: str) -> bool:
    """Tell whether a message stands on one of the tickets, or was said on one."""
    this = ticket_message.c
    on_them = or_(this.ticket_id.in_(ticket_ids), this.origin_ticket_id.in_(ticket_ids))
    query = select(this.id).where(this.id == message_id, on_them)
    return connection.execute(query).one_or_none() is not None


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
