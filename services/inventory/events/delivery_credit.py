"""Credit at the delivery, as inventory tells of it: what finance is asked, and what it need not answer any more."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event


@event("inventory.delivery.credit_asked.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreditAsked:
    """A delivery note may not leave before finance has said yes; ``question`` counts how often it was asked anew."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    question: int = 1


@event("inventory.delivery.credit_withdrawn.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreditWithdrawn:
    """Nobody needs to know any more: ``reason`` is shipped, cancelled, or not_needed (by the policy of now)."""

    delivery_id: str
    number: str
    order_id: str
    customer_id: str
    question: int
    reason: str
