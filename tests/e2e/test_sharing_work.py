"""Who works on which ticket: by load, by hand, and by queue; through the gateway, both modes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.people import wait_for
from tests.e2e.world import World

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ROSTER = "/desk-roster"


@pytest.fixture
def emptied(world: World) -> Iterator[None]:
    """Let the roster have nobody afterwards: it holds for the whole company."""
    yield
    world.system["mia"].put(ROSTER, {"people": []})


@pytest.mark.usefixtures("emptied")
def test_r6_2_work_is_shared_by_load(world: World) -> None:
    sid, mia, customer = world.system["sid"], world.system["mia"], world.customer()

    def opened(number: int) -> Any:
        body = {"customer_id": customer["id"], "kind": "quality", "subject": f"Scratch {number}"}
        return sid.post("/tickets", body, key=world.name("ticket"))

    before = opened(0)
    me = before["opened_by"]
    assert before["assignee_id"] is None
    ann, bob, away = (world.name(stem) for stem in ("ann", "bob", "away"))
    today = world.system.today.isoformat()
    people: list[dict[str, Any]] = [
        {"person_id": each, "queues": ["production"], "weekdays": WEEK} for each in (me, ann, bob)
    ]
    absences = [{"since": today, "until": today, "reason": "Ill"}]
    people.append({"person_id": away, "queues": ["production"], "weekdays": WEEK, "absences": absences})
    mia.put(ROSTER, {"people": people})
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(opened, range(1, 10)))
    shares = Counter(each["assignee_id"] for each in many)
    assert set(shares) == {me, ann, bob}
    assert sum(shares.values()) == 9
    loads = {each["person_id"]: each["open_tickets"] for each in sid.get(ROSTER)["people"]}
    assert max(loads[each] for each in (me, ann, bob)) <= 4, loads
    assert loads[away] == 0

    mine = {each["id"] for each in sid.every("/tickets", customer_id=customer["id"], assignee_id="me")}
    assert mine == {each["id"] for each in many if each["assignee_id"] == me}
    ticket = next(each for each in many if each["assignee_id"] == ann)
    path = f"/tickets/{ticket['id']}"
    assert sid.post(f"{path}/assign", {"assignee_id": bob}, key=world.name("assign"))["assignee_id"] == bob
    sid.post(f"{path}/take", {}, key=world.name("take"))
    given = sid.get(f"{path}/assignments")["assignments"]
    assert [(each["assignee_id"], each["means"]) for each in given] == [
        (ann, "load"),
        (bob, "hand"),
        (me, "taken"),
    ]
    sid.post(f"{path}/resolve", {"resolution": "Polished"}, key=world.name("resolve"))
    wait_for(lambda: sid.get(path)["state"] == "resolved", "the answer")


def test_r6_2_the_audit_finds_nothing_after_work_was_shared(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
