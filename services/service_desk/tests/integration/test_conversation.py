"""What is said on a ticket: who may read it, and what it does to the ticket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from libs.common.testing import ManualClock
from services.service_desk.store.talk_tables import ticket_message, ticket_note
from services.service_desk.tests.builders import HARBOR, NANCY, UNKNOWN, Desk
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    reply,
    said,
    texts,
    ticket_now,
    two_customers,
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def test_r6_3_desk_and_customer_speak_and_the_ticket_says_who_has_the_turn(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    first = reply(desk, ticket["id"], wait_for_customer=True)
    now = ticket_now(desk, ticket["id"])
    assert (now["state"], now["assignee_id"]) == ("pending", "sergei")
    second = said(desk, ticket["id"])
    assert ticket_now(desk, ticket["id"])["state"] == "open"
    shown = done(desk.nancy.get(f"{TICKETS}/{ticket['id']}/messages"))["items"]
    assert shown == [first, second]
    assert (first["side"], first["author_id"]) == ("agent", "sergei")
    assert (second["side"], second["author_id"], second["author_name"]) == ("customer", NANCY, "Ann")
    told = [message for message in desk.messages() if message.type == "service_desk.ticket.replied.v1"]
    assert [message.data["side"] for message in told] == ["agent", "customer"]
    assert told[0].data == {
        "ticket_id": ticket["id"],
        "number": "T-000001",
        "customer_id": HARBOR,
        "message_id": first["id"],
        "side": "agent",
        "way": "desk",
        "state": "pending",
        "replied_on": "2026-03-02",
    }


def test_a_reply_takes_a_resolved_ticket_up_again(desk: Desk, clock: ManualClock) -> None:
    ticket = a_new_ticket(desk)
    act(desk, ticket["id"], "resolve", RESOLVED)
    clock.advance(timedelta(days=14))
    message = said(desk, ticket["id"], "It still leaks")
    assert message["ticket_id"] == ticket["id"]
    assert ticket_now(desk, ticket["id"])["state"] == "open"
    assert "service_desk.ticket.reopened.v1" in desk.told()


def test_after_two_weeks_a_reply_begins_a_ticket_that_follows(desk: Desk, clock: ManualClock) -> None:
    """Whether the job has closed it already makes no difference."""
    ticket = a_new_ticket(desk)
    act(desk, ticket["id"], "resolve", RESOLVED)
    clock.advance(timedelta(days=14, seconds=1))
    message = said(desk, ticket["id"], "It leaks again")
    assert message["ticket_id"] != ticket["id"]
    assert ticket_now(desk, ticket["id"])["state"] == "closed"
    follower = ticket_now(desk, message["ticket_id"])
    assert (follower["state"], follower["subject"], follower["number"]) == ("new", "It leaks", "T-000002")
    shown = done(desk.nancy.get(f"{TICKETS}/{ticket['id']}/relations"))["relations"]
    assert [(each["ticket_id"], each["tie"], each["other_id"]) for each in shown] == [
        (message["ticket_id"], "follows", ticket["id"])
    ]
    assert said(desk, ticket["id"], "Hello?")["ticket_id"] == message["ticket_id"], "there is one follower"


def test_of_two_replies_at_once_to_a_closed_ticket_one_new_ticket_comes(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    act(desk, ticket["id"], "resolve", RESOLVED)
    act(desk, ticket["id"], "close")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda text: said(desk, ticket["id"], text)["ticket_id"], ["one", "two"]))
    assert len(set(both)) == 1
    assert sorted(texts(desk, both[0])) == ["one", "two"]
    assert desk.told().count("service_desk.ticket.opened.v1") == 2


def test_notes_are_for_those_who_work_on_the_queue_alone(desk: Desk) -> None:
    ticket = a_new_ticket(desk, kind="billing")
    path = f"{TICKETS}/{ticket['id']}/notes"
    note = done(desk.sergei.post(path, json={"text": "He never pays"}), 201)
    assert done(desk.sergei.get(path))["items"] == [note]
    assert done(desk.client("clerk", "finance").get(path))["items"] == [note]
    picker = desk.client("picker", "warehouse")
    for client in (desk.nancy, desk.client("steven", "sales_manager"), picker):
        assert client.get(path).status_code == 403
        assert client.post(path, json={"text": "x"}).status_code == 403
    assert picker.get(path).json["code"] == "queue_not_yours"
    assert texts(desk, ticket["id"]) == []
    assert (desk.count(ticket_note), desk.count(ticket_message)) == (1, 0)
    assert "He never pays" not in str([message.data for message in desk.messages()])


def test_nothing_is_said_to_another_persons_customer(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    path = f"{TICKETS}/{ticket['id']}"
    assert desk.janet.get(f"{path}/messages").status_code == 404
    assert desk.janet.post(f"{path}/customer-messages", json={"text": "x"}).status_code == 404
    assert desk.nancy.post(f"{path}/messages", json={"text": "x"}).status_code == 403
    assert desk.sergei.post(f"{TICKETS}/{UNKNOWN}/messages", json={"text": "x"}).status_code == 404
    assert desk.count(ticket_message) == 0


def test_a_closed_ticket_is_not_answered_and_a_stale_version_neither(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    path = f"{TICKETS}/{ticket['id']}/messages"
    stale = desk.sergei.post(path, json={"text": "x"}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    act(desk, ticket["id"], "resolve", RESOLVED)
    reply(desk, ticket["id"], "Is it dry?")
    assert ticket_now(desk, ticket["id"])["state"] == "resolved"
    act(desk, ticket["id"], "close")
    refused = desk.sergei.post(path, json={"text": "x"})
    assert (refused.status_code, refused.json["code"]) == (409, "ticket_state")
    assert texts(desk, ticket["id"]) == ["Is it dry?"]


def test_a_long_conversation_is_read_page_by_page(desk: Desk, clock: ManualClock) -> None:
    ticket = a_new_ticket(desk)
    for count in range(5):
        reply(desk, ticket["id"], f"word {count}")
        clock.advance(timedelta(seconds=count % 2))
    path, seen, cursor = f"{TICKETS}/{ticket['id']}/messages", [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = done(desk.nancy.get(path, query_string=query))
        seen += [each["text"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"word {count}" for count in range(5)]
