"""A valid request of every operation about changes of confirmed orders."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make
from tests.security.shelf import Shelf


def _confirmed(shelf: Shelf) -> Any:
    """Return an order that may be changed, and on its way to the customer for as long as nobody ships it."""
    return shelf.world.until(shelf.fresh_order(), "the confirmation", state="confirmed")


def _wanted(shelf: Shelf) -> dict[str, Any]:
    line = {"line_no": 1, "quantity": "2", "unit_price": usd("101.00"), "discount_percent": "5"}
    added = shelf.line() | {"unit_price": usd("99.00"), "discount_percent": "5"}
    more = {"reprice": False, "remove": False}
    return {"lines": [line | more], "added": [added], "promised_on": "2199-12-31"}


def _changed(shelf: Shelf) -> dict[str, str]:
    """Return where a change is that waits for credit, of a customer of its own: what comes after it waits behind it."""
    ordered = shelf.world.order(shelf.fresh_customer(), (shelf.item, "5"), seller=shelf.owner)
    order = shelf.world.until(ordered, "the confirmation", state="confirmed")
    dear = {"line_no": 1, "unit_price": usd("900000.00")}
    body = {"reason": "the customer called", "lines": [dear]}
    manager = shelf.system["mia"]
    change = manager.post(f"/orders/{order['id']}/changes", body, key=shelf.named("change"), wait_s=10)
    return {"order_id": order["id"], "no": str(change["no"])}


def _propose(shelf: Shelf) -> Example:
    why = {"reason": "the customer called", "may_wait": True}
    return Example({"order_id": _confirmed(shelf)["id"]}, body=_wanted(shelf) | why)


def _preview(shelf: Shelf) -> Example:
    return Example({"order_id": _confirmed(shelf)["id"]}, body=_wanted(shelf))


def _list(shelf: Shelf) -> Example:
    return Example({"order_id": shelf.order["id"]})


def _show(shelf: Shelf) -> Example:
    return Example(_changed(shelf))


def _withdraw(shelf: Shelf) -> Example:
    return Example(_changed(shelf), body={"comment": "not any more"})


CHANGES: dict[str, Make] = {
    "POST /api/v1/orders/{order_id}/changes/preview": _preview,
    "POST /api/v1/orders/{order_id}/changes": _propose,
    "GET /api/v1/orders/{order_id}/changes": _list,
    "GET /api/v1/orders/{order_id}/changes/{no}": _show,
    "POST /api/v1/orders/{order_id}/changes/{no}/withdraw": _withdraw,
}
