"""Look anew at customers of whom something was heard, and at every one once a day."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database, chunks, is_transient
from services.crm.domain.ground import Ground
from services.crm.reports.purchases import due_customers, ground
from services.crm.use_cases.look_at_customers import look_at_customers, note_failure

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=15)
"""A customer who orders line upon line is looked at once in so long: each look reads all that he ever bought."""
BATCH = 100
AT_ONCE = 25
"""Customers in one transaction: what is heard of them meanwhile waits until it is over."""


def refresh_recommendations(database: Database, zone: ZoneInfo) -> int:
    """Look at up to a hundred customers, some in each transaction, and return how many there were."""
    now = database.clock.now()
    today = now.astimezone(zone).date()
    due = database.read(lambda connection: due_customers(connection, today, BATCH))
    if not due:
        return 0
    same = database.read(lambda connection: ground(connection, now, zone))
    for some in chunks(due, AT_ONCE):
        _look(database, some, same)
    return len(due)


def _look(database: Database, customer_ids: Sequence[str], same: Ground) -> None:
    """Look at some; where that fails for a reason of one of them, note it, so that the others have their turn."""
    try:
        database.transact(lambda tx: look_at_customers(tx, customer_ids, same))
    except Exception as error:
        if is_transient(error):  # the database, not the customer: the next run tries all of them again
            raise
        if len(customer_ids) > 1:
            for each in customer_ids:
                _look(database, [each], same)
            return
        log.exception("customer %s could not be looked at", customer_ids[0])
        failure = f"{type(error).__name__}: {error}"
        database.transact(lambda tx: note_failure(tx, customer_ids[0], same.today, failure))
