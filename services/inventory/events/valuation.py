"""What stock is worth, as inventory tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


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


@dataclass(frozen=True)
class ValuedLine:
    """What a move of ``kind`` made the stock worth more or, negative, less; a revaluation moves nothing.

    ``kind``: ``opening``, ``receipt`` (without an order), ``adjustment``, ``scrap`` (also lost under way),
    ``consumption``, ``production``, ``restock`` (of goods that had no cost when they left) or ``revaluation``.
    """

    kind: str
    item_id: str
    sku: str
    quantity: Quantity
    value: Money


@event("inventory.stock.valued.v1", key="document_id")
@dataclass(frozen=True)
class StockValued:
    """A document changed what stock is worth, in a way that no other message tells of; once per ``change_id``.

    Shipments, purchases, goods that come back and goods that go back to suppliers say what they are worth themselves.
    """

    change_id: str
    document_id: str
    number: str
    valued_on: date
    lines: tuple[ValuedLine, ...]
