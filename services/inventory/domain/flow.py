"""How goods flow: what a move of the ledger counts for in the figures of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SHIPPED, RETURNED = "shipment", "return"


@dataclass(frozen=True)
class Flow:
    """What of an item left to customers, came back from them, and lay there more in the evening, in thousandths."""

    day: date
    item_id: str
    warehouse_id: str
    shipped: int
    returned: int
    change: int


def flow_of(day: date, item_id: str, warehouse_id: str, kind: str, milli: int) -> Flow:
    """Return what a move of ``kind`` by ``milli`` counts for; goods that customers bring back are not sold any more."""
    return Flow(
        day,
        item_id,
        warehouse_id,
        shipped=-milli if kind == SHIPPED else 0,
        returned=milli if kind == RETURNED else 0,
        change=milli,
    )
