"""Promises over HTTP: when a ticket is due, who is told when it is not kept, and the figures of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from libs.common.testing import ManualClock
from services.service_desk.jobs.watch_deadlines import watch_deadlines
from services.service_desk.tests.builders import HARBOR, OTHERS, Desk, open_ticket, registered
from services.service_desk.use_cases.run_clock import look_at_clock

NEAR, MISSED = (f"service_desk.ticket.deadline_{what}.v1" for what in ("near", "missed"))
RESOLVED = {"resolution": "New seal sent"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once it knows Harbor Pumps, of the group gold, and a customer of somebody else."""
    desk.hears(registered(group="gold"), registered(OTHERS, number="C-2", name="Others", owner_id="someone"))
    return desk


def due(desk: Desk, ticket: dict[str, Any]) -> dict[str, Any]:
    return dict(desk.sergei.get(f"/api/v1/tickets/{ticket['id']}/deadlines").json or {})


def act(desk: Desk, ticket: dict[str, Any], verb: str, body: dict[str, Any] | None = None) -> None:
    assert desk.sergei.post(f"/api/v1/tickets/{ticket['id']}/{verb}", json=body).status_code == 200


def deadlines_told(desk: Desk) -> list[tuple[str, str]]:
    return [(each.type, each.data["promise"]) for each in desk.messages() if "deadline" in each.type]


def test_a_ticket_is_due_in_working_time_by_its_priority(desk: Desk) -> None:
    urgent, normal = open_ticket(desk.nancy, priority="urgent"), open_ticket(desk.nancy)
    assert due(desk, urgent)["response"] == {
        "due_at": "2026-03-02T02:00:00Z",
        "done_at": None,
        "outcome": "running",
    }
    # Nine o'clock in Shanghai, eight hours a day: five working days end on Friday at six.
    assert due(desk, normal)["resolution"]["due_at"] == "2026-03-06T10:00:00Z"
    assert (due(desk, normal)["policy_version"], urgent["priority"]) == (1, "urgent")
    listed = desk.sergei.get("/api/v1/deadlines", query_string={"limit": "1"}).json
    assert [row["ticket_id"] for row in listed["items"]] == [urgent["id"]]
    rest = desk.sergei.get("/api/v1/deadlines", query_string={"cursor": listed["next_cursor"]}).json
    assert [row["ticket_id"] for row in rest["items"]] == [normal["id"]]


def test_what_is_near_and_what_is_missed_is_told_once(desk: Desk, clock: ManualClock) -> None:
    open_ticket(desk.nancy, priority="urgent")
    clock.advance(timedelta(minutes=48))
    for _ in range(2):
        watch_deadlines(desk.database)
    assert deadlines_told(desk) == [(NEAR, "response")]
    clock.advance(timedelta(days=3))
    for _ in range(2):
        watch_deadlines(desk.database)
    assert deadlines_told(desk) == [(NEAR, "response"), (MISSED, "response"), (MISSED, "resolution")]
    told = desk.messages()[-1].data
    assert (told["priority"], told["queue"], told["due_at"]) == (
        "urgent",
        "technical_support",
        "2026-03-02T10:00:00.000000Z",
    )


def test_many_lookers_tell_of_a_deadline_once(desk: Desk, clock: ManualClock) -> None:
    ticket = open_ticket(desk.nancy, priority="urgent")
    clock.advance(timedelta(days=3))
    with ThreadPoolExecutor(4) as pool:
        looks = [
            pool.submit(desk.database.transact, lambda tx: look_at_clock(tx, ticket["id"])) for _ in range(8)
        ]
        assert sorted(look.result() for look in looks) == [False] * 7 + [True]
    assert deadlines_told(desk) == [(MISSED, "response"), (MISSED, "resolution")]


def test_while_the_customer_is_waited_for_nothing_is_told(desk: Desk, clock: ManualClock) -> None:
    ticket = open_ticket(desk.nancy, priority="urgent")
    clock.advance(timedelta(minutes=30))
    act(desk, ticket, "wait")
    clock.advance(timedelta(days=7))
    watch_deadlines(desk.database)
    assert (deadlines_told(desk), desk.sergei.get("/api/v1/deadlines").json["items"]) == ([], [])
    act(desk, ticket, "take")
    now = due(desk, ticket)
    assert (now["response"]["outcome"], now["paused_at"]) == ("met", None)
    # Thirty minutes were used on the 2nd; the other seven and a half hours begin on the 9th at half past nine.
    assert now["resolution"]["due_at"] == "2026-03-09T10:00:00Z"


def test_whoever_resolves_too_late_tells_it_himself(desk: Desk, clock: ManualClock) -> None:
    ticket = open_ticket(desk.nancy, priority="urgent")
    clock.advance(timedelta(days=2))
    act(desk, ticket, "resolve", RESOLVED)
    assert deadlines_told(desk) == [(MISSED, "response"), (MISSED, "resolution")]
    act(desk, ticket, "reopen")
    assert due(desk, ticket)["resolution"]["outcome"] == "missed"


