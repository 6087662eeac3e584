"""A valid request of every operation of the service desk."""

from __future__ import annotations

from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _ticket(shelf: Shelf) -> Example:
    body = {"customer_id": shelf.customer["id"], "kind": "technical", "subject": "It drips"}
    about = {"description": "Since\nMonday", "opened_on": today(shelf), "priority": "high"}
    return Example(body=body | about | {"order_id": shelf.order["id"], "item_id": shelf.item["id"]})


def _resolution(shelf: Shelf) -> Example:
    body = {"resolution": "Tightened", "resolved_on": today(shelf)}
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, body)


TICKETS: dict[str, Make] = {
    "GET /api/v1/installed-items": listing,
    "GET /api/v1/tickets": listing,
    "POST /api/v1/tickets": _ticket,
    "GET /api/v1/tickets/{ticket_id}": document("ticket_id", lambda shelf: shelf.ticket),
    "POST /api/v1/tickets/{ticket_id}/take": document("ticket_id", lambda shelf: shelf.fresh_ticket()),
    "POST /api/v1/tickets/{ticket_id}/wait": document("ticket_id", lambda shelf: shelf.fresh_ticket()),
    "POST /api/v1/tickets/{ticket_id}/resolve": _resolution,
    "POST /api/v1/tickets/{ticket_id}/reopen": document(
        "ticket_id", lambda shelf: shelf.fresh_ticket(resolved=True)
    ),
    "POST /api/v1/tickets/{ticket_id}/close": document(
        "ticket_id", lambda shelf: shelf.fresh_ticket(resolved=True)
    ),
}
