"""Teams: their manager sees what is theirs, everything of one goes to another, targets, and calendars."""

from __future__ import annotations

from typing import Any

from services.crm.tests.builders import JANET, NANCY, UNKNOWN, Desk, a_customer
from services.crm.tests.leads import LEADS, a_lead, done, the_gateway
from services.crm.tests.pipeline import ORDER, Pipeline, money, usd

TEAMS = "/api/v1/sales-teams"
MARGARET = "margaret.peacock"


def test_who_leads_a_team_sees_what_its_members_see_and_no_more(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    margaret = desk.client(MARGARET, "sales")
    hers, theirs = a_customer(desk.nancy, currency="USD"), a_customer(desk.janet)
    made = pipeline.opened(customer_id=hers["id"])
    lead = a_lead(desk.nancy)
    call = {"lead_id": lead["id"], "kind": "call", "subject": "x"}
    done(desk.nancy.post("/api/v1/activities", json=call))
    lists = ("/api/v1/customers", LEADS, "/api/v1/opportunities", "/api/v1/activities")
    assert all(margaret.get(path).json["items"] == [] for path in lists)
    team = done(desk.steven.post(TEAMS, json={"name": "North", "manager_id": MARGARET, "members": [NANCY]}))
    assert all(len(margaret.get(path).json["items"]) == 1 for path in lists)
    for path in (
        f"/api/v1/customers/{hers['id']}",
        f"{LEADS}/{lead['id']}",
        f"/api/v1/opportunities/{made['id']}",
    ):
        assert margaret.get(path).status_code == 200
    assert margaret.get(f"/api/v1/customers/{theirs['id']}").status_code == 404
    assert margaret.get("/api/v1/pipeline").json["stages"][0]["worth"] != []
    assert (
        margaret.post(f"{LEADS}/{lead['id']}/qualify", json={"customer_id": theirs["id"]}).status_code == 404
    )
    assert desk.janet.get(LEADS).json["items"] == []
    gone = {"name": "North", "manager_id": None, "members": [NANCY]}
    done(desk.steven.put(f"{TEAMS}/{team['id']}", json=gone), 200)
    assert all(margaret.get(path).json["items"] == [] for path in lists)


def test_a_team_has_a_name_of_its_own_and_nobody_twice(desk: Desk) -> None:
    done(desk.steven.post(TEAMS, json={"name": "North", "members": []}))
    south = done(desk.steven.post(TEAMS, json={"name": "South", "members": []}))
    for answer in (
        desk.steven.post(TEAMS, json={"name": "North", "members": []}),
        desk.steven.put(f"{TEAMS}/{south['id']}", json={"name": "North", "members": []}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "sales_team_name_taken")
    twice = desk.steven.post(TEAMS, json={"name": "x", "members": [NANCY, NANCY]})
    assert (twice.status_code, twice.json["errors"][0]["field"]) == (422, "members.1")
    assert desk.steven.put(f"{TEAMS}/{UNKNOWN}", json={"name": "x", "members": []}).status_code == 404
    stale = {"If-Match": '"7"'}
    body = {"name": "South", "members": [NANCY]}
    assert desk.steven.put(f"{TEAMS}/{south['id']}", json=body, headers=stale).status_code == 412
    assert desk.nancy.post(TEAMS, json={"name": "z", "members": []}).status_code == 403


def test_everything_of_one_goes_to_another_in_one_act_and_each_is_told(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    made, done_with = pipeline.opened(), pipeline.opened()
    pipeline.act(done_with, "lose", {"reason": "timing"})
    a_lead(desk.nancy)
    gone = a_lead(desk.nancy)
    done(desk.nancy.post(f"{LEADS}/{gone['id']}/disqualify", json={"reason": "other"}), 200)
    kept = a_lead(desk.janet)
    before = len(desk.told())
    body = {"from_owner_id": NANCY, "to_owner_id": JANET}
    assert desk.nancy.post("/api/v1/handovers", json=body).status_code == 403
    moved = done(desk.steven.post("/api/v1/handovers", json=body), 200)
    assert moved == {"customers": 2, "leads": 1, "opportunities": 1}
    assert sorted(desk.told()[before:]) == [
        "crm.customer.owner_changed.v1",
        "crm.customer.owner_changed.v1",
        "crm.lead.owner_changed.v1",
        "crm.opportunity.owner_changed.v1",
    ]
    assert pipeline.now(made)["owner_id"] == JANET
    assert pipeline.now(done_with)["owner_id"] == NANCY
    assert {each["id"] for each in desk.nancy.get(LEADS).json["items"]} == {gone["id"]}
    assert len(desk.janet.get(LEADS, query_string={"state": "open"}).json["items"]) == 2
    assert kept["owner_id"] == JANET
    nothing = done(desk.steven.post("/api/v1/handovers", json=body), 200)
    assert nothing == {"customers": 0, "leads": 0, "opportunities": 0}
    same = desk.steven.post("/api/v1/handovers", json={"from_owner_id": JANET, "to_owner_id": JANET})
    assert (same.status_code, same.json["errors"][0]["field"]) == (422, "to_owner_id")


def test_targets_count_what_was_ordered_in_their_month(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    team = done(desk.steven.post(TEAMS, json={"name": "North", "members": [NANCY, JANET]}))
    pipeline.ordered(pipeline.opened())
    late = pipeline.opened()
    data = {"order_id": UNKNOWN, "number": "SO-2", "customer_id": late["customer_id"], "lines": []}
    data |= {"ordered_on": "2026-04-01", "total": money("7.00")}
    pipeline.hears("sales.order.placed.v1", UNKNOWN, data)
    path = "/api/v1/sales-targets"
    targets: list[dict[str, Any]] = [
        {"owner_id": NANCY, "amount": usd("5000.00")},
        {"team_id": team["id"], "amount": usd("9000.00")},
    ]
    answer = done(desk.steven.put(path, json={"month": "2026-03", "targets": targets}), 200)
    assert {each["ordered"]["amount"] for each in answer["targets"]} == {"3900.00"}
    assert desk.steven.get(path, query_string={"month": "2026-03"}).json == answer
    assert desk.steven.get(path, query_string={"month": "2026-04"}).json == {"targets": []}
    pipeline.hears("sales.order.cancelled.v1", ORDER, {"order_id": ORDER, "number": "SO-1"}, sequence=2)
    found = desk.steven.get(path, query_string={"month": "2026-03"}).json["targets"]
    assert {each["ordered"]["amount"] for each in found} == {"0.00"}
    for wrong, field in (
        ([targets[0], targets[0]], "targets.1.owner_id"),
        ([{"amount": usd("1.00")}], "targets.0.owner_id"),
        ([{"team_id": UNKNOWN, "amount": usd("1.00")}], "targets.0.team_id"),
        ([{"owner_id": "x", "amount": {"amount": "1.00", "currency": "CNY"}}], "targets.0.amount.currency"),
    ):
        refused = desk.steven.put(path, json={"month": "2026-03", "targets": wrong})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    assert desk.steven.put(path, json={"month": "2026-13", "targets": []}).status_code == 422
    assert desk.nancy.get(path, query_string={"month": "2026-03"}).status_code == 403


def test_a_calendar_is_ones_own_and_its_link_opens_until_another_is_made(pipeline: Pipeline) -> None:
    desk = pipeline.desk
    lead = a_lead(desk.nancy, "Quay, Works")
    due = {"kind": "visit", "due_at": "2199-03-05T02:00:00Z"}
    done(desk.nancy.post("/api/v1/activities", json={"lead_id": lead["id"], "subject": "See them"} | due))
    done(
        desk.nancy.post(
            "/api/v1/activities", json={"lead_id": lead["id"], "subject": "Done", "done": True} | due
        )
    )
    mine = desk.nancy.get("/api/v1/activities/calendar")
    assert mine.headers["Content-Type"].startswith("text/calendar")
    assert mine.data.count(b"BEGIN:VEVENT") == 1
    assert b"DTSTART:21990305T020000Z\r\n" in mine.data
    assert b"SUMMARY:See them (Quay\\, Works)\r\n" in mine.data
    assert b"VEVENT" not in desk.janet.get("/api/v1/activities/calendar").data
    link = done(desk.nancy.post("/api/v1/activities/calendar/link"))
    door = the_gateway(desk)
    assert door.get(link["path"]).data == mine.data
    assert desk.nancy.get(link["path"]).status_code == 401
    second = done(desk.nancy.post("/api/v1/activities/calendar/link"))
    assert (door.get(link["path"]).status_code, door.get(second["path"]).status_code) == (404, 200)
    assert desk.nancy.delete("/api/v1/activities/calendar/link").status_code == 204
    assert door.get(second["path"]).status_code == 404
    assert desk.nancy.delete("/api/v1/activities/calendar/link").json["code"] == "calendar_link_closed"


def test_a_team_is_told_whenever_it_is_saved(desk: Desk) -> None:
    made = done(desk.steven.post(TEAMS, json={"name": "North", "members": [NANCY]}))
    body = {"name": "North", "manager_id": JANET, "members": [NANCY]}
    for _ in range(2):
        done(desk.steven.put(f"{TEAMS}/{made['id']}", json=body), 200)
    told = [each.data for each in desk.messages() if each.type == "crm.sales_team.defined.v1"]
    assert [(each["version"], each["manager_id"], each["members"]) for each in told] == [
        (1, None, [NANCY]), (2, JANET, [NANCY]), (2, JANET, [NANCY]),
    ]  # fmt: skip
