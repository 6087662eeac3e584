"""Expire open quotations whose last day has passed in the company's calendar."""

from __future__ import annotations

from datetime import date, timedelta

from libs.common.db import Database
from services.sales.domain.terms import Terms
from services.sales.use_cases.answer_quotation import expire_overdue

EVERY = timedelta(minutes=5)
BATCH = 100


def expire_quotations(database: Database, terms: Terms) -> int:
    """Expire them in transactions of bounded size and return how many there were."""
    today = terms.today(database.clock.now())
    total = 0
    while expired := _expire_batch(database, today):
        total += expired
    return total


def _expire_batch(database: Database, today: date) -> int:
    return database.transact(lambda tx: expire_overdue(tx, today, BATCH))
