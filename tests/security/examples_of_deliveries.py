"""A valid request of every operation on delivery notes, and on what customers send back of them."""

from __future__ import annotations

from typing import Any

from tests.security.bodies import a_part
from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _return_part(shelf: Shelf, delivery: Any) -> dict[str, Any]:
    return {"delivery_id": delivery["id"], "reason": "Leaks", "lines": [a_part(delivery) | {"lot": None}]}


def _of_return(state: str, body: Any) -> Make:
    return lambda shelf: Example({"return_id": shelf.fresh_return(state)["id"]}, body)


def _return_receipt(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "received_on": today(shelf)}
    line = {"line_no": 1, "quantity": "1"}
    return Example({"return_id": shelf.fresh_return("approved")["id"]}, body | {"lines": [line]})


DELIVERIES: dict[str, Make] = {
    "GET /api/v1/deliveries": listing,
    "GET /api/v1/deliveries/{delivery_id}": document("delivery_id", lambda shelf: shelf.delivery),
    "GET /api/v1/returns": listing,
    "POST /api/v1/returns": lambda shelf: Example(body=_return_part(shelf, shelf.fresh_shipped())),
    "GET /api/v1/returns/{return_id}": document("return_id", lambda shelf: shelf.returned),
    "POST /api/v1/returns/{return_id}/approve": _of_return("requested", {"answer": "Send it"}),
    "POST /api/v1/returns/{return_id}/reject": _of_return("requested", {"answer": "Used"}),
    "POST /api/v1/returns/{return_id}/cancel": _of_return("requested", {"answer": "Kept"}),
    "POST /api/v1/returns/{return_id}/receive": _return_receipt,
    "POST /api/v1/returns/{return_id}/inspect": _of_return(
        "received",
        {"lines": [{"line_no": 1, "restock": "1", "scrap": "0", "credit": True, "note": "As new"}]},
    ),
}
