"""People who approve, and flows for them, at the desk of a test."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from services.sales.tests.builders import CHAI, HARBOR, Desk

MIA, FAY, WIM = "mia.manager", "fay.finance", "wim.warehouse"
QUOTATIONS = "/api/v1/quotations"
APPROVALS = "/api/v1/approvals"
FLOWS = "/api/v1/approval-flows"
DELEGATIONS = "/api/v1/approval-delegations"
BIG = {"field": "total", "comparison": "at_least", "amount": {"amount": "1000.00", "currency": "USD"}}
CHEAP = {"field": "largest_discount", "comparison": "at_least", "percent": "10"}


def role(name: str) -> dict[str, str]:
    return {"kind": "role", "name": name}


def user(name: str) -> dict[str, str]:
    return {"kind": "user", "name": name}


def step(*approvers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"name": "Manager", "approvers": list(approvers) or [role("sales_manager")]} | more


def flow(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a flow for what is big or cheap."""
    cases = [{"clauses": [BIG]}, {"clauses": [CHEAP]}]
    return {"name": "Big or cheap", "cases": cases, "steps": list(steps) or [step()]} | more


def define(desk: Desk, *steps: dict[str, Any], **more: Any) -> Any:
    answer = desk.mike.post(FLOWS, json=flow(*steps, **more))
    assert answer.status_code == 201, answer.json
    return answer.json


def quote(desk: Desk, quantity: str = "100", *, by: FlaskClient | None = None, **more: Any) -> Any:
    """Issue a quotation of Harbor Pumps', 1,650.00 USD unless told otherwise."""
    line = {"item_id": CHAI.id, "quantity": quantity} | more
    answer = (by or desk.nancy).post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": [line]})
    assert answer.status_code == 201, answer.json
    return answer.json


def waiting(desk: Desk, *, by: FlaskClient | None = None, **more: Any) -> Any:
    """Issue and send a quotation that needs an approval; return it with the approval."""
    made = quote(desk, by=by, **more)
    answer = (by or desk.nancy).post(f"{QUOTATIONS}/{made['id']}/send")
    assert answer.status_code == 200, answer.json
    assert answer.json["state"] == "pending_approval"
    return answer.json


def decide(who: FlaskClient, quotation: Any, decision: str = "approve", **more: Any) -> Any:
    path = f"{APPROVALS}/{quotation['approval_id']}/decide"
    return who.post(path, json={"decision": decision} | more)


def look(desk: Desk, quotation: Any) -> Any:
    """Return the quotation as it is now."""
    return desk.mike.get(f"{QUOTATIONS}/{quotation['id']}").json


def history(desk: Desk, quotation: Any) -> list[tuple[str, str]]:
    found = desk.mike.get(f"{APPROVALS}/{quotation['approval_id']}").json
    return [(act["deed"], act["by"]) for act in found["history"]]


def told(desk: Desk) -> list[str]:
    """Return what was said about quotations, without that they were issued."""
    said = [name.removeprefix("sales.quotation.") for name in desk.said() if "quotation" in name]
    return [name.removesuffix(".v1") for name in said if name != "issued.v1"]


def mine(who) -> list[str]:
    return [each["id"] for each in who.get(APPROVALS, query_string={"state": "waiting"}).json["items"]]
