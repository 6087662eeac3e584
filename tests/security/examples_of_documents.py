"""A valid request of every operation by which a ticket wants something of other services."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, document
from tests.security.shelf import Shelf


def _wanted(shelf: Shelf, **more: Any) -> Example:
    body = {"installed_item_id": shelf.fresh_holding()["id"], "quantity": "1", "reason": "It drips"}
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, body | more)


def _return(shelf: Shelf) -> Example:
    return _wanted(shelf, serials=[])


def _replacement(shelf: Shelf) -> Example:
    return _wanted(shelf, unit_price={"amount": "12.50", "currency": "USD"})


def _repair(shelf: Shelf) -> Example:
    body = {"item_id": shelf.item["id"], "quantity": "2", "reason": "New seals"}
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, body)


DOCUMENTS: dict[str, Make] = {
    "POST /api/v1/tickets/{ticket_id}/returns": _return,
    "POST /api/v1/tickets/{ticket_id}/replacements": _replacement,
    "POST /api/v1/tickets/{ticket_id}/repairs": _repair,
    "GET /api/v1/tickets/{ticket_id}/documents": document("ticket_id", lambda shelf: shelf.ticket),
}
