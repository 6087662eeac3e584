"""Close tickets that were resolved two weeks ago and that nobody came back to."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.service_desk.use_cases.work_on_ticket import close_overdue_tickets

EVERY = timedelta(hours=1)
BATCH = 100


def close_resolved_tickets(database: Database) -> None:
    """Close every ticket whose time has come, a batch per transaction."""
    while database.transact(lambda tx: close_overdue_tickets(tx, BATCH)) == BATCH:
        continue
