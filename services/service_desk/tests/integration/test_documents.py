"""Returns, replacements and repairs of tickets: wanted once, within what the customer holds, and followed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from libs.common.envelope import Message
from services.service_desk.store.document_tables import ticket_document
from services.service_desk.tests.builders import (
    HARBOR,
    ORDER,
    OTHERS,
    PUMP,
    RETURN,
    UNKNOWN,
    VALVE,
    Desk,
    a_line,
    a_message,
    an_id,
    came_back,
    item_described,
    open_ticket,
    registered,
    shipped,
)

QUOTATION = an_id("9001")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once it knows that Harbor Pumps has two pumps, and others have a valve."""
    desk.hears(registered(), registered(OTHERS, number="C-2", name="Others", owner_id="someone"))
    desk.hears(shipped(), item_described(VALVE, "V-1", "Valve"))
    theirs = a_line(VALVE, "1", None)
    desk.hears(shipped(theirs, delivery_id=an_id("de02"), customer_id=OTHERS, order_id=an_id("0d02")))
    return desk


def held(desk: Desk, customer_id: str = HARBOR) -> str:
    *_, line = desk.sergei.get(f"/api/v1/installed-items?customer_id={customer_id}").json["items"]
    return str(line["id"])


def want(desk: Desk, ticket: dict[str, Any], what: str, **changes: Any) -> Any:
    body = {"installed_item_id": held(desk), "quantity": "1", "reason": "It drips"} | changes
    return desk.sergei.post(f"/api/v1/tickets/{ticket['id']}/{what}", json=body)


def documents(desk: Desk, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    return list(desk.nancy.get(f"/api/v1/tickets/{ticket['id']}/documents").json["documents"])


def notes(desk: Desk, ticket: dict[str, Any]) -> list[str]:
    found = desk.sergei.get(f"/api/v1/tickets/{ticket['id']}/notes").json["items"]
    return [note["text"] for note in found]


def of_return(fact: str, sequence: int, **data: Any) -> Message:
    about = {"return_id": RETURN, "number": "RMA-000001", "order_id": ORDER}
    return a_message(f"inventory.return.{fact}.v1", ORDER, sequence, about | data)


def of_order(request_id: str, sequence: int, state: str, **data: Any) -> Message:
    about: dict[str, Any] = {
        "request_id": request_id,
        "state": state,
        "quotation_id": QUOTATION,
        "quotation_number": "Q-9",
    }
    about["total"] = {"minor": 0, "currency": "USD"}
    return a_message("sales.ticket_order.moved.v1", request_id, sequence, about | data)


def test_a_return_is_wanted_of_the_line_and_followed_to_its_inspection(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy)
    answer = want(desk, ticket, "returns")
    assert answer.status_code == 201, answer.json
    (wanted,) = answer.json["documents"]
    told = desk.messages()[-1]
    assert (told.type, told.partition_key) == ("service_desk.ticket.return_wanted.v1", ticket["id"])
    assert (told.data["request_id"], told.data["number"]) == (wanted["id"], ticket["number"])
    assert (told.data["item_id"], told.data["lot"], told.data["quantity"]) == (PUMP, "L-7", "1")

    desk.hears(of_return("requested", 2, request_id=wanted["id"]))
    desk.hears(of_return("decided", 3, state="approved", answer="Send it"))
    (seen,) = documents(desk, ticket)
    assert (seen["document_number"], seen["state"], seen["detail"]) == ("RMA-000001", "approved", "Send it")
    desk.hears(of_return("received", 4))
    scrap = {"item_id": PUMP, "quantity": "1", "lot": "L-7", "scrapped": "1"}
    desk.hears(came_back(scrap, sequence=5))
    assert documents(desk, ticket)[0]["state"] == "inspected"
    assert [text.splitlines()[0].partition(" · ")[0] for text in notes(desk, ticket)] == [
        "Return RMA-000001 was approved",
        "Return RMA-000001 has arrived",
        "Return RMA-000001 was inspected",
    ]
    assert len(desk.sergei.get("/api/v1/tickets").json["items"]) == 1  # it is looked into already


def test_a_replacement_is_followed_to_the_door_and_an_older_word_undoes_nothing(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy)
    wanted = want(desk, ticket, "replacements").json["documents"][0]["id"]
    told = desk.messages()[-1]
    assert (told.type, told.data["kind"]) == ("service_desk.ticket.order_wanted.v1", "replacement")
    assert told.data.get("unit_price") is None
    order = {"order_id": an_id("0d09"), "order_number": "SO-9"}
    desk.hears(of_order(wanted, 1, "quoted"), of_order(wanted, 2, "placed", **order))
    desk.hears(of_order(wanted, 4, "delivered", detail="D-9", **order))
    desk.hears(of_order(wanted, 3, "shipped", **order))
    (seen,) = documents(desk, ticket)
    assert (seen["state"], seen["order_number"], seen["document_number"]) == ("delivered", "SO-9", "Q-9")
    assert notes(desk, ticket) == ["Replacement SO-9 was delivered · 换货 SO-9已送达\nD-9"]


def test_a_price_that_is_named_is_told(desk: Desk) -> None:
    price = {"amount": "12.5", "currency": "USD"}
    assert want(desk, open_ticket(desk.nancy), "replacements", unit_price=price).status_code == 201
    assert desk.messages()[-1].data["unit_price"] == {"e4": 125000, "currency": "USD"}


def test_a_repair_is_quoted_and_a_refusal_stands_with_the_ticket(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy)
    path = f"/api/v1/tickets/{ticket['id']}/repairs"
    answer = desk.sergei.post(path, json={"item_id": VALVE, "quantity": "2", "reason": "Worn"})
    request_id = answer.json["documents"][0]["id"]
    refused = {"request_id": request_id, "detail": "no price policy covers this item"}
    desk.hears(a_message("sales.ticket_order.refused.v1", request_id, 1, refused))
    (seen,) = documents(desk, ticket)
    assert (seen["kind"], seen["state"], seen["detail"]) == ("repair", "refused", refused["detail"])
    again = desk.sergei.post(path, json={"item_id": VALVE, "quantity": "2", "reason": "Worn"})
    assert again.status_code == 201


@pytest.mark.parametrize("what", ["returns", "replacements"])
def test_r6_2_of_two_technicians_who_press_at_once_one_has_it(desk: Desk, what: str) -> None:
    ticket, line = open_ticket(desk.nancy), held(desk)
    body = {"installed_item_id": line, "quantity": "1", "reason": "It drips"}
    clients = [desk.client(f"tech{n}", "service") for n in range(6)]
    with ThreadPoolExecutor(len(clients)) as pool:
        path = f"/api/v1/tickets/{ticket['id']}/{what}"
        answers = list(pool.map(lambda client: client.post(path, json=body), clients))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json["code"] == "already_wanted"
    assert desk.count(ticket_document) == 1
    assert sum(told.endswith("_wanted.v1") for told in desk.told()) == 1


def test_tickets_that_want_of_one_line_at_once_have_no_more_than_is_held(desk: Desk) -> None:
    tickets, line = [open_ticket(desk.nancy) for _ in range(5)], held(desk)
    body = {"installed_item_id": line, "quantity": "1", "reason": "It drips"}
    clients = [(desk.client("tech", "service"), f"/api/v1/tickets/{each['id']}/returns") for each in tickets]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(pair[1], json=body), clients))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422, 422]


