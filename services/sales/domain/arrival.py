"""How far the goods of an order have come, to the customer's door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.quantity import Quantity

DeliveryProgress = Literal[
    "none", "waiting", "partly_shipped", "shipped", "partly_delivered", "delivered", "cancelled"
]


@dataclass(frozen=True)
class ArrivedPart:
    """What came to the door of an order line, of which ``refused`` went back."""

    order_line_id: str
    delivered: Quantity
    refused: Quantity


@dataclass(frozen=True)
class Arrival:
    """A delivery that was signed for; ``on_time`` compares the day with the promised one, if any."""

    delivery_id: str
    number: str
    shipped_on: date
    delivered_on: date
    signed_by: str
    parts: tuple[ArrivedPart, ...]
    on_time: bool | None = None
    return_number: str | None = None


@dataclass(frozen=True)
class Travelled:
    """An order line: what was sold and not given up of it, what has left, and what has arrived."""

    sold: Quantity
    shipped: Quantity
    delivered: Quantity


def delivery_progress(lines: Iterable[Travelled], state: str) -> DeliveryProgress:
    """Return how far an order's goods are; what was given up does not count."""
    rows = [line for line in lines if line.sold]
    if state == "cancelled":
        return "cancelled"
    if any(line.delivered for line in rows):
        complete = all(line.delivered >= line.sold for line in rows)
        return "delivered" if complete else "partly_delivered"
    if any(line.shipped for line in rows):
        return "shipped" if all(line.shipped >= line.sold for line in rows) else "partly_shipped"
    return "none" if state == "pending" else "waiting"
