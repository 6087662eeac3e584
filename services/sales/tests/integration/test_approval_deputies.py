"""Deputies: who decides in another's name, on which days, and never on his own."""

from __future__ import annotations

from datetime import timedelta

from libs.common.testing import ManualClock
from services.sales.tests.approving import (
    DELEGATIONS,
    MIA,
    QUOTATIONS,
    WIM,
    decide,
    define,
    mine,
    quote,
    waiting,
)
from services.sales.tests.builders import MIKE, NANCY, Desk
from services.sales.tests.integration.test_quotations_api import problem


def delegate(who, deputy: str, first: str = "2026-03-02", last: str = "2026-03-09"):
    return who.post(DELEGATIONS, json={"deputy_id": deputy, "first_day": first, "last_day": last})


def test_r3_2_a_deputy_decides_in_the_others_name_on_those_days(desk: Desk, clock: ManualClock, mia, wim):
    define(desk)
    made = waiting(desk)
    assert delegate(mia, WIM, "2026-03-03").status_code == 201
    assert mine(wim) == []
    assert problem(decide(wim, made), 404)[0] == "approval_not_found"
    clock.advance(timedelta(days=1))
    assert mine(wim) == [made["approval_id"]]
    answer = decide(wim, made, on_behalf_of=MIA)
    last = answer.json["history"][-1]
    assert (last["by"], last["on_behalf_of"], answer.json["state"]) == (WIM, MIA, "approved")
    other = waiting(desk)
    clock.advance(timedelta(days=8))
    assert (mine(wim), mine(mia)) == ([], [other["approval_id"]])


def test_a_delegation_that_was_ended_gives_nothing(desk: Desk, mia, wim):
    define(desk)
    made = waiting(desk)
    given = delegate(mia, WIM).json
    assert (given["roles"], mine(wim)) == (["sales_manager"], [made["approval_id"]])
    assert problem(wim.post(f"{DELEGATIONS}/{given['id']}/end"), 404)[0] == "approval_delegation_not_found"
    assert mia.post(f"{DELEGATIONS}/{given['id']}/end").json["ended_at"]
    assert problem(mia.post(f"{DELEGATIONS}/{given['id']}/end"), 409)[0] == "approval_delegation_ended"
    assert mine(wim) == []
    assert [each["id"] for each in wim.get(DELEGATIONS).json["items"]] == [given["id"]]
    assert problem(decide(wim, made), 404)[0] == "approval_not_found"


def test_a_delegation_never_brings_one_to_decide_on_ones_own(desk: Desk, mia, wim):
    define(desk)
    delegate(mia, NANCY)
    delegate(desk.mike, WIM)
    made = waiting(desk)
    assert mine(desk.nancy) == []
    assert problem(decide(desk.nancy, made, on_behalf_of=MIA), 403)[0] == "own_approval"
    by_mike = quote(desk, by=desk.mike)
    by_mike = desk.nancy.post(f"{QUOTATIONS}/{by_mike['id']}/send").json
    assert mine(wim) == [made["approval_id"]]
    assert problem(decide(wim, by_mike, on_behalf_of=MIKE), 403) == ("own_approval", "on_behalf_of")
    assert problem(delegate(mia, MIA), 422) == ("approval_delegation_invalid", "deputy_id")
