"""Look again at the requests that wait for credit."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from libs.common.db import Database
from services.finance.domain.terms import Terms
from services.finance.use_cases.credit import customers_waiting, grant_for

EVERY = timedelta(minutes=5)


def grant_waiting_credit(database: Database, terms: Terms) -> None:
    """Grant what fits by now, one customer per transaction.

    Whatever frees room grants by itself. This only catches what no event tells: terms that were changed in the
    settings, and figures that an operator corrected by hand.
    """
    for customer_id in database.transact(customers_waiting):
        database.transact(partial(grant_for, customer_id=customer_id, terms=terms))
