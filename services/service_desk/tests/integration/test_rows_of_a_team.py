"""Who sees what is about whose customers: a salesperson his own, a leader also those of who is in his teams now."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.service_desk.tests.builders import (
    HARBOR,
    JANET,
    NANCY,
    Desk,
    a_message,
    an_id,
    open_ticket,
    owner_changed,
    registered,
    shipped,
)

NORTH = an_id("7ea0")
TICKETS = "tickets"
LISTS = (TICKETS, "deadlines", "installed-items", f"tickets?customer_id={HARBOR}")


class Company:
    """Harbor Pumps, Nancy's customer, with a pump and a ticket; Janet may come to lead Nancy."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.hears(registered(), shipped())
        ticket = f"tickets/{open_ticket(desk.nancy)['id']}"
        self.ticket = ticket
        self.ones = (
            ticket, f"{ticket}/messages", f"{ticket}/deadlines", f"{ticket}/documents", f"{ticket}/findings",
            f"{ticket}/routing", f"{ticket}/assignments", f"{ticket}/relations", f"{ticket}/suggested-articles",
            f"customers/{HARBOR}/service-summary",
        )  # fmt: skip
        self._sequence = count(1)

    def team(self, version: int, *members: str, manager: str | None = JANET) -> None:
        told = {"team_id": NORTH, "name": "North", "version": version, "members": list(members)}
        message = a_message(
            "crm.sales_team.defined.v1", NORTH, next(self._sequence), told | {"manager_id": manager}
        )
        assert self.desk.hears(message).parked == 0


@pytest.fixture
def company(desk: Desk) -> Company:
    return Company(desk)


def rows(who: FlaskClient, path: str) -> Any:
    answer = who.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def codes(who: FlaskClient, company: Company) -> set[int]:
    return {who.get(f"/api/v1/{path}").status_code for path in company.ones}


def found(who: FlaskClient) -> Any:
    return who.get("/api/v1/lookup", query_string={"customer": "Harbor"}).json["customers"]


def test_a_leader_sees_in_every_list_what_his_member_sees_and_nobody_else_does(
    desk: Desk, company: Company
) -> None:
    bob = desk.client("bob", "sales")
    for path in LISTS:
        assert (len(rows(desk.nancy, path)), rows(desk.janet, path)) == (1, []), path
    assert (len(found(desk.nancy)), found(desk.janet)) == (1, [])
    company.team(1, NANCY)
    for path in LISTS:
        assert rows(desk.janet, path) == rows(desk.nancy, path), path
        assert rows(bob, path) == [], path
    assert (found(desk.janet), found(bob)) == (found(desk.nancy), [])
    company.team(2)
    assert ([rows(desk.janet, path) for path in LISTS], found(desk.janet)) == ([[]] * len(LISTS), [])


def test_what_hangs_on_a_ticket_agrees_with_the_lists(desk: Desk, company: Company) -> None:
    assert (codes(desk.nancy, company), codes(desk.janet, company)) == ({200}, {404})
    company.team(1, NANCY)
    assert codes(desk.janet, company) == {200}
    company.team(2, NANCY, manager=None)
    assert codes(desk.janet, company) == {404}


def test_a_leader_acts_for_his_team(desk: Desk, company: Company) -> None:
    body = {"customer_id": HARBOR, "kind": "technical", "subject": "It hums"}
    said = f"/api/v1/{company.ticket}/customer-messages"
    link = f"/api/v1/{company.ticket}/link"
    assert desk.janet.post("/api/v1/tickets", json=body).json["code"] == "unknown_customer"
    assert desk.janet.post(said, json={"text": "He called"}).status_code == 404
    assert desk.janet.post(link, json={}).status_code == 404
    company.team(1, NANCY)
    assert desk.janet.post("/api/v1/tickets", json=body).status_code == 201
    assert desk.janet.post(said, json={"text": "He called"}).status_code == 201
    assert desk.janet.post(link, json={}).status_code == 201


def test_a_handed_over_customer_leaves_the_leader_of_who_had_him(desk: Desk, company: Company) -> None:
    company.team(1, NANCY)
    desk.hears(owner_changed(2, "bob"))
    assert (rows(desk.janet, TICKETS), codes(desk.janet, company)) == ([], {404})
    company.team(2, NANCY, "bob")
    assert codes(desk.janet, company) == {200}


def test_an_older_word_and_the_same_again_change_nothing(desk: Desk, company: Company) -> None:
    for version, members, seen in ((5, [NANCY], 1), (4, [], 1), (5, [NANCY], 1), (6, [], 0)):
        company.team(version, *members)
        assert len(rows(desk.janet, TICKETS)) == seen
