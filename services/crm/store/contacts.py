"""Contacts: add."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from services.crm.domain.customer import Contact
from services.crm.store import known
from services.crm.store.tables import contact


def add(connection: Connection, new: Contact, now: datetime) -> None:
    """Store a new contact."""
    connection.execute(insert(contact).values(**vars(new), created_at=now))
    known.note_contact(connection, new)
