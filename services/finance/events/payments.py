"""What happens to payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.payment.received.v1", key="payment_id")
@dataclass(frozen=True)
class PaymentReceived:
    """Money came in from a customer."""

    payment_id: str
    number: str
    customer_id: str
    amount: Money
    received_on: date
    reference: str


@event("finance.payment.allocated.v1", key="payment_id")
@dataclass(frozen=True)
class PaymentAllocated:
    """A part of a payment paid a part of an invoice."""

    payment_id: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money
