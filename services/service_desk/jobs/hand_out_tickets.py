"""Hand out tickets that came while nobody of their queue was on duty."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.service_desk.reports.roster import nobodys_tickets
from services.service_desk.use_cases.share_work import hand_out

EVERY = timedelta(minutes=5)
BATCH = 200


def hand_out_tickets(database: Database, zone: ZoneInfo) -> None:
    """Hand out ticket by ticket, the most urgent first, each in its own transaction, by the company's day."""
    now = database.clock.now()
    today = now.astimezone(zone).date()
    while some := database.read(partial(nobodys_tickets, now=now, today=today, limit=BATCH)):
        given = [_hand_out(database, ticket_id, today) for ticket_id in some]
        if not any(given):
            return


def _hand_out(database: Database, ticket_id: str, today: date) -> bool:
    return database.transact(lambda tx: hand_out(tx, ticket_id, today))
