"""Stock counts, as inventory tells of them."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class CountDifference:
    """What was found more, or below zero less, of an item and lot than the books said when it was counted."""

    item_id: str
    sku: str
    difference: Quantity
    lot: str | None = None


@event("inventory.stock_count.approval_requested.v1", key="count_id")
@dataclass(frozen=True)
class StockCountApprovalRequested:
    """The differences of a count are worth more than the tolerance; ``roles`` may say yes."""

    count_id: str
    number: str
    approval_id: str
    requested_by: str
    roles: tuple[str, ...]
    absolute_value: Money | None = None


@event("inventory.stock_count.posted.v1", key="count_id")
@dataclass(frozen=True)
class StockCountPosted:
    """The differences of a count are in the ledger of stock; one without any has no document."""

    count_id: str
    number: str
    warehouse_id: str
    lines: tuple[CountDifference, ...]
    document_id: str | None = None
    absolute_value: Money | None = None
    net_value: Money | None = None


@event("inventory.stock_count.rejected.v1", key="count_id")
@dataclass(frozen=True)
class StockCountRejected:
    """The differences were not believed: the count goes on."""

    count_id: str
    number: str
    approval_id: str
    rejected_by: str
    comment: str


@event("inventory.reservation.requeued.v1", key="order_id")
@dataclass(frozen=True)
class ReservationRequeued:
    """Less lies there than was promised: the order holds nothing any more and waits ahead of all others.

    ``reason`` is a code, ``reference`` the document that brought it about. Its open delivery notes are cancelled; once
    it is served again, new ones appear by themselves.
    """

    reservation_id: str
    order_id: str
    order_number: str
    reason: str
    reference: str


@event("inventory.reservation.reallocated.v1", key="order_id")
@dataclass(frozen=True)
class ReservationReallocated:
    """A person moved what was promised to one order to another; told of both: ``given`` by this order, or ``taken``."""

    reservation_id: str
    order_id: str
    order_number: str
    direction: str
    other_order_id: str
    other_order_number: str
    reason: str
    by: str
