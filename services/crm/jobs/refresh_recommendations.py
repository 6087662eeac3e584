"""Look anew at customers of whom something was heard, and at every one once a day."""

from __future__ import annotations

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database, is_transient
from services.crm.domain.ground import Ground
from services.crm.reports.purchases import due_customers, ground
from services.crm.use_cases.look_at_customer import look_at_customer, note_failure

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)
"""A customer who orders line upon line is looked at once in so long: each look reads all that he ever bought."""
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
    """Look at one; where that fails for a reason of his own, note it, so that those behind him have their turn."""
    try:
        return database.transact(lambda tx: look_at_customer(tx, customer_id, same))
    except Exception as error:
        if is_transient(error):  # the database, not the customer: the next run tries all of them again
            raise
        log.exception("customer %s could not be looked at", customer_id)
        failure = f"{type(error).__name__}: {error}"
        database.transact(lambda tx: note_failure(tx, customer_id, same.today, failure))
        return False