def test_the_figures_count_what_was_kept(desk: Desk, clock: ManualClock) -> None:
    kept, late, still = (open_ticket(desk.nancy, priority="urgent") for _ in range(3))
    open_ticket(desk.nancy, priority="low")
    act(desk, kept, "resolve", RESOLVED)
    act(desk, still, "wait")
    clock.advance(timedelta(days=1))
    act(desk, late, "resolve", RESOLVED)
    period = {"since": "2026-03-02", "until": "2026-03-02"}
    found = desk.sergei.get("/api/v1/sla-figures", query_string=period).json["priorities"]
    assert [(row["priority"], row["tickets"]) for row in found] == [("urgent", 3), ("low", 1)]
    assert {name: value for name, value in found[0].items() if "_" in name} == {
        "response_met": 2,
        "response_missed": 1,
        "response_running": 0,
        "resolution_met": 1,
        "resolution_missed": 1,
        "resolution_running": 1,
    }
    wrong = {"since": "2026-03-02", "until": "2026-03-01"}
    refused = desk.sergei.get("/api/v1/sla-figures", query_string=wrong)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "until")


def test_a_policy_holds_for_tickets_to_come_and_a_group_may_have_its_own(desk: Desk) -> None:
    before = open_ticket(desk.nancy)
    steven = desk.client("steven", "sales_manager")
    policy = dict(desk.sergei.get("/api/v1/sla-policy").json)
    assert (policy.pop("version"), policy["calendar"]["week"]["sunday"]) == (1, [])
    policy["targets"].insert(0, {"groups": ["gold"], "response_minutes": 5, "resolution_minutes": 10})
    policy["calendar"]["days"] = [{"day": "2026-03-02", "hours": []}]
    assert desk.sergei.put("/api/v1/sla-policy", json=policy).status_code == 403
    answer = steven.put("/api/v1/sla-policy", json=policy, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["version"]) == (200, 2)
    stale = steven.put("/api/v1/sla-policy", json=policy, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    gold = open_ticket(desk.nancy, customer_id=HARBOR)
    plain = open_ticket(desk.sergei, customer_id=OTHERS)
    assert due(desk, gold)["response"]["due_at"] == "2026-03-03T01:05:00Z"
    assert due(desk, plain)["response"]["due_at"] == "2026-03-03T06:00:00Z"
    assert (due(desk, before)["policy_version"], due(desk, gold)["policy_version"]) == (1, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"warn_percent": 0}, "warn_percent"),
        ({"targets": [{"kinds": ["other"], "response_minutes": 1, "resolution_minutes": 1}]}, "targets"),
        (
            {"targets": [{"response_minutes": 2, "resolution_minutes": 1}]},
            "targets.0.resolution_minutes",
        ),
        (
            {"calendar": {"zone": "Mars", "week": {"monday": [{"opens": "09:00", "closes": "10:00"}]}}},
            "calendar.zone",
        ),
        ({"calendar": {"zone": "UTC", "week": {}}}, "calendar.week"),
        (
            {
                "calendar": {
                    "zone": "UTC",
                    "week": {"monday": [{"opens": "09:00", "closes": "10:00"}]},
                    "days": [{"day": "2026-01-01", "hours": []}] * 2,
                }
            },
            "calendar.days.1.day",
        ),
    ],
)
def test_a_policy_that_cannot_be_kept_is_refused_by_its_field(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    policy = dict(desk.sergei.get("/api/v1/sla-policy").json)
    del policy["version"]
    answer = desk.client("steven", "sales_manager").put("/api/v1/sla-policy", json=policy | change)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.sergei.get("/api/v1/sla-policy").json["version"] == 1


def test_of_two_policies_at_once_each_is_a_version(desk: Desk) -> None:
    policy = dict(desk.sergei.get("/api/v1/sla-policy").json)
    del policy["version"]

    def put(_: int) -> int:
        return int(
            desk.client("steven", "sales_manager").put("/api/v1/sla-policy", json=policy).json["version"]
        )

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(put, range(3))) == [2, 3, 4]


def test_a_ticket_of_the_past_and_one_of_others_have_no_deadlines_to_show(desk: Desk) -> None:
    past = open_ticket(desk.nancy, opened_on="2026-02-01")
    answer = desk.sergei.get(f"/api/v1/tickets/{past['id']}/deadlines")
    assert (answer.status_code, answer.json["code"]) == (404, "no_deadlines")
    others = open_ticket(desk.sergei, customer_id=OTHERS)
    assert desk.nancy.get(f"/api/v1/tickets/{others['id']}/deadlines").status_code == 404
    assert desk.nancy.get("/api/v1/deadlines").json["items"] == []
    act(desk, past, "wait")
    act(desk, past, "resolve", RESOLVED)
