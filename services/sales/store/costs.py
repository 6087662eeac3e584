"""The replica of what items cost, as inventory tells it."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction, Upsert
from libs.common.money import Price
from services.sales.store.cost_tables import item_cost

_TOLD = ("unit_cost_e4", "currency", "changed_on", "updated_at")
_PUT = Upsert(
    item_cost,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["item_id"], set_={name: insert.excluded[name] for name in _TOLD}
    ),
)


def put(tx: Transaction, item_id: str, unit_cost: Price, changed_on: date) -> None:
    """Store what a unit of an item costs now; the last word counts."""
    values = {
        "item_id": item_id,
        "unit_cost_e4": unit_cost.e4,
        "currency": unit_cost.currency,
        "changed_on": changed_on,
        "updated_at": tx.now,
    }
    tx.connection.execute(_PUT.on(tx.connection), values)
