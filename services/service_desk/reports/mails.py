"""Looking at mail that came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from libs.common.db import matches
from libs.common.db.types import Id, Utc
from services.service_desk.domain.mail import KeptMail, MailNotFound
from services.service_desk.store import mails
from services.service_desk.store.mail_tables import mail
from services.service_desk.store.mails import COLUMNS, read


def list_mails(
    connection: Connection, state: str | None, *, after: tuple[Any, ...] | None, limit: int
) -> list[KeptMail]:
    """Return up to ``limit`` mails of a state, or all, in the order in which they came."""
    query = select(*COLUMNS)
    if state is not None:
        query = query.where(matches(mail.c.state, state))
    if after is not None:
        at, mail_id = after
        place = tuple_(literal(at, Utc), literal(mail_id, Id))
        query = query.where(tuple_(mail.c.taken_at, mail.c.id) > place)
    rows = connection.execute(query.order_by(mail.c.taken_at, mail.c.id).limit(limit))
    return [read(row) for row in rows]


def one_mail(connection: Connection, mail_id: str) -> KeptMail:
    """Return a mail."""
    found = mails.find(connection, mail_id)
    if found is None:
        raise MailNotFound("there is no such mail")
    return found


def position_of(row: KeptMail) -> tuple[datetime, str]:
    """Return where a mail stands in the list."""
    return row.taken_at, row.id
