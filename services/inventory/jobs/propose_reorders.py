"""Look at every reorder point, and ask for what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.inventory.reports.supply import reorder_keys
from services.inventory.use_cases.propose_reorders import propose_reorder

EVERY = timedelta(hours=1)
MOST_AT_ONCE = 500


def propose_reorders(database: Database, zone: ZoneInfo) -> None:
    """Propose reorder point by reorder point, each in its own transaction, by the company's day."""
    today = database.clock.now().astimezone(zone).date()
    after: tuple[str, str] | None = None
    while some := database.read(partial(reorder_keys, after=after, limit=MOST_AT_ONCE)):
        for key in some:
            _propose(database, key, today)
        after = some[-1]


def _propose(database: Database, key: tuple[str, str], today: date) -> None:
    database.transact(lambda tx: propose_reorder(tx, *key, today))