@pytest.mark.parametrize("what", ["returns", "replacements"])
def test_what_the_customer_does_not_hold_is_refused_by_its_field(desk: Desk, what: str) -> None:
    ticket = open_ticket(desk.nancy)
    for changes, field, code in (
        ({"installed_item_id": UNKNOWN}, "installed_item_id", "not_held_by_customer"),
        ({"installed_item_id": held(desk, OTHERS)}, "installed_item_id", "not_held_by_customer"),
        ({"quantity": "3"}, "quantity", "more_than_held"),
    ):
        answer = want(desk, ticket, what, **changes)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert answer.json["errors"][0]["field"] == field
    assert desk.count(ticket_document) == 0


def test_units_that_come_back_are_named_and_held(desk: Desk) -> None:
    line = a_line(PUMP, "2", None, serials=["A1", "A2"])
    desk.hears(shipped(line, delivery_id=an_id("de03"), order_id=an_id("0d03")))
    rows = desk.sergei.get(f"/api/v1/installed-items?customer_id={HARBOR}").json["items"]
    mine = next(each["id"] for each in rows if each["serials"])
    ticket = open_ticket(desk.nancy)
    for serials in ([], ["A9"], ["A1", "A2"]):
        answer = want(desk, ticket, "returns", installed_item_id=mine, serials=serials)
        assert (answer.status_code, answer.json["code"]) == (422, "serials_invalid")
    assert want(desk, ticket, "returns", installed_item_id=mine, serials=["A2"]).status_code == 201
    assert desk.messages()[-1].data["serials"] == ["A2"]


def test_who_may_not_work_on_the_ticket_wants_nothing_and_what_is_over_wants_no_more(desk: Desk) -> None:
    ticket, line = open_ticket(desk.nancy), held(desk)
    path = f"/api/v1/tickets/{ticket['id']}/returns"
    body = {"installed_item_id": line, "quantity": "1", "reason": "It drips"}
    assert desk.nancy.post(path, json=body).status_code == 403
    assert desk.client("picker", "warehouse").post(path, json=body).status_code == 403
    assert desk.janet.get(f"/api/v1/tickets/{ticket['id']}/documents").status_code == 404
    desk.sergei.post(f"/api/v1/tickets/{ticket['id']}/resolve", json={"resolution": "Done"})
    desk.sergei.post(f"/api/v1/tickets/{ticket['id']}/close")
    assert (desk.sergei.post(path, json=body).status_code, desk.count(ticket_document)) == (409, 0)


def test_what_a_merged_ticket_wanted_goes_on_with_the_one_that_is_kept(desk: Desk) -> None:
    gone, kept = open_ticket(desk.nancy), open_ticket(desk.nancy)
    wanted = want(desk, gone, "replacements").json["documents"][0]["id"]
    merge = f"/api/v1/tickets/{gone['id']}/merge"
    assert desk.sergei.post(merge, json={"into_ticket_id": kept["id"]}).status_code == 200
    order = {"order_id": an_id("0d09"), "order_number": "SO-9"}
    desk.hears(of_order(wanted, 1, "shipped", **order))
    assert [each["id"] for each in documents(desk, kept)] == [wanted]
    assert notes(desk, kept) == ["Replacement SO-9 has left · 换货 SO-9已发货"]


def test_what_was_not_wanted_here_waits(desk: Desk) -> None:
    assert desk.hears(of_order(UNKNOWN, 1, "placed")).parked == 1
