"""Where the course of a ticket and what is said on it meet: clocks, ways, urgency and figures after each of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.testing import ManualClock
from services.service_desk.tests.builders import HARBOR, ORDER, Desk, a_message
from services.service_desk.tests.integration.test_mail import a_mail, contact, take
from services.service_desk.tests.talking import (
    RESOLVED,
    TICKETS,
    a_new_ticket,
    act,
    done,
    reply,
    said,
    ticket_now,
    two_customers,
)

QUERIES = Path(__file__).parents[4] / "meridian" / "audit" / "queries" / "service_desk"
LONG_AGO = timedelta(days=15)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def violations(desk: Desk) -> dict[str, list[Any]]:
    """Return what the audit's questions to the desk find."""
    found = {
        path.stem: desk.database.read(lambda c, path=path: list(c.execute(text(path.read_text()))))
        for path in QUERIES.glob("*.sql")
    }
    assert len(found) > 5
    return {name: rows for name, rows in found.items() if rows}


def due(desk: Desk, ticket_id: str) -> Any:
    return done(desk.sergei.get(f"{TICKETS}/{ticket_id}/deadlines"))


def routing(desk: Desk, ticket_id: str) -> Any:
    return done(desk.sergei.get(f"{TICKETS}/{ticket_id}/routing"))


def put_rules(desk: Desk, *rules: dict[str, Any]) -> None:
    body = {"rules": list(rules), "threshold_percent": 70}
    done(desk.client("steven", "sales_manager").put("/api/v1/ticket-routing", json=body))


def a_late_order(desk: Desk) -> Any:
    """Return the ticket of an order of which nothing was ever shipped."""
    data = {"order_id": ORDER, "order_number": "S-000009", "customer_id": HARBOR}
    late = data | {"promised_on": "2026-03-01", "waits_for": "stock"}
    desk.hears(a_message("inventory.delivery.delayed.v1", ORDER, 1, late, id="late-1"))
    (found,) = done(desk.sergei.get(TICKETS, query_string={"order_id": ORDER}))["items"]
    return found


def test_a_word_on_a_closed_ticket_of_an_order_that_never_left_is_heard(
    desk: Desk, clock: ManualClock
) -> None:
    late = a_late_order(desk)
    act(desk, late["id"], "resolve", RESOLVED)
    clock.advance(LONG_AGO)
    followed = ticket_now(desk, said(desk, late["id"], "Still nothing")["ticket_id"])
    assert (followed["order_id"], followed["queue"], followed["state"]) == (ORDER, "warehouse", "new")
    assert followed["priority"] == late["priority"] == "high", "it is no less urgent than it was"
    goes = said(desk, followed["id"], "And the bill is wrong")["id"]
    new = act(
        desk, followed["id"], "split", {"message_ids": [goes], "subject": "Bill", "kind": "billing"}, 201
    )
    assert (new["order_id"], new["priority"], new["queue"]) == (ORDER, "high", "finance")
    assert violations(desk) == {}


def test_what_goes_on_stays_where_a_person_sent_it(desk: Desk, clock: ManualClock) -> None:
    put_rules(desk, {"name": "Leaks", "words": ["leaks"], "queue": "production", "kind": "quality"})
    ticket = a_new_ticket(desk)["id"]
    act(desk, ticket, "route", {"kind": "billing"})
    act(desk, ticket, "resolve", RESOLVED)
    clock.advance(LONG_AGO)
    followed = ticket_now(desk, said(desk, ticket)["ticket_id"])
    assert (followed["kind"], followed["queue"]) == ("billing", "finance")
    assert routing(desk, followed["id"])["rule"] == "Leaks"


def test_nothing_is_learnt_of_words_of_which_nobody_said_what_they_are_about(desk: Desk) -> None:
    def taught() -> int:
        return int(done(desk.sergei.get("/api/v1/ticket-classifier"))["tickets"])

    body = {"customer_id": HARBOR, "subject": "qwertz"}
    ticket = done(desk.nancy.post(TICKETS, json=body), 201)["id"]
    stays, goes, more = (said(desk, ticket, each)["id"] for each in ("a", "b", "c"))
    new = act(desk, ticket, "split", {"message_ids": [goes], "subject": "asdf"}, 201)
    assert (routing(desk, new["id"])["decided_by"], taught()) == ("nobody", 0)
    named = act(desk, ticket, "split", {"message_ids": [more], "subject": "Bill", "kind": "billing"}, 201)
    assert (routing(desk, named["id"])["corrected_by"], taught()) == ("sergei", 1)
    assert stays


