"""Tickets over HTTP: what is answered, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from libs.common.testing import ManualClock
from services.service_desk.jobs.close_resolved_tickets import close_resolved_tickets
from services.service_desk.store.tables import ticket
from services.service_desk.tests.builders import (
    CONVERSATION,
    HARBOR,
    NANCY,
    ORDER,
    OTHERS,
    PUMP,
    UNKNOWN,
    VALVE,
    Desk,
    a_line,
    an_id,
    open_ticket,
    registered,
    shipped,
)

PATH = "/api/v1/tickets"
RESOLVED = {"resolution": "New seal sent"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once it knows Harbor Pumps with a pump and a valve, and a customer of somebody else."""
    second = an_id("0d01", 2)
    desk.hears(registered(), registered(OTHERS, number="C-000002", name="Others", owner_id="someone"))
    desk.hears(shipped(), shipped(a_line(VALVE), delivery_id=an_id("de01", 2), order_id=second))
    desk.hears(shipped(delivery_id=an_id("de01", 3), order_id=an_id("0d01", 3), customer_id=OTHERS))
    return desk


def test_a_ticket_lies_in_the_queue_of_its_kind(desk: Desk) -> None:
    opened = open_ticket(desk.nancy, kind="quality", description="Two lines\nof text")
    assert opened == {
        "id": opened["id"],
        "number": "T-000001",
        "customer_id": HARBOR,
        "customer_number": "C-000001",
        "customer_name": "Harbor Pumps",
        "kind": "quality",
        "queue": "production",
        "state": "new",
        "subject": "It leaks",
        "description": "Two lines\nof text",
        "order_id": None,
        "item_id": None,
        "opened_by": NANCY,
        "opened_on": "2026-03-02",
        "opened_at": "2026-03-02T01:00:00Z",
        "assignee_id": None,
        "resolution": None,
        "resolved_on": None,
        "resolved_at": None,
        "closed_at": None,
        "priority": "normal",
        "version": 1,
    }
    assert desk.sergei.get(f"{PATH}/{opened['id']}").json == opened
    (told,) = desk.messages()
    assert (told.type, told.correlation_id) == ("service_desk.ticket.opened.v1", opened["id"])
    assert told.data["queue"] == "production"


def test_the_day_is_the_companys(desk: Desk, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=16))
    assert open_ticket(desk.nancy)["opened_on"] == "2026-03-03"


