"""What is decided about a customer's credit."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money


@event("finance.credit_hold.granted.v1", key="order_id")
@dataclass(frozen=True)
class CreditGranted:
    """Credit is held for an order, at once or after it waited for room.

    ``override_id``: it passes the limit, or passes over what is overdue, by an approved override.
    """

    order_id: str
    customer_id: str
    amount: Money
    exposure: Money
    limit: Money | None
    override_id: str | None = None


@event("finance.credit_hold.refused.v1", key="order_id")
@dataclass(frozen=True)
class CreditRefused:
    """There is no room now; with ``waits`` the request keeps its place and is granted when room comes free.

    ``shortfall`` is what must come free for this request and those ahead of it; ``queue_position`` 1 is next.
    """

    order_id: str
    customer_id: str
    amount: Money
    exposure: Money
    limit: Money | None
    shortfall: Money
    status: str
    waits: bool
    queue_position: int = 1


@event("finance.credit_hold.rejected.v1", key="order_id")
@dataclass(frozen=True)
class CreditRejected:
    """This request can never be granted; ``reason`` is released, currency_mismatch or amount_negative."""

    order_id: str
    reason: str
    detail: str


@event("finance.credit_hold.released.v1", key="order_id")
@dataclass(frozen=True)
class CreditReleased:
    """An order's hold or request is no more; without ``had_effect`` there was nothing to give back."""

    order_id: str
    reason: str
    had_effect: bool


@event("finance.account.limit_changed.v1", key="customer_id")
@dataclass(frozen=True)
class LimitChanged:
    """A customer's credit limit is another now; ``None`` means that credit is not checked.

    ``source`` says whose it is: set for the ``customer``, that of the ``group``, or the default of the ``company``.
    """

    customer_id: str
    limit: Money | None
    previous: Money | None
    source: str = "customer"


@event("finance.account.credit_stop_changed.v1", key="customer_id")
@dataclass(frozen=True)
class CreditStopChanged:
    """A person stopped all new credit for a customer, or lifted the stop."""

    customer_id: str
    stopped: bool
    reason: str | None = None
