"""What sales does about its own facts: a completed order ends its saga."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from libs.common import saga
from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.use_cases.telling import lock_orders

subscriptions = Subscriptions("sales")


@dataclass(frozen=True)
class OrderCompleted:
    """What is read of ``sales.order.completed.v1``."""

    order_id: str


MOVING = frozenset(
    (
        "inventory.reservation.reserved.v1",
        "finance.credit_hold.granted.v1",
        "inventory.delivery.shipped.v1",
        "inventory.reservation.amended.v1",
        "finance.invoice.posted.v1",
        "finance.delivery.not_invoiced.v1",
        "finance.payment.allocated.v1",
        "finance.credit_note.allocated.v1",
        "finance.delivery_credit.closed.v1",
        "finance.delivery_credit.granted.v1",
        "finance.delivery_credit.refused.v1",
        "inventory.reservation.requeued.v1",
    )
)
"""What an order hears on its usual way, or is held for, and is locked for by whoever handles it."""


@subscriptions.before_all
def look_ahead(tx: Transaction, messages: Sequence[Message]) -> None:
    """Lock together the sagas that the messages are about, and after them their orders."""
    saga.look_ahead(tx, messages, (ORDER_TO_CASH, saga.of_aggregate), (ORDER_CHANGE, _change_of))
    lock_orders(tx, (message.data["order_id"] for message in messages if message.type in MOVING))


def _change_of(message: Message) -> str:
    """Return which change a message may be about: what is asked for under a change's own id bears that alone."""
    return str(message.data.get("change_id") or message.partition_key)


@subscriptions.on("sales.order.completed.v1", OrderCompleted)
def order_completed(tx: Transaction, view: OrderCompleted, message: Message) -> None:
    """Let the saga come to its end."""
    saga.handle(tx, ORDER_TO_CASH, message)
