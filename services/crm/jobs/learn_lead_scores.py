"""Learn anew from leads what makes them customers, once more of them are decided."""

from __future__ import annotations

from datetime import timedelta

from libs.common.db import Database
from services.crm.domain.lead_score import TooFew, learn
from services.crm.reports.leads import decided_leads, score_report
from services.crm.use_cases.keep_lead_score import keep_lead_score

EVERY = timedelta(hours=6)


def learn_lead_scores(database: Database) -> int:
    """Store the next version of the score; 0 when nothing more was decided, or too little to learn from.

    What is learnt from is read and thought about before the transaction begins, so that nobody waits for it.
    """
    known = database.read(score_report)
    if known.learnt_from == known.decided:
        return 0
    model = learn(database.read(decided_leads))
    if isinstance(model, TooFew):
        return 0
    version = (known.version or 0) + 1
    return int(database.transact(lambda tx: keep_lead_score(tx, version, known.decided, model)))
