"""Look for orders whose promised day has passed, and tell of each once."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.inventory.reports.delays import late_orders
from services.inventory.use_cases.tell_delay import tell_delay

EVERY = timedelta(hours=1)
MOST_AT_ONCE = 500


def tell_delays(database: Database, zone: ZoneInfo) -> None:
    """Tell order by order, each in its own transaction, by the company's day."""
    today = database.clock.now().astimezone(zone).date()
    while some := database.read(partial(late_orders, today=today, limit=MOST_AT_ONCE)):
        told = [_tell(database, order_id, today) for order_id in some]
        if not any(told):
            return


def _tell(database: Database, order_id: str, today: date) -> bool:
    return database.transact(lambda tx: tell_delay(tx, order_id, today))
