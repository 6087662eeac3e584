"""R1.4: which items move, out of sums that are kept as the ledger is written: fast, slow, dead and new."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from libs.common.money import Price
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.store.flow_tables import item_day
from services.inventory.tests.builders import TODAY, Shop, line_id
from services.inventory.tests.integration.test_races import at_once

KEYS = SigningKeys.fresh()
PATH = "/api/v1/figures/sell-through"
EARLIER = TODAY - timedelta(days=200)
WITHIN = TODAY - timedelta(days=10)


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


def get(app: Flask, path: str = "", role: str = "warehouse", **query: Any) -> Any:
    asked = {"from": str(TODAY - timedelta(days=89)), "to": str(TODAY)} | query
    answer = api_client(app, KEYS, roles=[role], subject="wim").get(f"{PATH}{path}", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def paces(found: Any) -> dict[str, int]:
    return {each["pace"]: each["items"] for each in found["paces"]}


def test_r1_4_items_are_fast_slow_dead_or_new_by_what_was_sold_of_them(shop: Shop, app: Flask) -> None:
    main = shop.warehouse()
    fast, slow, dead, new = (shop.item(sku) for sku in ("FAST", "SLOW", "DEAD", "NEW"))
    shop.item("NEVER")
    shop.book(main, (fast, 10), (slow, 10), (dead, 4), booked_on=EARLIER)
    shop.book(main, (new, 5), booked_on=WITHIN)
    shop.shipped(1, (fast, 5), (slow, 4))
    found = get(app)
    assert paces(found) == {"fast": 1, "slow": 1, "dead": 1, "new": 1}
    assert (found["items_sold"], found["items_in_stock"], found["moving_bp"]) == (2, 4, 5000)
    assert [each["share_bp"] for each in found["paces"]] == [2500] * 4

    rows = {row["sku"]: row for row in get(app, "/items")["items"]}
    shown = ("opening", "sold", "on_hand", "sell_through_bp", "pace", "last_sold_on")
    assert [rows["FAST"][name] for name in shown] == ["10", "5", "5", 5000, "fast", str(TODAY)]
    assert [rows["SLOW"][name] for name in shown] == ["10", "4", "6", 4000, "slow", str(TODAY)]
    assert [rows["DEAD"][name] for name in shown] == ["4", "0", "4", 0, "dead", None]
    assert [rows["NEW"][name] for name in shown] == ["0", "0", "5", 0, "new", None]
    assert list(rows) == ["DEAD", "FAST", "NEW", "SLOW"]
    (one,) = get(app, "/items", pace="dead")["items"]
    assert one["sku"] == "DEAD"
    first = get(app, "/items", limit=2)
    second = get(app, "/items", limit=2, cursor=first["next_cursor"])
    assert [row["sku"] for row in first["items"] + second["items"]] == list(rows)
    assert paces(get(app, fast_bp=3000))["fast"] == 2
    assert get(app, category="Nothing")["moving_bp"] is None


def at(unit_cost: str) -> tuple[None, None, Price]:
    """Return what a booked line says of its cost: of no lot and no last day."""
    return None, None, Price.of(unit_cost, "USD")


def worth(found: Any) -> dict[str, tuple[Any, int]]:
    return {
        each["pace"]: (each["worth"] and [one["amount"] for one in each["worth"]], each["items_without_cost"])
        for each in found["paces"]
    }


def test_r1_4_dead_stock_is_told_with_what_it_is_worth_at_average_cost(shop: Shop, app: Flask) -> None:
    main, north = shop.warehouse(), shop.warehouse("NORTH")
    dead, also, fast, free = (shop.item(sku) for sku in ("DEAD", "ALSO", "FAST", "FREE"))
    shop.book(main, (dead, 2, *at("10.00")), (also, 1, *at("7.00")), booked_on=EARLIER)
    shop.book(main, (fast, 10, *at("3.00")), booked_on=EARLIER)
    shop.book(north, (dead, 1, *at("10.01")), (also, 3, *at("7.00")), (free, 1), booked_on=EARLIER)
    shop.shipped(1, (fast, 5))
    found = get(app, role="finance")
    assert worth(found) == {"fast": (["15.00"], 0), "slow": ([], 0), "dead": (["58.01"], 1), "new": ([], 0)}
    rows = {row["sku"]: row["value"] for row in get(app, "/items", "finance", pace="dead")["items"]}
    assert {sku: value and value["amount"] for sku, value in rows.items()} == {
        "ALSO": "28.00", "DEAD": "30.01", "FREE": None,
    }  # fmt: skip
    here = get(app, role="finance", warehouse_id=main.id)
    assert worth(here)["dead"] == (["27.01"], 0), "two thirds of 30.01, rounded, and a quarter of 28.00"
    (_, row) = get(app, "/items", "finance", warehouse_id=main.id, pace="dead")["items"]
    assert row["value"] == {"amount": "20.01", "currency": "USD"}


def test_what_was_left_then_is_worth_what_a_unit_costs_now(shop: Shop, app: Flask) -> None:
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10, *at("4.00")), booked_on=EARLIER)
    shop.shipped(1, (valve, 10))
    (row,) = get(app, "/items", "finance", to=str(TODAY - timedelta(days=1)))["items"]
    assert (row["on_hand"], row["value"]["amount"]) == ("10", "40.00"), "of what is all sold, its last cost"
    assert worth(get(app, role="finance"))["fast"] == (["0.00"], 0)


@pytest.mark.parametrize("role", ["warehouse", "sales_manager", "finance"])
def test_who_may_not_know_what_goods_cost_is_told_no_money(shop: Shop, app: Flask, role: str) -> None:
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 2, *at("4.00")), booked_on=EARLIER)
    (row,) = get(app, "/items", role)["items"]
    told = [each["worth"] for each in get(app, role=role)["paces"]]
    if role == "warehouse":
        assert (row["value"], told) == (None, [None] * 4)
    else:
        assert (row["value"]["amount"], told[2][0]["amount"]) == ("8.00", "8.00")


def test_a_period_of_the_past_is_as_it_was_then(shop: Shop, app: Flask) -> None:
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 10), booked_on=EARLIER)
    shop.reserve(1, (valve, 8))
    (note,) = shop.confirm(1)
    shop.ship(note, (line_id(1, 1), 3), on=WITHIN)
    shop.book(main, (valve, 20))
    (row,) = get(app, "/items", to=str(WITHIN))["items"]
    assert (row["opening"], row["sold"], row["on_hand"], row["sell_through_bp"]) == ("10", "3", "7", 3000)
    (row,) = get(app, "/items", **{"from": str(EARLIER), "to": str(EARLIER)})["items"]
    assert (row["opening"], row["sold"], row["on_hand"], row["pace"]) == ("0", "0", "10", "new")
    (row,) = get(app, "/items")["items"]
    assert (row["opening"], row["sold"], row["on_hand"]) == ("10", "3", "27")


def test_what_comes_back_is_not_sold_and_quarantine_is_not_on_hand(shop: Shop, app: Flask) -> None:
    main, north, valve = shop.warehouse(), shop.warehouse("NORTH"), shop.item()
    shop.book(main, (valve, 10), booked_on=EARLIER)
    note = shop.shipped(1, (valve, 6))
    received = shop.take_back(shop.ask_back(note, (line_id(1, 1), 4), approved=True), main)
    for asked in ({}, {"warehouse_id": main.id}):
        (row,) = get(app, "/items", **asked)["items"]
        assert (row["sold"], row["on_hand"]) == ("2", "4"), (
            "what waits for its inspection can be sold to nobody"
        )
    shop.inspect(received, (1, 3, 1))
    (row,) = get(app, "/items")["items"]
    assert (row["sold"], row["on_hand"]) == ("2", "7")
    assert get(app, warehouse_id=north.id)["items_in_stock"] == 0
    shop.assert_sound()


def test_many_who_ship_one_item_at_once_are_all_in_the_sum(shop: Shop) -> None:
    main, valve = shop.warehouse(), shop.item()
    shop.book(main, (valve, 50))
    notes = []
    for name in range(12):
        shop.reserve(name, (valve, 1))
        notes += shop.confirm(name)
    at_once([partial(shop.ship, note) for note in notes])
    sums = select(func.sum(item_day.c.shipped_milli), func.sum(item_day.c.change_milli))
    kept = shop.database.read(lambda connection: connection.execute(sums).one())
    assert tuple(int(milli) for milli in kept) == (12_000, 38_000)
    shop.assert_sound()


def test_who_may_not_see_it_and_what_is_no_period(shop: Shop, app: Flask) -> None:
    client = api_client(app, KEYS, roles=["warehouse"], subject="wim")
    assert api_client(app, KEYS, roles=["sales"], subject="ann").get(PATH).status_code == 403
    for query, field in (
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("from=2024-01-01&to=2026-03-01", "from"),
    ):
        answer = client.get(f"{PATH}?{query}")
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert client.get(f"{PATH}?fast_bp=0").status_code in (400, 422)
