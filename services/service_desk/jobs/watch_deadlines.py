"""Tell of deadlines of tickets that are near, or were missed, each once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from libs.common.db import Database
from services.service_desk.reports.deadlines import clocks_with_news
from services.service_desk.use_cases.run_clock import look_at_clock

EVERY = timedelta(minutes=1)
BATCH = 200


def watch_deadlines(database: Database) -> None:
    """Look at every clock of which there is news, ticket by ticket, each in its own transaction."""
    while some := database.read(partial(clocks_with_news, now=database.clock.now(), limit=BATCH)):
        told = [_look(database, ticket_id) for ticket_id in some]
        if not any(told):
            return


def _look(database: Database, ticket_id: str) -> bool:
    return database.transact(lambda tx: look_at_clock(tx, ticket_id))
