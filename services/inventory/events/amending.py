"""What the warehouse answers to changes of orders."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event


@event("inventory.reservation.amended.v1", key="order_id")
@dataclass(frozen=True)
class ReservationAmended:
    """What is held for the order, and its delivery notes, are as its change says; what left from now on is by that.

    ``order_fully_shipped``: nothing is left to ship, for the change took off what was.
    """

    order_id: str
    change_id: str
    change_no: int
    order_fully_shipped: bool


@event("inventory.reservation.amend_refused.v1", key="order_id")
@dataclass(frozen=True)
class ReservationAmendRefused:
    """The order keeps what it has: ``reason`` is a code, ``detail`` a sentence."""

    order_id: str
    change_id: str
    change_no: int
    reason: str
    detail: str
