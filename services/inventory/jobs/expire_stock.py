"""Set expired stock aside as soon as the company's day is over, and take back what was promised of it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.inventory.reports.expiry import items_to_set_aside
from services.inventory.use_cases.expire_stock import expire_stock

EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 500


def expire_stocks(database: Database, zone: ZoneInfo) -> None:
    """Look item by item, each in its own transaction, by the company's day."""
    today = database.clock.now().astimezone(zone).date()
    after: str | None = None
    while some := database.read(partial(items_to_set_aside, today=today, after=after, limit=MOST_AT_ONCE)):
        for item_id in some:
            _expire(database, item_id, today)
        after = some[-1]


def _expire(database: Database, item_id: str, today: date) -> None:
    database.transact(lambda tx: expire_stock(tx, item_id, today))
