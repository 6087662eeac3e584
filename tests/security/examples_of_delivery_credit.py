"""A valid request of every operation about promises that move, and about credit that is asked at the delivery."""

from __future__ import annotations

from tests.security.example import Example, Make
from tests.security.shelf import Shelf


def _move(shelf: Shelf) -> Example:
    """Of an item of its own: who gives waits in front of everybody from then on."""
    item = shelf.world.item(stock="1")
    giver = shelf.world.order(shelf.customer, (item, "1"), seller=shelf.owner)
    shelf.world.until(giver, "the confirmation", state="confirmed")
    taker = shelf.world.order(shelf.customer, (item, "1"), seller=shelf.owner, wait_s=0)
    shelf.world.until_held(taker, "stock")
    (held,) = shelf.system["mia"].every("/reservations", order_id=giver["id"])
    return Example(
        {"reservation_id": held["id"]}, {"to_order_id": taker["id"], "reason": "Their line stands still"}
    )


DELIVERY_CREDIT: dict[str, Make] = {
    "POST /api/v1/reservations/{reservation_id}/reallocate": _move,
    # Never: what else would be shipped while it is asked is the matter of other examples.
    "PUT /api/v1/credit-policy": lambda _shelf: Example(
        body={
            "watch_percent": 90,
            "watch_overdue_days": 1,
            "grace_days": 3650,
            "delivery_check": {"when": "never", "days": None, "from_status": "hold"},
        }
    ),
}
