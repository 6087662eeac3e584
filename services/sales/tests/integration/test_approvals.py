"""Approvals over HTTP: what waits, who may decide, what each decision leads to, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from libs.common.testing import ManualClock
from services.sales.jobs.escalate_approvals import escalate_approvals
from services.sales.jobs.expire_quotations import expire_quotations
from services.sales.store.tables import quotation, quotation_line
from services.sales.tests.approving import (
    APPROVALS,
    BIG,
    FAY,
    MIA,
    QUOTATIONS,
    decide,
    define,
    history,
    look,
    mine,
    quote,
    role,
    step,
    told,
    user,
    waiting,
)
from services.sales.tests.builders import HARBOR, MIKE, NANCY, TERMS, UNKNOWN, Desk
from services.sales.tests.integration.test_quotations_api import line, problem, usd


def test_r3_2_what_a_flow_asks_for_waits_and_the_last_yes_sends_it(desk: Desk, mia, fay):
    define(desk, step(), step(role("finance"), name="Money", stage=2))
    made = waiting(desk)
    assert made["approval"]["id"] == made["approval_id"]
    assert [(each["name"], each["state"]) for each in made["approval"]["steps"]] == [
        ("Manager", "open"),
        ("Money", "later"),
    ]
    assert (mine(mia), mine(fay), mine(desk.nancy)) == ([made["approval_id"]], [], [])

    first = decide(mia, made, comment="fine")
    assert (first.status_code, first.json["state"], first.json["waits_for_you"]) == (200, "waiting", False)
    assert (mine(mia), mine(fay)) == ([], [made["approval_id"]])
    last = decide(fay, made)
    assert (last.json["state"], look(desk, made)["state"]) == ("approved", "sent")
    assert told(desk) == ["approval_requested", "approved", "sent"]
    assert history(desk, made) == [("requested", NANCY), ("approved", MIA), ("approved", FAY)]
    assert desk.nancy.post(f"{QUOTATIONS}/{made['id']}/accept", json={}).status_code == 201


def test_what_no_flow_asks_for_is_sent_and_accepted_as_before(desk: Desk):
    define(desk)
    small = quote(desk, "10")
    sent = desk.nancy.post(f"{QUOTATIONS}/{small['id']}/send").json
    assert (sent["state"], sent["approval"], sent["approval_id"]) == ("sent", None, None)
    at_once = quote(desk, "10")
    assert desk.nancy.post(f"{QUOTATIONS}/{at_once['id']}/accept", json={}).status_code == 201
    assert told(desk) == ["sent", "accepted"]


def test_what_needs_an_approval_is_not_accepted_before(desk: Desk, mia):
    define(desk)
    made = quote(desk)
    refused = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/accept", json={})
    assert problem(refused, 409)[0] == "approval_needed"
    assert refused.json["flows"] == ["Big or cheap"]
    assert look(desk, made) == made, "a refusal changes nothing"
    made = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json
    refused = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/accept", json={})
    assert problem(refused, 409)[0] == "approval_pending"
    assert refused.json["approval_id"] == made["approval_id"]
    assert problem(desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send"), 409)[0] == "approval_pending"
    assert decide(mia, made).status_code == 200


def test_a_rejection_gives_the_draft_back_with_its_reason(desk: Desk, mia):
    define(desk)
    made = waiting(desk)
    assert problem(decide(mia, made, "reject"), 422) == ("reason_missing", "comment")
    answer = decide(mia, made, "reject", comment="10 % at most")
    assert (answer.json["state"], look(desk, made)["state"]) == ("rejected", "draft")
    assert answer.json["history"][-1]["comment"] == "10 % at most"
    (said,) = [each for each in desk.messages() if each.type == "sales.quotation.rejected.v1"]
    assert said.data["reason"] == "10 % at most"
    again = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json
    assert again["state"] == "pending_approval"
    assert again["approval_id"] != made["approval_id"], "it is asked anew"


def test_a_revision_of_what_was_approved_is_approved_anew(desk: Desk, mia):
    define(desk)
    made = waiting(desk)
    decide(mia, made)
    revised = desk.nancy.post(
        f"{QUOTATIONS}/{made['id']}/revise", json={"lines": [line(quantity="120")]}
    ).json
    assert (revised["state"], revised["approval_id"]) == ("draft", None)
    again = desk.nancy.post(f"{QUOTATIONS}/{revised['id']}/send").json
    assert again["state"] == "pending_approval"
    small = desk.nancy.post(f"{QUOTATIONS}/{revised['id']}/revise", json={"lines": [line()]}).json
    assert desk.nancy.post(f"{QUOTATIONS}/{small['id']}/send").json["state"] == "sent"
    lapsed = desk.mike.get(f"{APPROVALS}/{again['approval_id']}").json
    assert (lapsed["state"], lapsed["history"][-1]["deed"]) == ("lapsed", "lapsed")


@pytest.mark.parametrize(
    "change", [update(quotation).values(total_minor=160_000), update(quotation_line).values(discount_bp=1000)]
)
def test_what_was_approved_is_accepted_at_that_amount_and_discount_only(desk: Desk, mia, change: Any):
    define(desk)
    made = waiting(desk)
    decide(mia, made)
    desk.database.transact(lambda tx: tx.connection.execute(change))
    refused = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/accept", json={})
    assert problem(refused, 409)[0] == "approval_outdated"
    assert look(desk, made)["state"] == "sent"


def test_a_price_set_by_hand_is_a_reason_and_bars_who_set_it(desk: Desk, mia):
    by_hand = {"field": "price_overridden", "comparison": "equals", "flag": True}
    define(desk, cases=[{"clauses": [by_hand]}])
    assert desk.mike.post(f"{QUOTATIONS}/{quote(desk)['id']}/send").json["state"] == "sent"
    made = quote(desk, by=desk.mike, unit_price=usd("9.00"))
    made = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json
    assert desk.mike.get(f"{APPROVALS}/{made['approval_id']}").json["barred"] == [MIKE, NANCY]
    assert problem(decide(desk.mike, made), 403)[0] == "own_approval"
    assert mine(desk.mike) == []
    assert decide(mia, made).json["state"] == "approved"


def test_who_set_a_price_on_what_another_issued_wrote_it_too(desk: Desk, mia):
    define(desk)
    made = quote(desk)
    trace = made["lines"][0]["price_trace"] | {
        "source": "override",
        "override": {"by": MIA, "unit_price": "1"},
    }
    change = update(quotation_line).values(price_trace=trace)
    desk.database.transact(lambda tx: tx.connection.execute(change))
    made = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send").json
    assert problem(decide(mia, made), 403)[0] == "own_approval"
    assert decide(desk.mike, made).json["state"] == "approved"


def test_who_issued_an_earlier_revision_does_not_approve_the_next(desk: Desk, mia):
    define(desk)
    first = quote(desk, by=desk.mike)
    second = desk.nancy.post(
        f"{QUOTATIONS}/{first['id']}/revise", json={"lines": [line(quantity="130")]}
    ).json
    made = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/send").json
    assert problem(decide(desk.mike, made), 403)[0] == "own_approval"
    assert decide(mia, made).status_code == 200


def test_who_asks_decides_not_whatever_the_role(desk: Desk):
    define(desk)
    root = desk.client("root", "admin")
    made = waiting(desk, by=root)
    assert problem(decide(root, made), 403)[0] == "own_approval"
    assert history(desk, made) == [("requested", "root")]


def test_bad_decisions_are_refused_and_change_nothing(desk: Desk, mia, fay, wim):
    define(desk, step(needs="number", number=2), step(role("finance"), user(FAY), name="Money", stage=2))
    made = waiting(desk)
    assert decide(mia, made).status_code == 200
    assert (mine(mia), mine(desk.mike)) == ([], [made["approval_id"]]), "nobody is asked twice"
    before = desk.mike.get(f"{APPROVALS}/{made['approval_id']}").json
    refusals = [
        (decide(desk.nancy, made), 403, "own_approval", None),
        (decide(mia, made), 409, "decided_already", None),
        (decide(fay, made, step=2), 409, "approval_step_not_open", "step"),
        (decide(fay, made), 403, "not_an_approver", None),
        (decide(mia, made, step=9), 422, "approval_step_unknown", "step"),
        (decide(desk.mike, made, on_behalf_of=MIA), 403, "not_a_deputy", "on_behalf_of"),
        (decide(desk.mike, made, "shrug"), 422, "invalid", "decision"),
        (decide(desk.mike, made, comment="x" * 1001), 422, "invalid", "comment"),
        (decide(wim, made), 404, "approval_not_found", None),
        (decide(desk.janet, made), 404, "approval_not_found", None),
        (decide(desk.mike, {"approval_id": UNKNOWN}), 404, "approval_not_found", None),
        (desk.mike.post(f"{APPROVALS}/{made['approval_id']}/withdraw", json={}), 403, "not_the_requester", None),
    ]  # fmt: skip
    for answer, status, code, field in refusals:
        assert problem(answer, status) == (code, field)
    assert desk.mike.get(f"{APPROVALS}/{made['approval_id']}").json == before
    stale = desk.mike.post(
        f"{APPROVALS}/{made['approval_id']}/decide", json={"decision": "approve"}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert told(desk) == ["approval_requested"]


def test_what_is_settled_takes_no_more(desk: Desk, mia):
    define(desk)
    made = waiting(desk)
    decide(mia, made)
    refused = decide(desk.mike, made, "reject", comment="late")
    assert problem(refused, 409)[0] == "approval_settled"
    assert refused.json["state"] == "approved"
    path = f"{APPROVALS}/{made['approval_id']}/withdraw"
    assert problem(desk.nancy.post(path, json={}), 409)[0] == "approval_settled"
    assert told(desk) == ["approval_requested", "approved", "sent"]


def test_an_administrator_takes_it_back_and_is_recorded(desk: Desk):
    define(desk)
    made = waiting(desk)
    root = desk.client("root", "admin")
    assert root.post(f"{APPROVALS}/{made['approval_id']}/withdraw", json={}).json["state"] == "withdrawn"
    assert history(desk, made)[-1] == ("withdrawn", "root")
    assert look(desk, made)["state"] == "draft"


def test_the_requester_takes_it_back(desk: Desk, mia):
    define(desk)
    made = waiting(desk)
    path = f"{APPROVALS}/{made['approval_id']}/withdraw"
    assert desk.nancy.post(path, json={"comment": "a slip"}).json["state"] == "withdrawn"
    assert look(desk, made)["state"] == "draft"
    assert told(desk)[-1] == "approval_withdrawn"
    assert problem(decide(mia, made), 409)[0] == "approval_settled"


@pytest.mark.parametrize("end", ["decline", "expire"])
def test_an_approval_ends_with_its_quotation(desk: Desk, clock: ManualClock, mia, end: str):
    define(desk)
    made = waiting(desk)
    if end == "decline":
        desk.nancy.post(f"{QUOTATIONS}/{made['id']}/decline", json={"reason": "too late"})
    else:
        clock.advance(timedelta(days=31))
        assert expire_quotations(desk.database, TERMS) == 1
    shown = desk.mike.get(f"{APPROVALS}/{made['approval_id']}").json
    assert (shown["state"], shown["history"][-1]["deed"]) == ("lapsed", "lapsed")
    assert problem(decide(mia, made), 409)[0] == "approval_settled"


def test_a_quotation_past_its_last_day_is_not_sent_any_more(desk: Desk, clock: ManualClock, mia):
    define(desk)
    made = waiting(desk)
    clock.advance(timedelta(days=31))
    assert problem(decide(mia, made), 409)[0] == "quotation_expired"
    assert history(desk, made) == [("requested", NANCY)]
    assert decide(mia, made, "reject", comment="too late").status_code == 200


def test_what_waits_keeps_the_revision_that_it_began_with(desk: Desk, mia, fay):
    first = define(desk)
    made = waiting(desk)
    second = define(desk, step(role("finance")))
    assert (first["revision"], second["revision"]) == (1, 2)
    shown = desk.mike.get(f"{APPROVALS}/{made['approval_id']}").json
    assert shown["flows"] == [first["id"]]
    assert problem(decide(fay, made), 403)[0] == "not_an_approver"
    assert decide(mia, made).json["state"] == "approved"
    other = waiting(desk)
    assert problem(decide(mia, other), 403)[0] == "not_an_approver"
    assert decide(fay, other).json["state"] == "approved"
    define(desk, step(role("finance")), active=False)
    assert desk.nancy.post(f"{QUOTATIONS}/{quote(desk)['id']}/send").json["state"] == "sent"


def test_several_flows_ask_together(desk: Desk, mia, fay):
    define(desk)
    define(desk, step(role("finance"), name="Money"), name="Very big", cases=[{"clauses": [BIG]}])
    made = waiting(desk)
    assert [(each["flow"], each["state"]) for each in made["approval"]["steps"]] == [
        ("Big or cheap", "open"),
        ("Very big", "open"),
    ]
    assert decide(fay, made).json["state"] == "waiting"
    assert decide(mia, made).json["state"] == "approved"


def test_a_step_that_its_author_alone_could_answer_is_refused_when_sent(desk: Desk):
    define(desk, step(user(NANCY)))
    made = quote(desk)
    refused = desk.nancy.post(f"{QUOTATIONS}/{made['id']}/send")
    assert problem(refused, 409)[0] == "nobody_may_approve"
    assert look(desk, made) == made


def test_r3_2_what_nobody_answers_is_put_before_others_too_once(desk: Desk, clock: ManualClock, mia, fay):
    define(desk, step(user(MIA), escalate_after_hours=4, escalate_to="finance"))
    made = waiting(desk)
    clock.advance(timedelta(hours=4) - timedelta(seconds=1))
    assert (escalate_approvals(desk.database), mine(fay)) == (0, [])
    clock.advance(timedelta(seconds=1))
    assert escalate_approvals(desk.database) == 1
    assert escalate_approvals(desk.database) == 0
    assert (mine(fay), mine(mia)) == ([made["approval_id"]], [made["approval_id"]])
    (said,) = [each for each in desk.messages() if each.type == "sales.quotation.approval_escalated.v1"]
    assert (said.data["asked_too"], said.data["step"]) == ("finance", 1)
    shown = decide(fay, made).json
    assert shown["state"] == "approved"
    assert [act["deed"] for act in shown["history"]] == ["requested", "escalated", "approved"]
    last = shown["steps"][0]["approvers"][-1]
    assert last == {"kind": "role", "name": "finance", "added": True, "level": None}


def test_what_was_answered_in_time_is_not_escalated(desk: Desk, clock: ManualClock, mia):
    define(desk, step(escalate_after_hours=4, escalate_to="finance"))
    decide(mia, waiting(desk))
    clock.advance(timedelta(hours=5))
    assert escalate_approvals(desk.database) == 0


def test_lists_show_each_what_is_theirs(desk: Desk, mia, fay, wim):
    define(desk, step(user(MIA)))
    made = waiting(desk)
    everything = {"state": "waiting", "all": "true"}

    def seen(who, **query) -> int:
        return len(who.get(APPROVALS, query_string=query).json["items"])

    assert [seen(who) for who in (desk.nancy, desk.janet, mia, fay, wim)] == [1, 0, 1, 1, 0]
    assert [seen(who, **everything) for who in (desk.nancy, desk.mike, fay, wim)] == [1, 1, 1, 0]
    assert [seen(who, state="waiting") for who in (desk.nancy, desk.mike, mia)] == [0, 0, 1]
    assert seen(desk.mike, document_id=made["id"]) == seen(desk.mike, requested_by=NANCY) == 1
    assert seen(desk.mike, document_id=UNKNOWN) == seen(desk.mike, requested_by=MIA) == 0
    (row,) = mia.get(APPROVALS, query_string={"state": "waiting"}).json["items"]
    assert row["said"] == {
        "total": usd("1650.00"), "currency": "USD", "largest_discount_percent": "0.00", "price_overridden": False,
        "customer_id": HARBOR.id, "owner_id": NANCY, "order_type": "standard",
    }  # fmt: skip
    assert desk.nancy.get(f"{APPROVALS}/{made['approval_id']}").status_code == 200
    assert problem(desk.janet.get(f"{APPROVALS}/{made['approval_id']}"), 404)[0] == "approval_not_found"
