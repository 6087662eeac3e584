"""Learn anew from leads what makes them customers, once more of them are decided."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.crm.domain.lead_score import TooFew, learn
from services.crm.store import scores

EVERY = timedelta(hours=6)


def learn_lead_scores(database: Database) -> int:
    """Store the next version of the score; 0 when nothing more was decided, or too little to learn from."""
    kept = database.read(scores.latest)
    decided, _ = database.read(scores.counted)
    if kept is not None and kept.decided == decided:
        return 0
    model = learn(database.read(scores.decided))
    if isinstance(model, TooFew):
        return 0
    version = kept.version + 1 if kept else 1
    return int(database.transact(lambda tx: scores.keep(tx, version, decided, model)))
