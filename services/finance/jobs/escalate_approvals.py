"""Ask further people about approvals of finance that nobody answered in time."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.finance.use_cases.decide_approval import escalate_overdue

EVERY = timedelta(seconds=30)
BATCH = 50


def escalate_approvals(database: Database) -> int:
    """Escalate them in transactions of bounded size and return how many steps there were."""
    total = 0
    while escalated := database.transact(lambda tx: escalate_overdue(tx, BATCH)):
        total += escalated
    return total
