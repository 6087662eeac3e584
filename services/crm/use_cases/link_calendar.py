"""Make a link for programs that show calendars, and take it back."""

from __future__ import annotations

from sqlalchemy import delete

from libs.common.db import Transaction, upsert_into
from services.crm.domain.calendar import digest
from services.crm.domain.lead_errors import CalendarClosed
from services.crm.store.team_tables import calendar_link


def link_calendar(tx: Transaction, user_id: str, token: str) -> None:
    """Let ``token`` open somebody's calendar; the link before it opens nothing any more."""
    values = {"token_hash": digest(token), "created_at": tx.now}
    statement = upsert_into(tx.connection, calendar_link).values(user_id=user_id, **values)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


def close_calendar(tx: Transaction, user_id: str) -> None:
    """Let no link open somebody's calendar any more."""
    mine = delete(calendar_link).where(calendar_link.c.user_id == user_id)
    if tx.connection.execute(mine).rowcount == 0:
        raise CalendarClosed("there is no link to your calendar")
