"""Keep what all purchases taught, as its next version."""

from __future__ import annotations

from libs.common.db import Transaction
from services.crm.domain.buying_model import Model
from services.crm.store import buyings


def keep_buying_model(tx: Transaction, version: int, lines: int, model: Model) -> bool:
    """Store what ``lines`` taught and look at all customers anew; false when somebody has stored that version."""
    if not buyings.keep(tx, version, lines, model):
        return False
    buyings.look_at_all(tx)
    return True
