"""Keep what was learnt from leads, as the next version of their score."""

from __future__ import annotations

from libs.common.db import Transaction
from services.crm.domain.lead_score import Model
from services.crm.store import scores


def keep_lead_score(tx: Transaction, version: int, decided: int, model: Model) -> bool:
    """Store what ``decided`` leads taught as ``version``; false when somebody has stored that version meanwhile."""
    return scores.keep(tx, version, decided, model)
