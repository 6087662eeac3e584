"""The customer's link to his ticket: he follows, answers and rates without a login; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from libs.common.testing import ManualClock
from services.service_desk.domain.follow_link import PER_HOUR, STATE_TEXTS
from services.service_desk.domain.ticket import STATES
from services.service_desk.store.talk_tables import ticket_link
from services.service_desk.tests.builders import UNKNOWN, Desk
from services.service_desk.tests.talking import (
    PUBLIC,
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    door,
    linked,
    reply,
    texts,
    ticket_now,
    two_customers,
    visit,
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def test_r6_3_the_customer_follows_answers_and_rates_by_his_link(desk: Desk) -> None:
    ticket = a_new_ticket(desk, description="Since Monday")
    path = linked(desk, ticket["id"])
    reply(desk, ticket["id"], wait_for_customer=True)
    done(desk.sergei.post(f"{TICKETS}/{ticket['id']}/notes", json={"text": "A difficult one"}), 201)
    seen = done(door(desk).get(path))
    assert seen == {
        "number": "T-000001",
        "numbers": ["T-000001"],
        "subject": "It leaks",
        "description": "Since Monday",
        "state": "pending",
        "state_text": STATE_TEXTS["pending"],
        "opened_on": "2026-03-02",
        "resolution": None,
        "resolved_on": None,
        "asked": False,
        "score": None,
    }
    assert visit(desk, path, "messages", {"text": "The blue one", "name": "Ann 王"})["state"] == "open"
    words = done(door(desk).get(f"{path}/messages"))["items"]
    assert [(each["side"], each["author_name"], each["text"]) for each in words] == [
        ("agent", None, "Which pump?"),
        ("customer", "Ann 王", "The blue one"),
    ]
    assert set(words[0]) == {"side", "author_name", "text", "at", "attachments"}, (
        "who of the company wrote is not told"
    )
    act(desk, ticket["id"], "resolve", RESOLVED)
    assert done(door(desk).get(path))["asked"] is True
    rated = visit(desk, path, "satisfaction", {"score": 5, "comment": "Thank you"})
    assert (rated["asked"], rated["score"]) == (False, 5)
    again = visit(desk, path, "satisfaction", {"score": 1}, 409)
    assert again["code"] == "satisfaction_answered"


def test_a_reply_behind_the_link_goes_on_where_the_ticket_does(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    path = linked(desk, ticket["id"])
    reply(desk, ticket["id"], "Done")
    act(desk, ticket["id"], "resolve", RESOLVED)
    act(desk, ticket["id"], "close")
    seen = visit(desk, path, "messages", {"text": "It leaks again"})
    assert (seen["number"], seen["state"], seen["numbers"]) == ("T-000002", "new", ["T-000001", "T-000002"])
    words = done(door(desk).get(f"{path}/messages"))["items"]
    assert [each["text"] for each in words] == ["Done", "It leaks again"], "both halves are shown"


@pytest.mark.parametrize("fate", ["revoked", "replaced", "expired", "never"])
def test_a_link_that_is_closed_opens_nothing_and_says_not_why(
    desk: Desk, clock: ManualClock, fate: str
) -> None:
    ticket = a_new_ticket(desk)
    path = linked(desk, ticket["id"], days=3)
    clock.advance(timedelta(days=3))
    assert door(desk).get(path).status_code == 200, "its last day is a whole day"
    if fate == "revoked":
        assert desk.nancy.delete(f"{TICKETS}/{ticket['id']}/link").status_code == 204
    elif fate == "replaced":
        linked(desk, ticket["id"])
    elif fate == "expired":
        clock.advance(timedelta(days=1))
    else:
        path = f"{PUBLIC}/{UNKNOWN}"
    answers = [
        door(desk).get(path),
        door(desk).get(f"{path}/messages"),
        door(desk).post(f"{path}/messages", json={"text": "x"}),
        door(desk).post(f"{path}/satisfaction", json={"score": 5}),
    ]
    assert {(each.status_code, each.json["code"], each.json["detail"]) for each in answers} == {
        (404, "ticket_link_closed", "this link opens no ticket")
    }
    assert texts(desk, ticket["id"]) == []


def test_only_the_hash_is_kept_and_only_the_gateway_comes_by_a_link(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    path = linked(desk, ticket["id"])
    token = path.rpartition("/")[2]
    rows = desk.database.read(lambda connection: list(connection.execute(ticket_link.select())))
    assert token not in str(rows)
    assert "token" not in done(desk.nancy.get(f"{TICKETS}/{ticket['id']}/link"))
    for client in (desk.nancy, desk.sergei, desk.client("boss", "admin")):
        assert client.get(path).status_code == 401
    assert desk.janet.post(f"{TICKETS}/{ticket['id']}/link", json={}).status_code == 404
    assert desk.janet.delete(f"{TICKETS}/{ticket['id']}/link").status_code == 404
    assert door(desk).get(path).status_code == 200


def test_one_address_writes_so_much_in_an_hour_and_another_still_may(desk: Desk, clock: ManualClock) -> None:
    ticket = a_new_ticket(desk)
    path = linked(desk, ticket["id"])
    for count in range(PER_HOUR):
        visit(desk, path, "messages", {"text": f"word {count}"})
    assert visit(desk, path, "messages", {"text": "x"}, 409)["code"] == "too_many_replies"
    other = {"Meridian-Caller-Address": "192.0.2.8"}
    assert door(desk).post(f"{path}/messages", json={"text": "y"}, headers=other).status_code == 200
    clock.advance(timedelta(hours=1))
    visit(desk, path, "messages", {"text": "z"})
    assert len(texts(desk, ticket["id"])) == PER_HOUR + 2


def test_every_state_has_words_in_both_languages() -> None:
    assert set(STATE_TEXTS) == set(STATES)
    assert all(words["en"] and words["zh"] for words in STATE_TEXTS.values())


def test_a_link_does_not_change_the_ticket(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    linked(desk, ticket["id"])
    assert ticket_now(desk, ticket["id"]) == ticket
