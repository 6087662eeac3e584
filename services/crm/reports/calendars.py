"""What somebody is to do, as a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from libs.common.ids import secret_digest
from services.crm.domain.calendar import Entry
from services.crm.domain.lead_errors import CalendarClosed
from services.crm.reports.activities import due_of
from services.crm.store.team_tables import calendar_link

PAST = timedelta(days=30)
MOST = 1000


def entries_of(connection: Connection, user_id: str, now: datetime) -> list[Entry]:
    """Return what is due for somebody and not done yet, from a month ago on."""
    rows = due_of(connection, user_id, now - PAST, limit=MOST)
    return [
        Entry(
            id=row.id,
            kind=row.kind,
            subject=row.subject,
            about=row.customer_name or row.lead_name or "",
            body=row.body,
            due_at=row.due_at,
            written_at=row.created_at,
            version=row.version,
        )
        for row in rows
        if row.due_at is not None
    ]


def user_of(connection: Connection, token: str) -> str:
    """Return whose calendar a link opens; refuse one that opens none."""
    query = select(calendar_link.c.user_id).where(calendar_link.c.token_hash == secret_digest(token))
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise CalendarClosed("this link opens no calendar")
    return str(found)
