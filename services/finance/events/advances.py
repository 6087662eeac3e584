"""What happens to advances: orders that are paid before anything goes out."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.advance.requested.v1", key="order_id")
@dataclass(frozen=True)
class AdvanceRequested:
    """The customer is to pay ``amount`` with the order's number; told again as ``covered`` of it comes in."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money
    covered: Money
    missing: Money


@event("finance.advance.covered.v1", key="order_id")
@dataclass(frozen=True)
class AdvanceCovered:
    """All that was asked for is there, and is kept for the order's invoices."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@event("finance.advance.rejected.v1", key="order_id")
@dataclass(frozen=True)
class AdvanceRejected:
    """No advance can be kept for this order; ``reason`` is released, currency_mismatch or amount_negative."""

    order_id: str
    reason: str
    detail: str


@event("finance.advance.released.v1", key="order_id")
@dataclass(frozen=True)
class AdvanceReleased:
    """No money is kept for the order any more; what was is the customer's to use. ``had_effect``: any was."""

    order_id: str
    reason: str
    had_effect: bool
