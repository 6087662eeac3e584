"""What stock is worth, as inventory tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Price


@event("inventory.item.cost_changed.v1", key="item_id")
@dataclass(frozen=True)
class ItemCostChanged:
    """A unit of an item costs ``unit_cost`` on average, since ``changed_on``; ``before`` that another, or nobody knew.

    Said when goods come in at a cost of their own, or somebody says what they are worth; never when goods leave.
    """

    item_id: str
    sku: str
    unit_cost: Price
    changed_on: date
    before: Price | None = None
