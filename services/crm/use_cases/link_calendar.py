"""Make a link for programs that show calendars, and take it back."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.ids import secret_digest
from services.crm.domain.lead_errors import CalendarClosed
from services.crm.store import calendars


def link_calendar(tx: Transaction, user_id: str, token: str) -> None:
    """Let ``token`` open somebody's calendar; the link before it opens nothing any more."""
    calendars.put(tx, user_id, secret_digest(token))


def close_calendar(tx: Transaction, user_id: str) -> None:
    """Let no link open somebody's calendar any more."""
    if not calendars.drop(tx, user_id):
        raise CalendarClosed("there is no link to your calendar")
