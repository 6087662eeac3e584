"""Fire the saga's timers: questions that were not answered are asked again."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from libs.common.saga import due
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.sagas.order_to_cash import ORDER_TO_CASH

EVERY = timedelta(seconds=2)


def wake_sagas(database: Database) -> int:
    """Fire what is due and return how many timers did something."""
    return due(database, [ORDER_TO_CASH, ORDER_CHANGE])
