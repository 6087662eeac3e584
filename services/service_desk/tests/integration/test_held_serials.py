"""What a customer holds bears its serials, is found by them, and is given up when it comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.service_desk.store.tables import installed_serial
from services.service_desk.tests.builders import (
    HARBOR,
    PUMP,
    VALVE,
    Desk,
    a_line,
    came_back,
    registered,
    shipped,
)

INSTALLED = "/api/v1/installed-items"


def back(item_id: str, quantity: str, lot: str | None = None, *serials: str) -> dict[str, Any]:
    return {"item_id": item_id, "quantity": quantity, "lot": lot, "serials": list(serials)}


def holdings(desk: Desk, **query: str) -> list[tuple[str, str, list[tuple[str, str | None]]]]:
    rows = desk.sergei.get(INSTALLED, query_string=query).json["items"]
    return [
        (row["sku"], row["returned"], [(unit["serial"], unit["returned_on"]) for unit in row["serials"]])
        for row in rows
    ]


def test_a_holding_is_found_by_its_serial_and_given_up_when_it_comes_back(desk: Desk) -> None:
    desk.hears(registered())
    unit = a_line(lot=None, serials=["S1", "S2"])
    gone = shipped(unit, a_line(VALVE, "9", lot="L-1"))
    desk.hears(gone)
    assert holdings(desk, serial="S2") == [("P-1", "0", [("S1", None), ("S2", None)])]
    assert holdings(desk, serial="S9") == []

    desk.hears(came_back(back(PUMP, "1", None, "S2"), back(VALVE, "4", "L-1")))

    assert holdings(desk, serial="S2") == [("P-1", "1", [("S1", None), ("S2", "2026-03-01")])]
    assert sorted(holdings(desk, customer_id=HARBOR))[1] == ("V-1", "4", [])
    again = replace(gone, id="again", sequence=3)
    desk.hears(again)
    assert desk.count(installed_serial) == 2


def test_what_comes_back_is_taken_off_line_by_line(desk: Desk) -> None:
    desk.hears(registered())
    desk.hears(shipped(a_line(quantity="2"), a_line(quantity="3")))
    desk.hears(came_back(back(PUMP, "4", "L-7")))
    assert sorted(holdings(desk)) == [("P-1", "2", []), ("P-1", "2", [])]
