"""Order lines as crm follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class Line:
    """A line as it was agreed, without tax; ``ordered_on`` is not told again when it is changed."""

    order_line_id: str
    order_id: str
    customer_id: str
    item_id: str
    quantity: Quantity
    net: Money
    ordered_on: date | None = None


@dataclass(frozen=True)
class Back:
    """A part of a line that came back; inventory may speak of it before sales speaks of the line."""

    order_line_id: str
    order_id: str
    customer_id: str
    item_id: str
    quantity: Quantity
