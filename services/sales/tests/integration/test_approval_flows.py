"""Flows over HTTP: defined, revised, refused, and tried on past quotations."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.tests.approving import (
    BIG,
    CHEAP,
    FLOWS,
    QUOTATIONS,
    define,
    flow,
    quote,
    role,
    step,
    told,
    user,
)
from services.sales.tests.builders import HARBOR, MIKE, NANCY, UNKNOWN, Desk
from services.sales.tests.integration.test_quotations_api import problem, usd
from services.sales.tests.integration.test_races import at_once


def test_a_flow_is_shown_as_it_was_written(desk: Desk):
    whom = {"field": "customer_id", "comparison": "one_of", "texts": [HARBOR.id]}
    by_hand = {"field": "price_overridden", "comparison": "equals", "flag": True}
    made = define(
        desk,
        step(user("mia"), role("finance"), needs="all", escalate_after_hours=4, escalate_to="sales_manager"),
        cases=[{"clauses": [BIG, whom]}, {"clauses": [CHEAP, by_hand]}],
    )
    empty = dict.fromkeys(("amount", "percent", "flag", "number", "day", "texts"))
    assert made["cases"] == [
        {"clauses": [empty | BIG, empty | whom]},
        {"clauses": [empty | CHEAP | {"percent": "10.00"}, empty | by_hand]},
    ]
    (shown,) = made["steps"]
    assert (shown["people_needed"], shown["escalate_after_hours"], shown["stage"]) == (2, 4, 1)
    assert (made["revision"], made["active"], made["created_by"]) == (1, True, MIKE)
    assert desk.mike.get(f"{FLOWS}/{made['id']}").json == made
    assert desk.nancy.get(f"{FLOWS}/{made['id']}").status_code == 403, "it may name others' customers"


def test_the_same_name_again_is_the_next_revision(desk: Desk):
    first, second = define(desk), define(desk, active=False)
    other = define(desk, name="Other")
    assert (second["revision"], other["revision"]) == (2, 1)

    def names(**query: Any) -> list[tuple[str, int]]:
        found = desk.mike.get(FLOWS, query_string=query).json["items"]
        return [(each["name"], each["revision"]) for each in found]

    assert names() == [("Other", 1), ("Big or cheap", 2)]
    assert names(name="Big or cheap", superseded="true") == [("Big or cheap", 2), ("Big or cheap", 1)]
    assert desk.mike.get(f"{FLOWS}/{first['id']}").json == first, "what was is kept"


def test_two_authors_of_one_flow_take_turns(desk: Desk):
    answers = at_once(lambda _: desk.mike.post(FLOWS, json=flow()), 4)
    assert sorted(answer.json["revision"] for answer in answers) == [1, 2, 3, 4]
    (current,) = desk.mike.get(FLOWS).json["items"]
    assert current["revision"] == 4


def test_only_managers_define_and_try_flows(desk: Desk):
    for who in (desk.nancy, desk.client("f", "finance"), desk.client("key", "api_client")):
        assert who.post(FLOWS, json=flow()).status_code == 403
        assert who.post(f"{FLOWS}/try", json=flow()).status_code == 403
    assert desk.client("root", "admin").post(FLOWS, json=flow()).status_code == 201
    assert desk.mike.get(FLOWS).json["items"][0]["created_by"] == "root"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"cases": []}, "cases"),
        ({"cases": [{"clauses": [BIG | {"field": "colour"}]}]}, "cases.0.clauses.0.field"),
        ({"cases": [{"clauses": [BIG | {"comparison": "one_of"}]}]}, "cases.0.clauses.0.comparison"),
        ({"cases": [{"clauses": [CHEAP, BIG | {"percent": "5"}]}]}, "cases.0.clauses.1.percent"),
        (
            {"cases": [{"clauses": [{"field": "total", "comparison": "at_least"}]}]},
            "cases.0.clauses.0.amount",
        ),
        ({"steps": []}, "steps"),
        ({"steps": [step(stage=2)]}, "steps.0.stage"),
        ({"steps": [step(role("api_client"))]}, "steps.0.approvers.0.name"),
        ({"steps": [step(user("mia"), needs="number", number=2)]}, "steps.0.number"),
        ({"steps": [step(escalate_to="finance")]}, "steps.0.escalate_to"),
        ({"steps": [step(superior=True)]}, "steps.0.superior"),
    ],
)
def test_a_bad_flow_is_refused_by_its_field(desk: Desk, changes: dict[str, Any], field: str):
    for path in (FLOWS, f"{FLOWS}/try"):
        refused = desk.mike.post(path, json=flow() | changes)
        assert problem(refused, 422)[1] == field
        assert refused.json["errors"][0]["cure"]
    assert desk.mike.get(FLOWS).json["items"] == []


def test_r7_2_a_flow_is_tried_on_past_quotations_and_changes_nothing(desk: Desk):
    small, big = quote(desk, "10"), quote(desk)
    cheap = quote(desk, "10", by=desk.mike, discount_percent="12.5")
    before = desk.said()
    found = desk.mike.post(f"{FLOWS}/try", json=flow(step(role("sales_manager"), user(NANCY)))).json
    assert (found["looked_at"], found["needed"], found["stuck"]) == (3, 2, 0)
    assert [each["id"] for each in found["quotations"]] == [cheap["id"], big["id"]]
    assert [each["name"] for each in found["quotations"][1]["approvers"]] == ["sales_manager"], (
        "not nancy's own"
    )
    assert found["approvers"] == [
        {"kind": "role", "name": "sales_manager", "quotations": 2},
        {"kind": "user", "name": NANCY, "quotations": 1},
    ]
    assert found["quotations"][1]["total"] == usd("1650.00")
    stuck = desk.mike.post(f"{FLOWS}/try", json=flow(step(user(NANCY))) | {"last": 2}).json
    assert (stuck["looked_at"], stuck["needed"], stuck["stuck"]) == (2, 2, 1)
    assert desk.said() == before
    assert desk.mike.get(FLOWS).json["items"] == []
    sent = desk.nancy.post(f"{QUOTATIONS}/{big['id']}/send").json
    assert sent["state"] == "sent"
    assert small["id"] not in [each["id"] for each in found["quotations"]]


@pytest.mark.parametrize("last", [0, 1001, "7"])
def test_a_trial_is_of_a_bounded_number(desk: Desk, last: Any):
    assert problem(desk.mike.post(f"{FLOWS}/try", json=flow() | {"last": last}), 422)[1] == "last"


def test_what_is_tried_is_what_happens(desk: Desk):
    """The trial and the sending ask the same question of the same quotation."""
    made = [
        quote(desk, quantity, by=who, discount_percent=percent)
        for quantity in ("10", "60", "100")
        for percent in ("0", "9.99", "10")
        for who in (desk.nancy, desk.mike)
    ]
    wanted = flow(step(role("finance")))
    tried = {each["id"] for each in desk.mike.post(f"{FLOWS}/try", json=wanted).json["quotations"]}
    define(desk, step(role("finance")))
    waits = {
        each["id"]
        for each in made
        if desk.nancy.post(f"{QUOTATIONS}/{each['id']}/send").json["state"] == "pending_approval"
    }
    assert tried == waits != set()
    assert told(desk).count("approval_requested") == len(waits)


def test_there_is_no_such_flow(desk: Desk):
    assert problem(desk.mike.get(f"{FLOWS}/{UNKNOWN}"), 404)[0] == "approval_flow_not_found"
