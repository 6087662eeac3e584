"""Hand holds that outlived their deadline to the sales manager."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.sales.use_cases.hold_order import escalate_overdue

EVERY = timedelta(seconds=20)
BATCH = 50


def escalate_holds(database: Database) -> int:
    """Escalate them in transactions of bounded size and return how many there were."""
    total = 0
    while escalated := database.transact(lambda tx: escalate_overdue(tx, BATCH)):
        total += escalated
    return total
