"""A customer at once, by name: purchases, lots, serials, warranty and tickets (R6.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.service_desk.domain.warranty import Term, cover_on, months_later, warranty_until
from services.service_desk.tests.builders import (
    ORDER,
    OTHERS,
    PUMP,
    UNKNOWN,
    VALVE,
    Desk,
    a_line,
    an_id,
    came_back,
    item_described,
    open_ticket,
    registered,
    shipped,
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give the desk once it knows Harbor Pumps with two pumps and a valve, and a customer of somebody else."""
    desk.hears(
        registered(name="Harbor 泵业 100%"), registered(OTHERS, number="C-2", name="Harbor", owner_id="x")
    )
    desk.hears(item_described(PUMP, "P-1", "Pump"), item_described(VALVE, "V-1", "Valve"))
    desk.hears(shipped(a_line(serials=["S-1", "S-2"]), a_line(VALVE, lot=None)))
    return desk


def look(desk: Desk, words: str, client: Any = None) -> list[dict[str, Any]]:
    answer = (client or desk.sergei).get("/api/v1/lookup", query_string={"customer": words})
    assert answer.status_code == 200, answer.json
    return list(answer.json["customers"])


def term(desk: Desk, item_id: str, months: int, valid_from: str | None = None) -> Any:
    return desk.sergei.put(f"/api/v1/warranties/{item_id}", json={"months": months, "valid_from": valid_from})


def test_r6_1_the_name_brings_up_everything_at_once(desk: Desk) -> None:
    ticket = open_ticket(desk.nancy, order_id=ORDER)
    assert term(desk, PUMP, 12, "2026-01-01").status_code == 200
    back = {"item_id": PUMP, "quantity": "1", "lot": "L-7", "serials": ["S-1"], "scrapped": "0"}
    desk.hears(came_back(back))
    (found,) = look(desk, "泵业")
    assert [row["id"] for row in found["tickets"]] == [ticket["id"]]
    pump, valve = sorted(found["purchases"], key=lambda row: row["sku"])
    assert (pump["lot"], pump["quantity"], pump["held"]) == ("L-7", "2", "1")
    assert [(unit["serial"], unit["returned_on"]) for unit in pump["serials"]] == [
        ("S-1", "2026-03-01"),
        ("S-2", None),
    ]
    assert (pump["warranty"], pump["warranty_until"]) == ("in", "2027-02-10")
    assert (valve["warranty"], valve["warranty_until"]) == ("none", None)


def test_r6_1_the_closest_name_comes_first_and_nobody_sees_others_customers(desk: Desk) -> None:
    assert [each["customer_number"] for each in look(desk, "hARBOR")] == ["C-2", "C-000001"]
    assert [each["customer_number"] for each in look(desk, "C-2")] == ["C-2"]
    assert [each["customer_number"] for each in look(desk, "harbor", desk.nancy)] == ["C-000001"]
    assert [each["customer_number"] for each in look(desk, "0%")] == ["C-000001"]
    assert look(desk, "_") == []
    assert desk.sergei.get("/api/v1/lookup").status_code == 422


def test_what_left_before_keeps_what_was_promised_then(desk: Desk) -> None:
    term(desk, PUMP, 1, "2026-01-01")
    term(desk, PUMP, 24)
    assert desk.sergei.get(f"/api/v1/warranties/{PUMP}").json["terms"] == [
        {"valid_from": "2026-01-01", "months": 1},
        {"valid_from": "2026-03-02", "months": 24},
    ]
    later = shipped(delivery_id=an_id("de01", 2), order_id=an_id("0d01", 2), on=date(2026, 3, 2))
    desk.hears(later)
    (found,) = look(desk, "100%")
    pumps = [row for row in found["purchases"] if row["sku"] == "P-1"]
    assert [(row["warranty"], row["warranty_until"]) for row in pumps] == [
        ("in", "2028-03-02"),
        ("in", "2026-03-10"),
    ]
    assert term(desk, UNKNOWN, 1).status_code == 404
    assert desk.sergei.get(f"/api/v1/warranties/{UNKNOWN}").status_code == 404
    assert term(desk, PUMP, -1).status_code == 422
    refused = desk.nancy.put(f"/api/v1/warranties/{PUMP}", json={"months": 1})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("shipped_on", "months", "until"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-03-15", 24, "2028-03-15"),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(shipped_on: str, months: int, until: str) -> None:
    end = date.fromisoformat(until)
    assert months_later(date.fromisoformat(shipped_on), months) == end
    term_of = Term(PUMP, date.fromisoformat(shipped_on), months)
    assert warranty_until(date.fromisoformat(shipped_on), [term_of]) == end
    assert (cover_on(end, end), cover_on(date(2029, 1, 1), end), cover_on(end, None)) == ("in", "out", "none")
