"""Tickets that open by themselves: for what happened to a customer, once, where the house wants them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from libs.common.envelope import Message
from services.service_desk.domain.cause import Happening
from services.service_desk.store.tables import ticket
from services.service_desk.tests.builders import (
    CONVERSATION,
    DELIVERY,
    HARBOR,
    NOW,
    ORDER,
    PUMP,
    RETURN,
    Desk,
    a_message,
    came_back,
    registered,
    shipped,
)
from services.service_desk.use_cases.open_by_itself import open_by_itself

INTAKE = "/api/v1/ticket-intake"


def late(sequence: int = 2, promised_on: str = "2026-02-27") -> Message:
    data = {
        "order_id": ORDER,
        "order_number": "S-000009",
        "customer_id": HARBOR,
        "promised_on": promised_on,
        "noticed_on": "2026-03-02",
        "waits_for": "stock",
        "lines": [],
    }
    message = a_message("inventory.delivery.delayed.v1", ORDER, sequence, data)
    return replace(message, id=f"late-{sequence}", correlation_id=CONVERSATION)


def short(reason: str = "not_found", sequence: int = 3) -> Message:
    line = {"order_line_id": ORDER, "item_id": PUMP, "sku": "P-1", "shipped": "3", "missing": "2"}
    data = {
        "delivery_id": DELIVERY,
        "number": "D-01",
        "order_id": ORDER,
        "order_number": "S-000009",
        "customer_id": HARBOR,
        "lines": [line | {"reason": reason}],
    }
    message = a_message("inventory.delivery.short_shipped.v1", ORDER, sequence, data)
    return replace(message, id=f"short-{sequence}")


def scrap(scrapped: str = "1", sequence: int = 4) -> Message:
    line = {"item_id": PUMP, "quantity": "1", "lot": "L-7", "serials": [], "scrapped": scrapped}
    return came_back(line, sequence=sequence)


def tickets(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.sergei.get("/api/v1/tickets").json["items"])


@pytest.mark.parametrize(
    ("message", "cause", "queue", "said"),
    [
        (late(), "late_delivery", "warehouse", "waits for stock"),
        (short(), "short_shipment", "warehouse", "P-1: 2 missing (not_found)"),
        (scrap(), "bad_return", "production", "It drips"),
    ],
)
def test_what_happens_to_a_customer_opens_a_ticket_once(
    desk: Desk, message: Message, cause: str, queue: str, said: str
) -> None:
    desk.hears(registered(), shipped())
    assert desk.hears(message, replace(message, id="again")).parked == 0
    (opened,) = tickets(desk)
    assert (opened["queue"], opened["order_id"], opened["opened_by"]) == (queue, ORDER, "meridian")
    assert said in opened["description"]
    assert (opened["opened_on"], opened["state"]) == ("2026-03-02", "new")
    told = desk.messages()[-1]
    assert (told.type, told.data["ticket_id"]) == ("service_desk.ticket.opened.v1", opened["id"])
    assert told.correlation_id == message.correlation_id
    assert desk.sergei.get(f"/api/v1/tickets/{opened['id']}/deadlines").status_code == 200


def test_a_new_promise_that_is_broken_again_is_another_matter(desk: Desk) -> None:
    desk.hears(registered(), late(), late(3, "2026-03-01"))
    assert len(tickets(desk)) == 2


def test_what_went_back_to_the_shelf_or_was_left_behind_on_purpose_opens_none(desk: Desk) -> None:
    desk.hears(registered(), shipped())
    assert desk.hears(short("left_behind"), scrap("0")).handled == 2
    assert tickets(desk) == []


def test_the_customer_is_waited_for(desk: Desk) -> None:
    assert desk.hears(late()).parked == 1
    assert desk.count(ticket) == 0


def test_the_house_says_what_opens_tickets(desk: Desk) -> None:
    desk.hears(registered(), shipped())
    wanted = {"late_delivery": False, "short_shipment": "any", "bad_return": False}
    assert desk.sergei.get(INTAKE).json == {
        "late_delivery": True,
        "short_shipment": "missing",
        "bad_return": True,
        "version": 0,
    }
    assert desk.sergei.put(INTAKE, json=wanted).status_code == 403
    steven = desk.client("steven", "sales_manager")
    assert steven.put(INTAKE, json=wanted, headers={"If-Match": '"0"'}).json["version"] == 1
    assert steven.put(INTAKE, json=wanted, headers={"If-Match": '"0"'}).status_code == 412
    assert desk.hears(late(), short("left_behind"), scrap()).handled == 3
    assert [each["subject"].split(" ")[1] for each in tickets(desk)] == ["D-01"]
    never = wanted | {"short_shipment": "never"}
    steven.put(INTAKE, json=never)
    desk.hears(replace(short(sequence=5), id="more"))
    assert len(tickets(desk)) == 1


def test_of_many_who_hear_of_one_thing_at_once_one_opens_the_ticket(desk: Desk) -> None:
    desk.hears(registered())
    happening = Happening(
        "bad_return", RETURN, HARBOR, ORDER, RETURN, "RMA-1", CONVERSATION, "Bad", "It drips"
    )
    today = date(NOW.year, NOW.month, NOW.day)

    def hear(_: int) -> bool:
        return desk.database.transact(lambda tx: open_by_itself(tx, happening, today)) is not None

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(hear, range(12))) == 1
    assert desk.count(ticket) == 1
