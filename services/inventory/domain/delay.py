"""Late orders: for what they wait now that the promised day is over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from services.inventory.domain.delivery import DeliveryState
from services.inventory.domain.reservation import Reservation

WaitsFor = Literal["stock", "release", "picking", "packing", "shipping"]
UNFILLED = ("waiting", "partial", "sourcing")
"""States of an order that has not got all of its stock yet: it waits for it, or it is got for it alone."""
_BY_STATE: dict[DeliveryState, WaitsFor] = {"ready": "picking", "picked": "packing", "packed": "shipping"}


def waits_for(reservation: Reservation, open_notes: Iterable[DeliveryState], *, must_pack: bool) -> WaitsFor:
    """Return what keeps an order: the first thing that has to happen before all of it can leave.

    ``release`` is credit or another hold that sales knows of: there is no note yet, although the stock is there.
    """
    found = {_BY_STATE.get(state, "picking") for state in open_notes}
    if "packing" in found and not must_pack:
        found = (found - {"packing"}) | {"shipping"}
    for what in ("picking", "packing", "shipping"):
        if what in found:
            return what
    return "stock" if reservation.state in UNFILLED else "release"
