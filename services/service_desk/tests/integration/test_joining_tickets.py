"""Two tickets become one and one becomes two: nothing that was said is lost, and of crossing merges one stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from libs.common.testing import ManualClock
from services.service_desk.tests.builders import HARBOR, OTHERS, UNKNOWN, Desk
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    door,
    linked,
    reply,
    said,
    texts,
    ticket_now,
    two_customers,
    visit,
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def merge(desk: Desk, gone: str, kept: str, status: int = 200) -> Any:
    return act(desk, gone, "merge", {"into_ticket_id": kept}, status)


def notes(desk: Desk, ticket_id: str) -> list[str]:
    return [each["text"] for each in done(desk.sergei.get(f"{TICKETS}/{ticket_id}/notes"))["items"]]


def test_a_merge_keeps_both_histories_and_leads_on(desk: Desk, clock: ManualClock) -> None:
    kept = a_new_ticket(desk)["id"]
    gone = a_new_ticket(desk, subject="Still leaks", description="A puddle")["id"]
    path = linked(desk, gone)
    clock.advance(timedelta(minutes=1))
    reply(desk, kept, "Which pump?")
    said(desk, gone, "The blue one")
    act(desk, gone, "notes", {"text": "The same pump"}, 201)
    assert merge(desk, gone, kept)["id"] == kept
    assert sorted(texts(desk, kept)) == ["Still leaks\n\nA puddle", "The blue one", "Which pump?"]
    assert texts(desk, gone) == ["Still leaks\n\nA puddle", "The blue one"], (
        "its own history stays to be read"
    )
    assert (notes(desk, kept), notes(desk, gone)) == (["The same pump"], ["The same pump"])
    ended = ticket_now(desk, gone)
    assert (ended["state"], ended["resolution"]) == ("closed", "Merged into T-000001 已并入")
    assert said(desk, gone, "Hello?")["ticket_id"] == kept
    assert visit(desk, path, "messages", {"text": "Here?"})["number"] == "T-000001"
    assert len(done(door(desk).get(f"{path}/messages"))["items"]) == 5
    refused = desk.sergei.post(f"{TICKETS}/{gone}/messages", json={"text": "x"})
    assert (refused.status_code, refused.json["code"], refused.json["merged_into_id"]) == (
        409,
        "ticket_merged",
        kept,
    )
    assert desk.told().count("service_desk.ticket.merged.v1") == 1
    assert "service_desk.ticket.closed.v1" not in desk.told()


def test_of_two_merges_that_cross_one_stands(desk: Desk) -> None:
    one, two = a_new_ticket(desk)["id"], a_new_ticket(desk)["id"]

    def merged(pair: tuple[str, str]) -> int:
        path = f"{TICKETS}/{pair[0]}/merge"
        return int(desk.sergei.post(path, json={"into_ticket_id": pair[1]}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merged, [(one, two), (two, one)])) == [200, 409]
    states = sorted(ticket_now(desk, each)["state"] for each in (one, two))
    assert states == ["closed", "new"]
    assert desk.told().count("service_desk.ticket.merged.v1") == 1


@pytest.mark.parametrize("case", ["itself", "resolved", "gone is resolved", "another customer's", "unknown"])
def test_what_cannot_become_one_is_refused(desk: Desk, case: str) -> None:
    one = a_new_ticket(desk)["id"]
    two = a_new_ticket(desk)["id"]
    body = {"customer_id": OTHERS, "kind": "technical", "subject": "Theirs"}
    others = done(desk.sergei.post(TICKETS, json=body), 201)["id"]
    if case == "resolved":
        act(desk, two, "resolve", RESOLVED)
    elif case == "gone is resolved":
        act(desk, one, "resolve", RESOLVED)
    kept = {"itself": one, "another customer's": others, "unknown": UNKNOWN}.get(case, two)
    refused = merge(desk, one, kept, 404 if case == "unknown" else 409)
    assert refused["code"] == ("ticket_not_found" if case == "unknown" else "tickets_not_mergeable")
    assert "service_desk.ticket.merged.v1" not in desk.told()


def test_each_queue_has_its_say_in_a_merge(desk: Desk) -> None:
    billing, delivery = a_new_ticket(desk, kind="billing")["id"], a_new_ticket(desk, kind="delivery")["id"]
    clerk = desk.client("clerk", "finance")
    refused = clerk.post(f"{TICKETS}/{billing}/merge", json={"into_ticket_id": delivery})
    assert (refused.status_code, refused.json["code"]) == (403, "queue_not_yours")
    assert desk.nancy.post(f"{TICKETS}/{billing}/merge", json={"into_ticket_id": delivery}).status_code == 403


def test_chosen_messages_go_on_in_a_ticket_of_their_own(desk: Desk) -> None:
    source = a_new_ticket(desk)["id"]
    stays, goes = said(desk, source, "It leaks"), said(desk, source, "And the invoice is wrong")
    body = {"message_ids": [goes["id"]], "subject": "Wrong invoice", "kind": "billing"}
    new = act(desk, source, "split", body, 201)
    assert (new["customer_id"], new["queue"], new["subject"]) == (HARBOR, "finance", "Wrong invoice")
    moved = done(desk.nancy.get(f"{TICKETS}/{new['id']}/messages"))["items"]
    assert [(each["id"], each["origin_ticket_id"]) for each in moved] == [(goes["id"], source)]
    here = done(desk.nancy.get(f"{TICKETS}/{source}/messages"))["items"]
    assert [(each["id"], each["ticket_id"]) for each in here] == [
        (stays["id"], source),
        (goes["id"], new["id"]),
    ], "where it was said still shows it, and where it stands now"
    ties = done(desk.nancy.get(f"{TICKETS}/{new['id']}/relations"))["relations"]
    assert [(each["tie"], each["other_id"]) for each in ties] == [("split_from", source)]
    assert desk.messages()[-1].data["messages"] == 1


def test_a_split_of_what_is_not_there_makes_no_ticket(desk: Desk) -> None:
    source, other = a_new_ticket(desk)["id"], a_new_ticket(desk)["id"]
    here, there = said(desk, source)["id"], said(desk, other)["id"]
    for ids, field in (([here, there], "message_ids"), ([UNKNOWN], "message_ids"), ([], "message_ids")):
        refused = act(desk, source, "split", {"message_ids": ids, "subject": "x"}, 422)
        assert refused["errors"][0]["field"] == field
    assert desk.told().count("service_desk.ticket.opened.v1") == 2
    assert len(texts(desk, source)) == 1


def test_of_two_splits_of_one_message_one_gets_it(desk: Desk) -> None:
    source = a_new_ticket(desk)["id"]
    message = said(desk, source)["id"]

    def split(subject: str) -> int:
        body = {"message_ids": [message], "subject": subject}
        return int(desk.sergei.post(f"{TICKETS}/{source}/split", json=body).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(split, ["one", "two"])) == [201, 422]
    assert desk.told().count("service_desk.ticket.split.v1") == 1
