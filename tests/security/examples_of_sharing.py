"""A valid request of every operation about who works on which ticket."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _person(shelf: Shelf) -> dict[str, Any]:
    away = {"since": today(shelf), "until": today(shelf), "reason": "Ill"}
    works: dict[str, Any] = {
        "queues": ["production"],
        "weekdays": ["monday", "sunday"],
        "capacity_percent": 50,
    }
    works["hours"] = {
        "monday": [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:00", "closes": "24:00"}]
    }
    return {"person_id": "ann.on.duty", "absences": [away]} | works


def _roster(shelf: Shelf) -> Example:
    return Example(body={"people": [_person(shelf)]})


def _assign(shelf: Shelf) -> Example:
    shelf.world.system["mia"].put("/desk-roster", {"people": [_person(shelf)]})
    ticket = shelf.fresh_ticket()
    shelf.post("sid", f"/tickets/{ticket['id']}/route", {"kind": "quality"})
    return Example({"ticket_id": ticket["id"]}, {"assignee_id": "ann.on.duty"})


SHARING: dict[str, Make] = {
    "GET /api/v1/desk-roster": listing,
    "PUT /api/v1/desk-roster": _roster,
    "POST /api/v1/tickets/{ticket_id}/assign": _assign,
    "GET /api/v1/tickets/{ticket_id}/assignments": document("ticket_id", lambda shelf: shelf.ticket),
}
