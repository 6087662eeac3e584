"""What technicians notice: told at once, and what came of it shown with the ticket."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.envelope import Message
from services.service_desk.store.course_tables import ticket_finding
from services.service_desk.tests.builders import (
    HARBOR,
    NANCY,
    OTHERS,
    PUMP,
    UNKNOWN,
    VALVE,
    Desk,
    a_message,
    an_id,
    item_described,
    open_ticket,
    registered,
    shipped,
)

OPPORTUNITY = an_id("0990")
ORDER = an_id("0d09")
WORN = {
    "kind": "worn",
    "note": "The seal is\nworn",
    "item_id": PUMP,
    "wanted_item_id": VALVE,
    "quantity": "3",
}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once it knows Harbor Pumps with a pump, and a valve that they may need."""
    desk.hears(registered(), registered(OTHERS, number="C-2", name="Others", owner_id="someone"))
    desk.hears(shipped(), item_described(VALVE, "V-1", "Valve"))
    return desk


def note(desk: Desk, ticket: dict[str, Any], **changes: Any) -> Any:
    return desk.sergei.post(f"/api/v1/tickets/{ticket['id']}/findings", json=WORN | changes)


def money(amount: str) -> dict[str, Any]:
    return {"minor": int(amount.replace(".", "")), "currency": "USD"}


def opened(finding_id: str | None, sequence: int = 1, opportunity_id: str = OPPORTUNITY) -> Message:
    data = {"opportunity_id": opportunity_id, "number": "O-000001", "customer_id": HARBOR, "owner_id": NANCY}
    return a_message("crm.opportunity.opened.v1", opportunity_id, sequence, data | {"finding_id": finding_id})


def earned(finding_id: str, sequence: int, revenue: str, order_id: str = ORDER) -> Message:
    data = {
        "finding_id": finding_id,
        "order_id": order_id,
        "order_number": "SO-9",
        "state": "placed",
        "order_total": money("119.00"),
        "revenue": money(revenue),
    }
    return a_message("crm.opportunity.revenue_changed.v1", OPPORTUNITY, sequence, data)


def test_what_is_noticed_is_told_at_once(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy)
    answer = note(desk, ticket)
    assert answer.status_code == 201
    (found,) = answer.json["findings"]
    assert (found["kind"], found["found_by"], found["opportunity_id"]) == ("worn", "sergei", None)
    told = desk.messages()[-1]
    assert (told.type, told.partition_key) == ("service_desk.ticket.finding_noted.v1", ticket["id"])
    assert told.data == {
        "ticket_id": ticket["id"],
        "number": "T-000001",
        "finding_id": found["id"],
        "customer_id": HARBOR,
        "kind": "worn",
        "note": "The seal is\nworn",
        "found_by": "sergei",
        "item_id": PUMP,
        "wanted_item_id": VALVE,
        "quantity": "3",
    }


def test_what_came_of_it_is_shown_with_the_ticket_and_the_latest_word_counts(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy)
    finding = note(desk, ticket).json["findings"][0]["id"]
    desk.hears(opened(finding), earned(finding, 3, "100.00"), earned(finding, 2, "0.00"))
    desk.hears(earned(finding, 4, "50.50", an_id("0d09", 2)), opened(None, 5, an_id("0990", 2)))
    shown = desk.nancy.get(f"/api/v1/tickets/{ticket['id']}/findings").json
    (found,) = shown["findings"]
    assert (found["opportunity_number"], found["owner_id"]) == ("O-000001", NANCY)
    assert [order["revenue"]["amount"] for order in found["orders"]] == ["100.00", "50.50"]
    assert shown["revenue"] == [{"amount": "150.50", "currency": "USD"}]


def test_an_opportunity_of_a_finding_that_is_not_known_waits(desk: Desk) -> None:
    assert desk.hears(opened(UNKNOWN)).parked == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "broken"}, "kind"),
        ({"note": ""}, "note"),
        ({"item_id": VALVE}, "item_id"),
        ({"wanted_item_id": UNKNOWN}, "wanted_item_id"),
        ({"wanted_item_id": None}, "wanted_item_id"),
        ({"quantity": None}, "quantity"),
        ({"quantity": "0"}, "quantity"),
    ],
)
def test_a_bad_finding_is_refused_by_its_field(desk: Desk, changes: dict[str, Any], field: str) -> None:
    answer = note(desk, open_ticket(desk.nancy), **changes)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert desk.count(ticket_finding) == 0


def test_who_does_not_work_on_the_ticket_notes_nothing_with_it(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy, kind="billing")
    path = f"/api/v1/tickets/{ticket['id']}/findings"
    assert desk.client("picker", "warehouse").post(path, json=WORN).status_code == 403
    assert desk.nancy.post(path, json=WORN).status_code == 403
    assert desk.janet.get(path).status_code == 404
    sergei = desk.sergei
    sergei.post(f"/api/v1/tickets/{ticket['id']}/resolve", json={"resolution": "Done"})
    assert note(desk, ticket).status_code == 201
    sergei.post(f"/api/v1/tickets/{ticket['id']}/close")
    assert (note(desk, ticket).status_code, desk.count(ticket_finding)) == (409, 1)
