"""A valid request of every operation about the course of tickets."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf

_HOURS = [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "18:00"}]
_WEEK: dict[str, Any] = {
    "monday": _HOURS,
    "tuesday": _HOURS,
    "wednesday": _HOURS,
    "thursday": _HOURS,
    "friday": _HOURS,
    "saturday": _HOURS,
    "sunday": _HOURS,
}


def _policy(shelf: Shelf) -> Example:
    days = [{"day": today(shelf), "hours": [{"opens": "09:00", "closes": "24:00"}]}]
    for_some = {"priorities": ["urgent"], "kinds": ["delivery"], "groups": ["gold"]}
    targets = [
        for_some | {"response_minutes": 30, "resolution_minutes": 240},
        {"response_minutes": 240, "resolution_minutes": 2400},
    ]
    calendar = {"zone": "Asia/Shanghai", "week": _WEEK, "days": days}
    return Example(body={"calendar": calendar, "targets": targets, "warn_percent": 80})


def _intake(_shelf: Shelf) -> Example:
    return Example(body={"late_delivery": True, "short_shipment": "missing", "bad_return": True})


def _period(shelf: Shelf) -> Example:
    return Example(query={"since": today(shelf), "until": today(shelf)})


def _finding(shelf: Shelf) -> Example:
    body = {"kind": "worn", "note": "The seals\nare worn", "item_id": shelf.item["id"]}
    wanted = {"wanted_item_id": shelf.item["id"], "quantity": "2"}
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, body | wanted)


def _warranty(shelf: Shelf) -> Example:
    return Example({"item_id": shelf.item["id"]}, {"months": 12, "valid_from": today(shelf)})


def _rules(shelf: Shelf) -> Example:
    for_some = {"kinds": ["technical"], "words": ["leak"], "categories": ["Pumps"], "groups": ["gold"]}
    rule = {"name": "Leaks", "kind": "quality", "queue": "production", "customer_ids": [shelf.customer["id"]]}
    return Example(body={"rules": [rule | for_some], "threshold_percent": 70})


def _kind(shelf: Shelf) -> Example:
    return Example({"ticket_id": shelf.fresh_ticket()["id"]}, {"kind": "quality"})


DESK: dict[str, Make] = {
    "GET /api/v1/sla-policy": listing,
    "PUT /api/v1/sla-policy": _policy,
    "GET /api/v1/sla-figures": _period,
    "GET /api/v1/deadlines": listing,
    "GET /api/v1/tickets/{ticket_id}/deadlines": document("ticket_id", lambda shelf: shelf.ticket),
    "GET /api/v1/lookup": lambda _shelf: Example(query={"customer": "Harbor"}),
    "GET /api/v1/warranties/{item_id}": lambda shelf: Example({"item_id": shelf.item["id"]}),
    "PUT /api/v1/warranties/{item_id}": _warranty,
    "GET /api/v1/ticket-routing": listing,
    "PUT /api/v1/ticket-routing": _rules,
    "GET /api/v1/ticket-classifier": listing,
    "GET /api/v1/tickets/{ticket_id}/routing": document("ticket_id", lambda shelf: shelf.ticket),
    "POST /api/v1/tickets/{ticket_id}/route": _kind,
    "GET /api/v1/ticket-intake": listing,
    "PUT /api/v1/ticket-intake": _intake,
    "GET /api/v1/tickets/{ticket_id}/findings": document("ticket_id", lambda shelf: shelf.ticket),
    "POST /api/v1/tickets/{ticket_id}/findings": _finding,
}