def test_a_ticket_about_an_order_joins_its_conversation(desk: Desk) -> None:
    opened = open_ticket(desk.nancy, order_id=ORDER, item_id=PUMP)
    desk.sergei.post(f"{PATH}/{opened['id']}/resolve", json=RESOLVED)
    assert {message.correlation_id for message in desk.messages()} == {CONVERSATION}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": "7"}, "customer_id"),
        ({"customer_id": None}, "customer_id"),
        ({"kind": "angry"}, "kind"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"subject": "two\nlines"}, "subject"),
        ({"description": "x" * 10_001}, "description"),
        ({"queue": "finance"}, "queue"),
        ({"state": "closed"}, "state"),
        ({"order_id": "S-1"}, "order_id"),
        ({"opened_on": "2026-02-30"}, "opened_on"),
        ({"opened_on": "2026-03-04"}, "opened_on"),
        ({"customer_id": UNKNOWN}, "customer_id"),
        ({"order_id": UNKNOWN}, "order_id"),
        ({"order_id": an_id("0d01", 3)}, "order_id"),
        ({"item_id": UNKNOWN}, "item_id"),
        ({"order_id": ORDER, "item_id": VALVE}, "item_id"),
    ],
)
def test_a_bad_ticket_is_refused_by_its_field_and_changes_nothing(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    body = {"customer_id": HARBOR, "kind": "technical", "subject": "It leaks"} | changes
    answer = desk.sergei.post(PATH, json=body)
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["field"] == field
    assert (desk.count(ticket), desk.told()) == (0, [])


def test_another_persons_customer_is_as_unknown_as_none(desk: Desk) -> None:
    body = {"kind": "technical", "subject": "It leaks"}
    answers = [desk.nancy.post(PATH, json=body | {"customer_id": other}) for other in (OTHERS, UNKNOWN)]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [
        (422, "unknown_customer")
    ] * 2
    assert answers[0].json["detail"] == answers[1].json["detail"]
    assert desk.count(ticket) == 0


def test_another_persons_ticket_is_not_there(desk: Desk) -> None:
    opened = open_ticket(desk.nancy)
    assert desk.nancy.get(f"{PATH}/{opened['id']}").status_code == 200
    assert desk.janet.get(f"{PATH}/{opened['id']}").status_code == 404
    assert desk.janet.get(PATH).json["items"] == []
    assert desk.janet.get(PATH, query_string={"customer_id": HARBOR}).json["items"] == []
    assert desk.sergei.get(f"{PATH}/{UNKNOWN}").json["code"] == "ticket_not_found"


def test_the_whole_life_of_a_ticket(desk: Desk) -> None:
    path = f"{PATH}/{open_ticket(desk.nancy)['id']}"
    states = []
    for act in ("take", "wait", "take", "resolve", "reopen", "resolve", "close"):
        answer = desk.sergei.post(f"{path}/{act}", json=RESOLVED if act == "resolve" else None)
        assert answer.status_code == 200, answer.json
        states.append((answer.json["state"], answer.json["version"]))
    expected = ["open", "pending", "open", "resolved", "open", "resolved", "closed"]
    assert states == [(state, version) for version, state in enumerate(expected, start=2)]
    shown = desk.nancy.get(path).json
    assert (shown["assignee_id"], shown["resolution"]) == ("sergei", "New seal sent")
    assert [type_.split(".")[2] for type_ in desk.told()] == [
        "opened",
        "assigned",
        "resolved",
        "reopened",
        "resolved",
        "closed",
    ]


def test_taking_what_is_ones_own_changes_nothing(desk: Desk) -> None:
    path = f"{PATH}/{open_ticket(desk.nancy)['id']}/take"
    assert [desk.sergei.post(path).json["version"] for _ in range(2)] == [2, 2]


def test_what_the_state_does_not_allow_is_refused(desk: Desk) -> None:
    path = f"{PATH}/{open_ticket(desk.nancy)['id']}"
    desk.sergei.post(f"{path}/resolve", json=RESOLVED)
    for act, body in (("resolve", RESOLVED), ("take", None), ("wait", None)):
        answer = desk.sergei.post(f"{path}/{act}", json=body)
        assert (answer.status_code, answer.json["code"], answer.json["state"]) == (
            409,
            "ticket_state",
            "resolved",
        )
    assert len(desk.told()) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "resolution"),
        ({"resolution": ""}, "resolution"),
        ({"resolution": "x", "state": "closed"}, "state"),
        ({"resolution": "x", "resolved_on": "2026-03-04"}, "resolved_on"),
        ({"resolution": "x", "resolved_on": "2026-03-01"}, "resolved_on"),
    ],
)
def test_a_bad_resolution_is_refused_by_its_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    opened = open_ticket(desk.nancy)
    answer = desk.sergei.post(f"{PATH}/{opened['id']}/resolve", json=body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.sergei.get(f"{PATH}/{opened['id']}").json == opened


def test_a_past_ticket_keeps_its_days(desk: Desk) -> None:
    opened = open_ticket(desk.client("importer", "api_client"), opened_on="1997-05-01")
    path = f"{PATH}/{opened['id']}/resolve"
    answer = desk.sergei.post(path, json=RESOLVED | {"resolved_on": "1997-05-03"})
    assert (answer.json["opened_on"], answer.json["resolved_on"]) == ("1997-05-01", "1997-05-03")


def test_a_resolution_of_another_version_is_refused(desk: Desk) -> None:
    opened = open_ticket(desk.nancy)
    path = f"{PATH}/{opened['id']}"
    stale = desk.sergei.post(f"{path}/resolve", json=RESOLVED, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json["code"]) == (412, "version_mismatch")
    assert desk.sergei.get(path).json == opened
    tag = desk.sergei.get(path).headers["ETag"]
    assert desk.sergei.post(f"{path}/resolve", json=RESOLVED, headers={"If-Match": tag}).status_code == 200


def test_of_two_resolutions_at_once_one_stands(desk: Desk) -> None:
    path = f"{PATH}/{open_ticket(desk.nancy)['id']}/resolve"

    def resolve(text: str) -> int:
        return int(desk.sergei.post(path, json={"resolution": text}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(resolve, ["first", "second"])) == [200, 409]
    assert desk.told().count("service_desk.ticket.resolved.v1") == 1


def test_each_department_works_on_its_own_queue(desk: Desk) -> None:
    billing = f"{PATH}/{open_ticket(desk.nancy, kind='billing')['id']}/resolve"
    delivery = f"{PATH}/{open_ticket(desk.nancy, kind='delivery')['id']}/resolve"
    clerk, picker = desk.client("clerk", "finance"), desk.client("picker", "warehouse")
    refused = [desk.nancy.post(billing, json=RESOLVED), picker.post(billing, json=RESOLVED)]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert refused[1].json["code"] == "queue_not_yours"
    assert clerk.post(billing, json=RESOLVED).status_code == 200
    assert picker.post(delivery, json=RESOLVED).status_code == 200


def test_what_was_resolved_two_weeks_ago_closes_by_itself(desk: Desk, clock: ManualClock) -> None:
    ids = [open_ticket(desk.nancy)["id"] for _ in range(3)]
    for ticket_id in ids[:2]:
        desk.sergei.post(f"{PATH}/{ticket_id}/resolve", json=RESOLVED)
        clock.advance(timedelta(days=1))
    clock.advance(timedelta(days=13))
    close_resolved_tickets(desk.database)
    states = [desk.sergei.get(f"{PATH}/{ticket_id}").json["state"] for ticket_id in ids]
    assert states == ["closed", "resolved", "new"]
    close_resolved_tickets(desk.database)
    assert desk.told().count("service_desk.ticket.closed.v1") == 1


def test_finding_tickets_page_by_page_the_latest_first(desk: Desk) -> None:
    for day in ("2026-03-01", "2026-02-01", "2026-02-20", "2026-03-02"):
        open_ticket(desk.nancy, opened_on=day, kind="billing" if day.startswith("2026-02") else "other")
    first = desk.sergei.get(PATH, query_string={"limit": "3"}).json
    second = desk.sergei.get(PATH, query_string={"cursor": first["next_cursor"]}).json
    days = [row["opened_on"] for row in first["items"] + second["items"]]
    assert days == ["2026-03-02", "2026-03-01", "2026-02-20", "2026-02-01"]
    assert second["next_cursor"] is None
    billing = desk.sergei.get(PATH, query_string={"queue": "finance", "state": "new"}).json["items"]
    assert [row["opened_on"] for row in billing] == ["2026-02-20", "2026-02-01"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"customer_id": "1"}, "customer_id"),
        ({"cursor": "x"}, "cursor"),
        ({"x": "1"}, "x"),
    ],
)
def test_a_bad_search_is_refused_by_its_parameter(desk: Desk, query: dict[str, str], field: str) -> None:
    answer = desk.sergei.get(PATH, query_string=query)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_each_fact_with_its_fields(desk: Desk) -> None:
    opened = open_ticket(desk.nancy, kind="delivery", order_id=ORDER, item_id=PUMP)
    path = f"{PATH}/{opened['id']}"
    for act, body in (("resolve", RESOLVED), ("reopen", None), ("resolve", RESOLVED), ("close", None)):
        desk.sergei.post(f"{path}/{act}", json=body)
    who = {"ticket_id": opened["id"], "number": "T-000001", "customer_id": HARBOR}
    about = {"kind": "delivery", "queue": "warehouse", "subject": "It leaks", "opened_on": "2026-03-02"}
    resolved = who | {"resolution": "New seal sent", "resolved_on": "2026-03-02"}
    assert [message.data for message in desk.messages()] == [
        who | about | {"order_id": ORDER, "item_id": PUMP},
        resolved,
        who,
        resolved,
        who,
    ]
    assert [message.sequence for message in desk.messages()] == [1, 2, 3, 4, 5]
