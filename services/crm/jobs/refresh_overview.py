"""Work out the overview of customers of whom something was heard, and of every one once a day."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.crm.domain.overview import Window, window_of
from services.crm.reports.overview import customers_to_look_at, misplaced_customers
from services.crm.use_cases.refresh_overview import rank_customers, refresh_overview

EVERY = timedelta(seconds=5)
BATCH = 200
AT_ONCE = 20
"""Batches in a run: a day begins with all customers, and none should wait for hours."""


def refresh_customers(database: Database, zone: ZoneInfo) -> int:
    """Work out customers, some hundred in a transaction, then the place of each, and return how many there were."""
    window = window_of(database.clock.now(), zone)
    done = 0
    for _ in range(AT_ONCE):
        found = _some(database, window)
        done += found
        if found < BATCH:
            break
    if done:
        _rank(database)
    return done


def _rank(database: Database) -> None:
    """Compare all customers before the transaction begins, so that nobody waits for it."""
    places = database.read(misplaced_customers)
    if places:
        database.transact(lambda tx: rank_customers(tx, places))


def _some(database: Database, window: Window) -> int:
    due = database.read(lambda connection: customers_to_look_at(connection, window.today, BATCH))
    if not due:
        return 0
    return int(database.transact(lambda tx: refresh_overview(tx, due, window)))
