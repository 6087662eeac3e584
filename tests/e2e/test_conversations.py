"""A ticket from the first word to the last: followed by the customer's link, and rated by him."""

from __future__ import annotations

import base64
import json
from email.message import EmailMessage
from typing import Any

import pytest
import urllib3

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


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


def test_r6_3_a_mail_becomes_a_word_on_the_ticket_with_its_files_and_an_article_solves_it(
    world: World,
) -> None:
    sid = world.system["sid"]
    customer = world.customer()
    address = f"{world.name('ann').lower()}@harbor.example"
    contact = {"name": "Ann", "email": address}
    world.system["sam"].post(f"/customers/{customer['id']}/contacts", contact, key=world.name("contact"))
    first = wait_for(lambda: _taken(world, _mail(world, address, "A valve drips")), "the contact's address")
    answer = _mail(world, address, f"Re: [#{sid.get('/tickets/' + first['ticket_id'])['number']}]", PNG)
    second = sid.post("/mails", {"content": answer}, key=world.name("mail"))
    assert second["ticket_id"] == first["ticket_id"]
    words = sid.every(f"/tickets/{first['ticket_id']}/messages")
    assert [(each["way"], len(each["attachments"])) for each in words] == [("mail", 0), ("mail", 1)]
    path = world.system["sam"].post(f"/tickets/{first['ticket_id']}/link", {}, key=world.name("link"))["path"]
    got = _raw(world, "GET", f"{path}/attachments/{words[1]['attachments'][0]['id']}")
    assert (got.status, got.data, got.headers["Content-Type"]) == (200, PNG, "application/octet-stream")
    assert got.headers["Content-Disposition"] == "attachment; filename=leak.png"
    assert got.headers["X-Content-Type-Options"] == "nosniff"

    word = world.name("drips").replace("-", "")
    text = {"title": f"A valve that drips: {word}", "body": "Change the seal."}
    article = sid.post("/articles", {"en": text}, key=world.name("article"))
    sid.post(f"/articles/{article['id']}/publish", {}, key=world.name("publish"))
    fits = sid.get(f"/tickets/{first['ticket_id']}/suggested-articles")["articles"]
    assert article["id"] in {each["id"] for each in fits}
    sid.post(
        f"/tickets/{first['ticket_id']}/solved-by", {"article_id": article["id"]}, key=world.name("solved")
    )
    (found,) = sid.get("/articles/search", q=word)["articles"]
    assert (found["id"], found["solved"]) == (article["id"], 1)


def _mail(world: World, address: str, subject: str, picture: bytes | None = None) -> str:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = (
        address,
        subject,
        f"<{world.name('m')}@harbor.example>",
    )
    made.set_content("It drips 漏水")
    if picture:
        made.add_attachment(picture, maintype="image", subtype="png", filename="leak.png")
    return base64.b64encode(made.as_bytes()).decode()


def _taken(world: World, content: str) -> Any:
    """Return the mail if its sender is known already; it waits for somebody otherwise."""
    kept = world.system["sid"].post("/mails", {"content": content}, key=world.name("mail"))
    return kept if kept["state"] == "taken" else None


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
