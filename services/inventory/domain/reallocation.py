"""Which promise may be moved from one order to another."""

from __future__ import annotations

from libs.common.errors import VersionMismatch
from services.inventory.domain.reallocation_errors import NotToGive, NotToTake
from services.inventory.domain.reservation import Reservation

REALLOCATED = "reallocated"


def require_giver(giver: Reservation, expected_version: int | None, *, moved: bool, walked_for: bool) -> None:
    """Refuse an order that holds nothing, or of which goods were picked or have left (``moved``), or are on a list."""
    if expected_version not in (None, giver.version):
        raise VersionMismatch(f"the reservation of {giver.order_number} is at version {giver.version}")
    if giver.state not in ("reserved", "partial"):
        raise NotToGive(
            f"the reservation of {giver.order_number} is {giver.state}",
            field="reservation_id",
            cure="choose one that holds something",
            state=giver.state,
        )
    if moved:
        raise NotToGive(
            f"goods of {giver.order_number} were picked, or have left",
            field="reservation_id",
            cure="put the goods back first, or choose another order",
        )
    if walked_for:
        raise NotToGive(
            f"somebody walks for goods of {giver.order_number}",
            field="reservation_id",
            cure="give up the pick list that its delivery is on, or choose another order",
        )


def require_taker(giver: Reservation, taker: Reservation) -> None:
    """Refuse to fill an order that does not wait, and to move a promise to the order that has it."""
    if giver.id == taker.id or not taker.in_queue:
        raise NotToTake(
            f"the reservation of {taker.order_number} is {taker.state}",
            field="to_order_id",
            state=taker.state,
        )
