"""What an order line waits for in the warehouse while the rest of it is held, or has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.quantity import Quantity


@dataclass(frozen=True)
class Backordered:
    """How much of an order line the warehouse has not got for it, and from when it can be had; ``None``: unknown."""

    order_line_id: str
    quantity: Quantity
    expected_on: date | None = None
