"""Mail that came in, and by which addresses customers are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, select, update

from libs.common.db import Transaction, upsert_into
from services.service_desk.domain.mail import KeptMail, MailState
from services.service_desk.store.mail_tables import known_address, mail

COLUMNS = tuple(mail.c[field.name] for field in fields(KeptMail))


def read(row: Row[Any]) -> KeptMail:
    """Return the mail in a row of ``COLUMNS``."""
    return KeptMail(**row._asdict())


def add(tx: Transaction, new: KeptMail) -> bool:
    """Store a mail; false when one with its Message-ID is there already, whoever brings it at the same moment."""
    statement = upsert_into(tx.connection, mail).values(**vars(new))
    statement = statement.on_conflict_do_nothing(index_elements=["message_id"]).returning(mail.c.id)
    return tx.connection.execute(statement).one_or_none() is not None


def become(tx: Transaction, changed: KeptMail, before: MailState) -> bool:
    """Store what became of a mail, if it is still in the state ``before``."""
    statement = update(mail).where(mail.c.id == changed.id, mail.c.state == before)
    return tx.connection.execute(statement.values(**vars(changed))).rowcount == 1


def find(connection: Connection, mail_id: str) -> KeptMail | None:
    """Return a mail, or nothing."""
    row = connection.execute(select(*COLUMNS).where(mail.c.id == mail_id)).one_or_none()
    return None if row is None else read(row)


def by_message_id(connection: Connection, message_id: str) -> KeptMail | None:
    """Return the mail with a Message-ID, or nothing."""
    row = connection.execute(select(*COLUMNS).where(mail.c.message_id == message_id)).one_or_none()
    return None if row is None else read(row)


def ticket_of(connection: Connection, message_ids: Sequence[str]) -> str | None:
    """Return the ticket of the first of these mails that has one, or nothing."""
    query = select(mail.c.message_id, mail.c.ticket_id).where(mail.c.message_id.in_(message_ids[:50]))
    found = {row.message_id: row.ticket_id for row in connection.execute(query) if row.ticket_id is not None}
    return next((found[each] for each in message_ids if each in found), None)


def put_address(tx: Transaction, subject_id: str, customer_id: str, address: str, name: str | None) -> None:
    """Store by which address somebody writes; said again, the latest word counts."""
    values = {"customer_id": customer_id, "address": address.strip().lower(), "name": name}
    statement = upsert_into(tx.connection, known_address).values(subject_id=subject_id, **values)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["subject_id"], set_=values))


def customers_by_address(connection: Connection, address: str) -> list[str]:
    """Return the customers that are known by an address: none, one or several."""
    query = select(known_address.c.customer_id).where(known_address.c.address == address).distinct()
    return sorted(connection.execute(query).scalars())
