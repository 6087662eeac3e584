"""Look anew at customers of whom something was heard, and at every one once a day."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.crm.domain.ground import Ground
from services.crm.reports.purchases import due_customers, ground
from services.crm.use_cases.look_at_customer import look_at_customer

EVERY = timedelta(seconds=5)
BATCH = 100


def refresh_recommendations(database: Database, zone: ZoneInfo) -> int:
    """Look at up to a hundred customers, each in a transaction of its own, and return how many there were."""
    now = database.clock.now()
    today = now.astimezone(zone).date()
    due = database.read(lambda connection: due_customers(connection, today, BATCH))
    if not due:
        return 0
    same = database.read(lambda connection: ground(connection, now, zone))
    for customer_id in due:
        _look(database, customer_id, same)
    return len(due)


def _look(database: Database, customer_id: str, same: Ground) -> bool:
    return database.transact(lambda tx: look_at_customer(tx, customer_id, same))
