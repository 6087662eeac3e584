"""A valid request of every operation about opportunities, their stages, and activities."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, listing, of_customer
from tests.security.shelf import Shelf


def _known(shelf: Shelf) -> dict[str, Any]:
    return {
        "title": "Valves", "value": usd("300.00"), "probability_percent": "40", "source": "fair",
        "expected_close_on": shelf.days_on(30), "next_step": "Call", "next_step_on": shelf.days_on(2),
        "lines": [shelf.line()], "campaign_id": None,
    }  # fmt: skip


def _opportunity(shelf: Shelf) -> Example:
    return Example(body={"customer_id": shelf.customer["id"], "stage": "new"} | _known(shelf))


def _change(shelf: Shelf) -> Example:
    made = shelf.fresh_opportunity()
    headers = {"If-Match": f'"{made["version"]}"'}
    return Example({"opportunity_id": made["id"]}, _known(shelf), headers=headers)


def _act(body: Any = None) -> Make:
    return lambda shelf: Example({"opportunity_id": shelf.fresh_opportunity()["id"]}, body)


def _reopen(shelf: Shelf) -> Example:
    made = shelf.fresh_opportunity()
    shelf.post(shelf.owner, f"/opportunities/{made['id']}/lose", {"reason": "price"})
    return Example({"opportunity_id": made["id"]})


def _stages(shelf: Shelf) -> Example:
    stages = shelf.system["mia"].get("/pipeline-stages")["stages"]
    return Example(body={"stages": stages})


def _activity(shelf: Shelf) -> Example:
    body = {
        "customer_id": shelf.customer["id"], "lead_id": None, "kind": "call", "subject": "Ask", "body": "For valves",
        "opportunity_id": shelf.opportunity["id"], "contact_id": None, "due_at": "2026-03-05T02:00:00Z",
        "owner_id": shelf.owner_id, "done": False, "outcome": "Nobody there",
    }  # fmt: skip
    return Example(body=body)


def _activity_change(shelf: Shelf) -> Example:
    body = {"subject": "Ask again", "body": "x", "due_at": "2026-03-06T02:00:00Z", "owner_id": shelf.owner_id}
    return Example({"activity_id": shelf.fresh_activity()["id"]}, body)


PIPELINE: dict[str, Make] = {
    "GET /api/v1/opportunities": listing,
    "POST /api/v1/opportunities": _opportunity,
    "GET /api/v1/opportunities/{opportunity_id}": lambda shelf: Example(
        {"opportunity_id": shelf.opportunity["id"]}
    ),
    "PATCH /api/v1/opportunities/{opportunity_id}": _change,
    "POST /api/v1/opportunities/{opportunity_id}/stage": _act({"stage": "qualified"}),
    "POST /api/v1/opportunities/{opportunity_id}/quote": _act(),
    "POST /api/v1/opportunities/{opportunity_id}/win": _act(),
    "POST /api/v1/opportunities/{opportunity_id}/lose": _act({"reason": "price", "detail": "Too dear"}),
    "POST /api/v1/opportunities/{opportunity_id}/reopen": _reopen,
    "GET /api/v1/activities": listing,
    "POST /api/v1/activities": _activity,
    "PATCH /api/v1/activities/{activity_id}": _activity_change,
    "POST /api/v1/activities/{activity_id}/done": lambda shelf: Example(
        {"activity_id": shelf.fresh_activity()["id"]}, {"outcome": "Wants ten"}
    ),
    "GET /api/v1/pipeline": listing,
    "GET /api/v1/pipeline-stages": listing,
    "PUT /api/v1/pipeline-stages": _stages,
    "GET /api/v1/customers/{customer_id}/relationship-summary": of_customer,
}
