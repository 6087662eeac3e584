"""Issue the reminders that are due, where the company's policy says that this is done by itself."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from libs.common.db import Database
from services.finance.domain.terms import Terms
from services.finance.use_cases.dunning import customers_due, is_automatic, remind_if_due

EVERY = timedelta(hours=1)
MOST_AT_ONCE = 200


def remind_overdue(database: Database, terms: Terms) -> None:
    """Remind everybody whom it is time to remind, one customer per transaction."""
    if not database.transact(is_automatic):
        return
    issued = True
    while issued:
        due = database.transact(partial(customers_due, terms=terms, limit=MOST_AT_ONCE))
        reminders = [database.transact(partial(remind_if_due, customer_id=each, terms=terms)) for each in due]
        issued = any(reminders)
