"""A ticket from the first word to the last: followed by the customer's link, and rated by him."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from tests.e2e.world import World


def test_r6_3_customer_and_salesperson_follow_the_ticket_and_nobody_reads_the_notes(world: World) -> None:
    sam, sid = world.system["sam"], world.system["sid"]
    customer, ticket = _ticket(world)
    path = sam.post(f"/tickets/{ticket['id']}/link", {}, key=world.name("link"))["path"]
    _act(world, ticket, "notes", {"text": "Third time this month"})
    _act(world, ticket, "messages", {"text": "Which valve is it?", "wait_for_customer": True})
    seen = _visit(world, "GET", path)
    assert (seen["state"], seen["state_text"]["zh"]) == ("pending", "等待您的回复")

    replied = _visit(
        world, "POST", f"{path}/messages", {"text": "The one at the back. 后面那个", "name": "Ann"}
    )

    assert replied["state"] == "open"
    followed = sam.get(f"/tickets/{ticket['id']}")
    assert (followed["state"], followed["assignee_id"]) == ("open", sid.get("/auth/me")["id"])
    words = [each["text"] for each in sam.every(f"/tickets/{ticket['id']}/messages")]
    assert words == ["Which valve is it?", "The one at the back. 后面那个"]
    shown = _visit(world, "GET", f"{path}/messages")["items"]
    assert [each["text"] for each in shown] == words
    with pytest.raises(ActFailed) as refused:
        sam.get(f"/tickets/{ticket['id']}/notes")
    assert refused.value.status == 403
    with pytest.raises(ActFailed) as refused:
        world.system["ned"].get(f"/tickets/{ticket['id']}/messages")
    assert refused.value.status == 404
    page = sam.get(f"/customers/{customer['id']}/360")["sections"]["service"]["data"]
    assert [each["text"] for each in page["recent_messages"]] == words[::-1]


def test_r6_4_satisfaction_is_asked_answered_once_and_counted(world: World) -> None:
    sam = world.system["sam"]
    customer, ticket = _ticket(world)
    path = sam.post(f"/tickets/{ticket['id']}/link", {}, key=world.name("link"))["path"]
    _act(world, ticket, "resolve", {"resolution": "New seal"})
    assert _visit(world, "GET", path)["asked"] is True

    rated = _visit(world, "POST", f"{path}/satisfaction", {"score": 4, "comment": "很快"})

    assert (rated["asked"], rated["score"]) == (False, 4)
    again = _raw(world, "POST", f"{path}/satisfaction", {"score": 1})
    assert (again.status, json.loads(again.data)["code"]) == (409, "satisfaction_answered")
    kept = sam.get(f"/tickets/{ticket['id']}/satisfaction")
    assert (kept["score"], kept["comment"], kept["answered_by"]) == (4, "很快", "customer")
    page = sam.get(f"/customers/{customer['id']}/360")["sections"]["service"]["data"]
    assert {
        name: page["satisfaction"][name] for name in ("asked", "answered", "satisfied", "csat_percent")
    } == {
        "asked": 1,
        "answered": 1,
        "satisfied": 1,
        "csat_percent": "100",
    }
    today = world.system.today.isoformat()
    (row,) = world.system["mia"].get("/satisfaction", since=today, until=today)["rows"]
    assert row["answered"] >= row["satisfied"] >= 1


def test_r6_3_what_was_merged_and_what_was_closed_goes_on_where_it_should(world: World) -> None:
    sam = world.system["sam"]
    customer, kept = _ticket(world)
    _, gone = _ticket(world, customer)
    path = sam.post(f"/tickets/{gone['id']}/link", {}, key=world.name("link"))["path"]
    _act(world, gone, "merge", {"into_ticket_id": kept["id"]})
    assert _visit(world, "POST", f"{path}/messages", {"text": "Hello?"})["number"] == kept["number"]
    _act(world, kept, "resolve", {"resolution": "New seal"})
    _act(world, kept, "close", {})
    seen = _visit(world, "POST", f"{path}/messages", {"text": "It leaks again"})
    assert (seen["state"], len(seen["numbers"])) == ("new", 3)
    words = [each["text"] for each in _visit(world, "GET", f"{path}/messages")["items"]]
    assert words == ["Valve leaks", "Hello?", "It leaks again"]
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    ours = [finding for finding in report.findings if finding.store == "service_desk"]
    assert len(ours) > 10
    assert [finding for finding in ours if finding.violations] == []


def _ticket(world: World, customer: Any = None) -> tuple[Any, Any]:
    customer = customer or world.customer()
    body = {"customer_id": customer["id"], "kind": "technical", "subject": "Valve leaks"}
    return customer, world.system["sam"].post("/tickets", body, key=world.name("ticket"))


def _act(world: World, ticket: Any, act: str, body: Any) -> Any:
    return world.system["sid"].post(f"/tickets/{ticket['id']}/{act}", body, key=world.name(act))


def _visit(world: World, method: str, path: str, body: Any = None) -> Any:
    answer = _raw(world, method, path, body)
    assert answer.status == 200, answer.data
    return json.loads(answer.data)


def _raw(world: World, method: str, path: str, body: Any = None) -> urllib3.BaseHTTPResponse:
    """Ask as somebody without a login does."""
    url = f"{world.system.target.gateway_url}{path}"
    return urllib3.request(method, url, json=body) if body is not None else urllib3.request(method, url)
