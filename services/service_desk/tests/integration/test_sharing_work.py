"""Tickets go to who has the least to do, also of many at once, and to whom somebody says (R6.2)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from libs.common.testing import ManualClock
from libs.common.testing.interleaving import every_order, interleaved
from services.service_desk.jobs.hand_out_tickets import hand_out_tickets
from services.service_desk.tests.builders import HARBOR, NOW, Desk
from services.service_desk.tests.integration.test_seams import violations
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    reply,
    two_customers,
)
from services.service_desk.use_cases.share_work import hand_out

ROSTER = "/api/v1/desk-roster"
ASSIGNED = "service_desk.ticket.assigned.v1"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def person(name: str, *queues: str, **more: Any) -> dict[str, Any]:
    return {"person_id": name, "queues": list(queues or ("technical_support",))} | more


def put(desk: Desk, *people: dict[str, Any], status: int = 200, **headers: str) -> Any:
    steven = desk.client("steven", "sales_manager")
    return done(steven.put(ROSTER, json={"people": list(people)}, headers=headers), status)


def listed(desk: Desk, **filters: str) -> list[str]:
    return [each["id"] for each in done(desk.sergei.get(TICKETS, query_string=filters))["items"]]


def history(desk: Desk, ticket: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    rows = done(desk.nancy.get(f"{TICKETS}/{ticket['id']}/assignments"))["assignments"]
    return [(row["assignee_id"], row["means"], row["by"]) for row in rows]


def test_without_a_roster_a_ticket_is_nobodys(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    assert (ticket["assignee_id"], ASSIGNED in desk.told()) == (None, False)
    assert done(desk.sergei.get(ROSTER)) == {"version": 0, "zone": None, "people": []}


def test_r6_2_of_many_tickets_at_once_everybody_gets_a_fair_share(desk: Desk) -> None:
    put(desk, *(person(name) for name in ("ann", "bob", "cid")))
    with ThreadPoolExecutor(10) as pool:
        opened = list(pool.map(lambda _: a_new_ticket(desk), range(20)))
    shares = Counter(each["assignee_id"] for each in opened)
    assert sorted(shares.values()) == [6, 7, 7], shares
    people = done(desk.sergei.get(ROSTER))["people"]
    assert {each["person_id"]: each["open_tickets"] for each in people} == shares
    assert desk.told().count(ASSIGNED) == 20
    assert violations(desk) == {}


def test_what_is_urgent_weighs_more_and_half_a_day_gets_half(desk: Desk) -> None:
    put(desk, person("ann"), person("bob"))
    urgent = a_new_ticket(desk, priority="urgent")["assignee_id"]
    others = [a_new_ticket(desk, priority="low")["assignee_id"] for _ in range(3)]
    assert urgent == "ann"
    assert others == ["bob", "bob", "bob"], "three of low priority weigh less than one that is urgent"
    put(desk, person("cid"), person("dan", capacity_percent=50))
    shares = Counter(a_new_ticket(desk)["assignee_id"] for _ in range(6))
    assert shares == {"cid": 4, "dan": 2}


def test_what_waits_for_the_customer_weighs_half_and_what_is_solved_nothing(desk: Desk) -> None:
    put(desk, person("ann"), person("bob"))
    first, second = a_new_ticket(desk), a_new_ticket(desk)
    assert (first["assignee_id"], second["assignee_id"]) == ("ann", "bob")
    act(desk, second["id"], "wait")
    assert a_new_ticket(desk)["assignee_id"] == "bob"
    act(desk, first["id"], "resolve", RESOLVED)
    assert a_new_ticket(desk)["assignee_id"] == "ann"
    people = done(desk.sergei.get(ROSTER))["people"]
    assert [(each["open_tickets"], each["open_weight"]) for each in people] == [(1, 4), (2, 6)]


def test_who_is_away_gets_nothing_and_what_came_meanwhile_is_handed_out(
    desk: Desk, clock: ManualClock
) -> None:
    away = [{"since": "2026-03-01", "until": "2026-03-02", "reason": "Ill"}]
    put(desk, person("ann", absences=away), person("bob", weekdays=["tuesday"]), person("cid", "finance"))
    low, urgent = a_new_ticket(desk), a_new_ticket(desk, priority="urgent")
    assert (low["assignee_id"], urgent["assignee_id"]) == (None, None)
    hand_out_tickets(desk.database, ZONE)
    assert listed(desk, assignee_id="ann") + listed(desk, assignee_id="bob") == []
    clock.advance(timedelta(days=1))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: hand_out_tickets(desk.database, ZONE), range(3)))
    assert (history(desk, urgent), history(desk, low)) == (
        [("ann", "load", "meridian")],
        [("bob", "load", "meridian")],
    )
    assert done(desk.sergei.get(ROSTER))["people"][0]["on_duty_today"] is True


def hours(opens: str, closes: str) -> dict[str, str]:
    return {"opens": opens, "closes": closes}


def test_r6_2_nobody_off_duty_gets_a_ticket_while_somebody_is_on(desk: Desk, clock: ManualClock) -> None:
    # It is Monday, 9:00 where the company is.
    early, late = {"monday": [hours("06:00", "14:00")]}, {"monday": [hours("14:00", "24:00")]}
    put(desk, person("ann", hours=early), person("bob", hours=late))
    assert [a_new_ticket(desk)["assignee_id"] for _ in range(3)] == ["ann"] * 3
    people = done(desk.sergei.get(ROSTER))["people"]
    assert [(each["on_duty_today"], each["on_duty_now"]) for each in people] == [(True, True), (True, False)]
    clock.advance(timedelta(hours=5))
    assert [a_new_ticket(desk)["assignee_id"] for _ in range(3)] == ["bob"] * 3
    shown = done(desk.sergei.get(ROSTER))
    assert [each["on_duty_now"] for each in shown["people"]] == [False, True]
    assert (shown["zone"], shown["people"][0]["hours"]) == ("Asia/Shanghai", early)
    assert violations(desk) == {}


def test_r6_2_what_came_while_nobody_was_on_duty_goes_to_the_first_who_comes(
    desk: Desk, clock: ManualClock
) -> None:
    put(
        desk,
        person("ann", hours={"monday": [hours("08:00", "08:30"), hours("13:00", "17:00")]}),
        person("bob", hours={"monday": [hours("10:00", "12:00")]}),
    )
    low, urgent = a_new_ticket(desk), a_new_ticket(desk, priority="urgent")
    act(desk, low["id"], "assign", {})
    hand_out_tickets(desk.database, ZONE)
    assert (history(desk, low), history(desk, urgent)) == ([], [])
    clock.advance(timedelta(minutes=59))
    hand_out_tickets(desk.database, ZONE)
    assert history(desk, urgent) == []
    clock.advance(timedelta(minutes=1))
    hand_out_tickets(desk.database, ZONE)
    assert (history(desk, urgent), history(desk, low)) == (
        [("bob", "load", "meridian")],
        [("bob", "load", "meridian")],
    )
    clock.advance(timedelta(hours=2))
    waiting = a_new_ticket(desk)
    assert waiting["assignee_id"] is None, "between his hours and hers nobody is there"
    clock.advance(timedelta(hours=1))
    hand_out_tickets(desk.database, ZONE)
    assert history(desk, waiting) == [("ann", "load", "meridian")]
    assert violations(desk) == {}


@pytest.mark.postgres
def test_r6_2_a_ticket_that_two_hand_out_as_somebody_comes_is_given_once(desk: Desk) -> None:
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    early = {"monday": [hours("06:00", "14:00")]}
    people = [person("ann", hours=early), person("bob", hours=early)]

    def one(at: int, swapped: bool) -> bool:
        put(desk)
        ticket = a_new_ticket(desk)
        put(desk, *people)
        give = partial(desk.database.transact, partial(hand_out, ticket_id=ticket["id"], today=NOW.date()))
        first, second, stopped = interleaved(desk.database, give, give, at)
        assert {first, second} == {False, True}
        assert len(history(desk, ticket)) == 1
        act(desk, ticket["id"], "resolve", RESOLVED)
        return stopped

    assert every_order(one) > 8
    assert violations(desk) == {}


def test_another_queue_has_people_of_its_own(desk: Desk) -> None:
    put(desk, person("ann"), person("fay", "finance"))
    ticket = a_new_ticket(desk)
    act(desk, ticket["id"], "route", {"kind": "billing"})
    assert listed(desk, assignee_id="fay") == [ticket["id"]]
    act(desk, ticket["id"], "route", {"kind": "delivery"})
    assert history(desk, ticket) == [
        ("ann", "load", "meridian"),
        ("fay", "load", "sergei"),
        (None, "routed", "sergei"),
    ]
    told = [
        (each.data["previous_assignee_id"], each.data["assignee_id"])
        for each in desk.messages()
        if each.type == ASSIGNED
    ]
    assert told == [(None, "ann"), ("ann", "fay"), ("fay", None)]
    assert violations(desk) == {}


def test_a_ticket_is_given_by_hand_taken_and_given_back(desk: Desk) -> None:
    put(desk, person("ann"), person("bob"), person("fay", "finance"))
    ticket = a_new_ticket(desk)
    assert act(desk, ticket["id"], "assign", {"assignee_id": "bob"})["assignee_id"] == "bob"
    refused = act(desk, ticket["id"], "assign", {"assignee_id": "fay"}, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("not_on_the_roster", "assignee_id")
    reply(desk, ticket["id"])
    assert listed(desk, assignee_id="me") == [ticket["id"]], "who answers a new ticket has taken it"
    mine = done(desk.sergei.get("/api/v1/deadlines", query_string={"assignee_id": "me"}))["items"]
    assert [each["ticket_id"] for each in mine] == [ticket["id"]]
    assert act(desk, ticket["id"], "assign", {})["assignee_id"] == "ann"
    assert [each[:2] for each in history(desk, ticket)] == [
        ("ann", "load"),
        ("bob", "hand"),
        ("sergei", "taken"),
        ("ann", "load"),
    ]
    assert desk.nancy.post(f"{TICKETS}/{ticket['id']}/assign", json={}).status_code == 403
    act(desk, ticket["id"], "resolve", RESOLVED)
    assert act(desk, ticket["id"], "assign", {}, 409)["code"] == "ticket_state"
    assert violations(desk) == {}


def test_what_nobody_decided_is_a_list_until_a_person_says(desk: Desk) -> None:
    put(desk, person("ann"))
    a_new_ticket(desk)
    unsure = done(desk.nancy.post(TICKETS, json={"customer_id": HARBOR, "subject": "qwertz"}), 201)
    assert (unsure["assignee_id"], listed(desk, decided_by="nobody")) == ("ann", [unsure["id"]])
    act(desk, unsure["id"], "route", {"kind": "other"})
    assert listed(desk, decided_by="nobody") == []


@pytest.mark.parametrize(
    ("people", "field"),
    [
        ([person("ann"), person("ann")], "people.1.person_id"),
        (
            [person("ann", absences=[{"since": "2026-03-02", "until": "2026-03-01"}])],
            "people.0.absences.0.until",
        ),
        ([person("ann", capacity_percent=0)], "people.0.capacity_percent"),
        ([person("ann", hours={"monday": [hours("22:00", "06:00")]})], "people.0.hours.monday.0.closes"),
        ([person("ann", hours={"sunday": [hours("08:00", "12:00")]})], "people.0.hours.sunday"),
        ([person("ann", hours={"monday": [hours("8", "12:00")]})], "people.0.hours.monday.0.opens"),
        ([person("ann", hours={"someday": []})], "people.0.hours.someday"),
        ([person("ann", "attic")], "people.0.queues.0"),
    ],
)
def test_a_roster_that_finds_nobody_is_refused(desk: Desk, people: list[dict[str, Any]], field: str) -> None:
    refused = put(desk, *people, status=422)
    assert refused["errors"][0]["field"] == field


def test_a_roster_is_set_by_a_manager_on_the_version_that_he_saw(desk: Desk) -> None:
    assert desk.sergei.put(ROSTER, json={"people": []}).status_code == 403
    assert desk.nancy.get(ROSTER).status_code == 403
    assert put(desk, person("ann"))["version"] == 1
    stale = put(desk, status=412, **{"If-Match": '"9"'})
    assert stale["status"] == 412
