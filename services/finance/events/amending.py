"""What finance answers to changes of orders."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.order.amended.v1", key="order_id")
@dataclass(frozen=True)
class OrderAmended:
    """What ships from now on is invoiced as the order's change says, and the order holds credit of its new ``total``.

    ``order_fully_invoiced``: nothing is left to invoice, for the change took off what was.
    """

    order_id: str
    change_id: str
    change_no: int
    total: Money
    order_fully_invoiced: bool
