"""What moved of each item on each day, written once for all moves of a transaction.

Whoever moves an item has locked it, so nobody waits for a sum who would not have waited anyway; rows are written in one
sequence by everybody.
"""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction, Upsert, chunks
from services.inventory.domain.flow import Flow
from services.inventory.store.flow_tables import item_day

_SUMS = ("shipped_milli", "returned_milli", "change_milli")
_KEYS = ("day", "item_id", "warehouse_id")
_ADD = Upsert(
    item_day,
    lambda given: given.on_conflict_do_update(
        index_elements=_KEYS, set_={name: item_day.c[name] + given.excluded[name] for name in _SUMS}
    ),
)


def count(tx: Transaction, flow: Flow) -> None:
    """Add to the sums of a day, with all else of this transaction."""
    tx.gather(_write, flow)


def _write(tx: Transaction, flows: list[Flow]) -> None:
    sums: dict[tuple[Any, ...], list[int]] = {}
    for flow in flows:
        found = sums.setdefault((flow.day, flow.item_id, flow.warehouse_id), [0, 0, 0])
        for place, milli in enumerate((flow.shipped, flow.returned, flow.change)):
            found[place] += milli
    rows = [
        dict(zip((*_KEYS, *_SUMS), (*key, *found), strict=True))
        for key, found in sorted(sums.items())
        if any(found)
    ]
    for some in chunks(rows):
        tx.connection.execute(_ADD.on(tx.connection), some)