def test_what_a_mail_says_decides_where_it_goes(desk: Desk) -> None:
    desk.hears(contact("ann@harbor.example"))
    put_rules(desk, {"name": "Bills", "words": ["invoice"], "kind": "billing"})
    kept = take(desk, a_mail("The invoice is wrong", Subject="A question"))
    opened = ticket_now(desk, kept["ticket_id"])
    assert (opened["queue"], opened["subject"], opened["description"]) == ("finance", "A question", None)


def test_what_was_merged_holds_no_new_note(desk: Desk) -> None:
    gone, kept = a_new_ticket(desk)["id"], a_new_ticket(desk)["id"]
    act(desk, gone, "merge", {"into_ticket_id": kept})
    refused = act(desk, gone, "notes", {"text": "x"}, 409)
    assert (refused["code"], refused["merged_into_id"]) == ("ticket_merged", kept)
    assert violations(desk) == {}


@pytest.mark.parametrize(("also_waits", "state"), [(False, "open"), (True, "pending")])
def test_a_merge_brings_a_waiting_ticket_the_customers_word(
    desk: Desk, clock: ManualClock, also_waits: bool, state: str
) -> None:
    kept, gone = a_new_ticket(desk)["id"], a_new_ticket(desk, subject="The blue one leaks")["id"]
    reply(desk, kept, wait_for_customer=True)
    if also_waits:
        reply(desk, gone, wait_for_customer=True)
    clock.advance(timedelta(hours=1))
    merged = act(desk, gone, "merge", {"into_ticket_id": kept})
    assert merged["state"] == state
    assert (due(desk, kept)["paused_at"] is None) == (state == "open")
    assert violations(desk) == {}


def test_what_was_merged_counts_neither_as_kept_nor_as_missed(desk: Desk, clock: ManualClock) -> None:
    kept, in_time, late = (a_new_ticket(desk, priority="urgent")["id"] for _ in range(3))
    act(desk, in_time, "merge", {"into_ticket_id": kept})
    act(desk, kept, "resolve", RESOLVED)
    clock.advance(timedelta(days=2))
    other = a_new_ticket(desk, priority="urgent")["id"]
    act(desk, late, "merge", {"into_ticket_id": other})
    period = {"since": "2026-03-02", "until": "2026-03-02"}
    (row,) = done(desk.sergei.get("/api/v1/sla-figures", query_string=period))["priorities"]
    assert (row["tickets"], row["merged"]) == (1, 2)
    assert (row["response_met"], row["response_missed"], row["resolution_met"]) == (1, 0, 1)
    assert due(desk, late)["merged_into_id"] == other
    assert due(desk, other)["merged_into_id"] is None
    summary = done(desk.nancy.get(f"/api/v1/customers/{HARBOR}/service-summary"))
    assert (summary["open_tickets"], summary["resolved_tickets"]) == (1, 1)


def test_the_clock_runs_exactly_while_the_desk_is_waited_for(desk: Desk, clock: ManualClock) -> None:
    ticket = a_new_ticket(desk, priority="urgent")["id"]

    def stands() -> bool:
        clock.advance(timedelta(minutes=5))
        assert violations(desk) == {}
        return due(desk, ticket)["paused_at"] is not None

    reply(desk, ticket, wait_for_customer=True)
    assert stands()
    said(desk, ticket)
    assert not stands()
    act(desk, ticket, "resolve", RESOLVED)
    assert stands()
    said(desk, ticket, "It still leaks")
    assert not stands()
    asked = desk.sergei.get(f"{TICKETS}/{ticket}/satisfaction")
    assert (asked.status_code, due(desk, ticket)["resolution"]["done_at"]) == (404, None)
    act(desk, ticket, "wait")
    act(desk, ticket, "take")
    assert not stands()
