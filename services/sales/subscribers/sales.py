"""What sales does about its own facts: a completed order ends its saga."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.saga import handle
from services.sales.sagas.order_to_cash import ORDER_TO_CASH

subscriptions = Subscriptions("sales")


@dataclass(frozen=True)
class OrderCompleted:
    """What is read of ``sales.order.completed.v1``."""

    order_id: str


@subscriptions.on("sales.order.completed.v1", OrderCompleted)
def order_completed(tx: Transaction, view: OrderCompleted, message: Message) -> None:
    """Let the saga come to its end."""
    handle(tx, ORDER_TO_CASH, message)
