"""Learn anew from all purchases what goes together and when things are bought again, once there are more of them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from libs.common.db import Database
from services.crm.domain.learning import learn
from services.crm.reports.purchases import Known, all_purchases, known_purchases
from services.crm.use_cases.keep_buying_model import keep_buying_model

EVERY = timedelta(minutes=10)
LEAST_NEW = 20
NEW_PERCENT = 5
AT_LEAST_DAILY = timedelta(days=1)
MOST_LINES = 2_000_000


def learn_purchases(database: Database, currency: str, zone: ZoneInfo) -> int:
    """Store the next version of what is learnt; 0 when there is too little new.

    What is learnt from is read and thought about before the transaction begins, so that nobody waits for it.
    """
    known, now = database.read(known_purchases), database.clock.now()
    if not _worthwhile(known) and not (
        known.grown and known.made_at and now - known.made_at > AT_LEAST_DAILY
    ):
        return 0
    today = now.astimezone(zone).date()
    model = database.read(lambda connection: learn(*all_purchases(connection, MOST_LINES), currency, today))
    return int(database.transact(lambda tx: keep_buying_model(tx, known.version + 1, known.lines, model)))


def _worthwhile(known: Known) -> bool:
    return known.grown >= max(LEAST_NEW, known.learnt_from * NEW_PERCENT // 100)
