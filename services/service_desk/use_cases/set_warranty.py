"""Say for how long an item is under warranty."""

from __future__ import annotations

from libs.common.db import Transaction
from services.service_desk.domain.errors import ItemNotFound
from services.service_desk.domain.warranty import Term
from services.service_desk.store import items, warranties


def set_warranty(tx: Transaction, term: Term, by: str) -> Term:
    """Store the term for what leaves from its day on; what left before keeps what was promised then."""
    if items.find(tx.connection, term.item_id) is None:
        raise ItemNotFound("there is no such item", field="item_id")
    warranties.put(tx, term, by)
    return term
