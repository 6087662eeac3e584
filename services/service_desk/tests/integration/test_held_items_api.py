"""What a customer holds and how its tickets stand, over HTTP."""

from __future__ import annotations

from datetime import date

import pytest

from services.service_desk.tests.builders import (
    HARBOR,
    ORDER,
    OTHERS,
    PUMP,
    UNKNOWN,
    VALVE,
    Desk,
    a_line,
    an_id,
    open_ticket,
    registered,
    shipped,
)

INSTALLED = "/api/v1/installed-items"
SUMMARY = f"/api/v1/customers/{HARBOR}/service-summary"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once Harbor Pumps got pumps of two lots and valves, and another customer a pump."""
    desk.hears(registered(), registered(OTHERS, number="C-000002", name="Others", owner_id=None))
    desk.hears(shipped(a_line(), a_line(VALVE, "12", lot=None)))
    later = {"delivery_id": an_id("de01", 2), "order_id": an_id("0d01", 2), "on": date(2026, 2, 20)}
    desk.hears(shipped(a_line(lot="L-8", quantity="1.5"), a_line(quantity="1"), **later))  # type: ignore[arg-type]
    desk.hears(shipped(delivery_id=an_id("de01", 3), order_id=an_id("0d01", 3), customer_id=OTHERS))
    return desk


def test_what_a_customer_holds_the_latest_first_in_pages(desk: Desk) -> None:
    query = {"customer_id": HARBOR, "limit": "3"}
    first = desk.sergei.get(INSTALLED, query_string=query).json
    second = desk.sergei.get(INSTALLED, query_string=query | {"cursor": first["next_cursor"]}).json
    rows = first["items"] + second["items"]
    assert [row["shipped_on"] for row in rows] == ["2026-02-20"] * 2 + ["2026-02-10"] * 2
    assert {(row["sku"], row["lot"], row["quantity"]) for row in rows} == {
        ("P-1", "L-7", "2"),
        ("P-1", "L-7", "1"),
        ("P-1", "L-8", "1.5"),
        ("V-1", None, "12"),
    }


def test_who_holds_something_of_a_lot(desk: Desk) -> None:
    rows = desk.sergei.get(INSTALLED, query_string={"lot": "L-7", "item_id": PUMP}).json["items"]
    assert {row["customer_id"] for row in rows} == {HARBOR, OTHERS}


def test_a_salesperson_sees_what_their_own_customers_hold(desk: Desk) -> None:
    assert {row["customer_id"] for row in desk.nancy.get(INSTALLED).json["items"]} == {HARBOR}
    assert desk.nancy.get(INSTALLED, query_string={"customer_id": OTHERS}).json["items"] == []
    assert desk.janet.get(INSTALLED, query_string={"order_id": ORDER}).json["items"] == []


@pytest.mark.parametrize(
    "query", [{"customer_id": "1"}, {"item_id": ""}, {"lot": "x" * 65}, {"x": "1"}, {"cursor": "!"}]
)
def test_a_bad_search_is_refused_by_its_parameter(desk: Desk, query: dict[str, str]) -> None:
    answer = desk.sergei.get(INSTALLED, query_string=query)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, next(iter(query)))


def test_a_customer_at_a_glance(desk: Desk) -> None:
    ids = [open_ticket(desk.nancy, opened_on=f"2026-02-0{day}")["id"] for day in range(1, 8)]
    for ticket_id in ids[:2]:
        desk.sergei.post(f"/api/v1/tickets/{ticket_id}/resolve", json={"resolution": "Done"})
    desk.sergei.post(f"/api/v1/tickets/{ids[0]}/close")
    desk.sergei.post(f"/api/v1/tickets/{ids[2]}/wait")
    summary = desk.nancy.get(SUMMARY).json
    recent = summary.pop("recent_tickets")
    assert (summary.pop("satisfaction")["asked"], summary.pop("recent_messages")) == (2, [])
    assert [row["opened_on"] for row in recent] == [f"2026-02-0{day}" for day in (7, 6, 5, 4, 3)]
    assert summary == {
        "customer_id": HARBOR,
        "customer_number": "C-000001",
        "customer_name": "Harbor Pumps",
        "open_tickets": 5,
        "resolved_tickets": 2,
        "held_item_count": 2,
        "installed_items": [
            {
                "item_id": PUMP,
                "sku": "P-1",
                "name": "Pump",
                "quantity": "4.5",
                "last_shipped_on": "2026-02-20",
                "lots": [
                    {"lot": "L-7", "quantity": "3", "last_shipped_on": "2026-02-20"},
                    {"lot": "L-8", "quantity": "1.5", "last_shipped_on": "2026-02-20"},
                ],
            },
            {
                "item_id": VALVE,
                "sku": "V-1",
                "name": "Valve",
                "quantity": "12",
                "last_shipped_on": "2026-02-10",
                "lots": [{"lot": None, "quantity": "12", "last_shipped_on": "2026-02-10"}],
            },
        ],
    }


def test_a_customer_without_anything_is_empty_not_missing(desk: Desk) -> None:
    desk.hears(registered(an_id("c003"), number="C-000003"))
    summary = desk.nancy.get(f"/api/v1/customers/{an_id('c003')}/service-summary").json
    assert (summary["open_tickets"], summary["recent_tickets"], summary["installed_items"]) == (0, [], [])


def test_another_persons_customer_is_not_there(desk: Desk) -> None:
    assert desk.janet.get(SUMMARY).status_code == 404
    assert desk.nancy.get(f"/api/v1/customers/{OTHERS}/service-summary").status_code == 404
    unknown = desk.sergei.get(f"/api/v1/customers/{UNKNOWN}/service-summary")
    assert (unknown.status_code, unknown.json["code"]) == (404, "customer_not_found")
