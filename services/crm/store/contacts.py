"""Contacts: add, and find by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from services.crm.domain.customer import Contact
from services.crm.domain.identity import Key
from services.crm.store import known
from services.crm.store.lead_tables import known_by
from services.crm.store.tables import contact


def add(connection: Connection, new: Contact, now: datetime) -> None:
    """Store a new contact."""
    connection.execute(insert(contact).values(**vars(new), created_at=now))
    known.note_contact(connection, new)


def known_by_mail(connection: Connection, customer_id: str, keys: Iterable[Key]) -> str | None:
    """Return the customer's contact that has the mail of ``keys``, the oldest, or nothing."""
    values = [key.value for key in keys if key.kind == "email"]
    query = select(known_by.c.contact_id).where(
        known_by.c.customer_id == customer_id,
        known_by.c.contact_id.is_not(None),
        known_by.c.kind == "email",
        known_by.c.value.in_(values),
    )
    found = connection.execute(query.order_by(known_by.c.contact_id).limit(1)).scalar_one_or_none()
    return None if found is None else str(found)
