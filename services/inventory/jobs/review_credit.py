"""Look which notes need finance's yes by now, which do not any more, and what waited too long for it."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.inventory.use_cases.ask_credit import BATCH, escalate_credit, review_notes

EVERY = timedelta(seconds=20)


def review_credit(database: Database) -> None:
    """Do so in transactions of bounded size, as long as a full one was needed."""
    while database.transact(review_notes) >= BATCH:
        pass
    while database.transact(escalate_credit) >= BATCH:
        pass
