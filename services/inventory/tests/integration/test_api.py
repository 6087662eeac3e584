"""Inventory over HTTP: what people and programs ask, and what they are refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from libs.common.ids import derived_id
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys, document_of
from services.inventory.app import create_app
from services.inventory.domain.items import Item
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, order_id

KEYS = SigningKeys.fresh()
ANN, BOB = "ann", "bob"
NOBODY = derived_id("nobody")
Client = Any


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


@pytest.fixture
def clerk(app: Flask) -> Client:
    """Give the person in the warehouse."""
    return api_client(app, KEYS, roles=["warehouse"], subject="wang")


def salesperson(app: Flask, name: str) -> Client:
    return api_client(app, KEYS, roles=["sales"], subject=name)


def problem(answer: Any, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.json
    assert body["code"] == code, body
    if field is not None:
        assert [error["field"] for error in body["errors"]] == [field], body
        assert body["errors"][0]["cure"]
    return body


def a_part(order_line_id: str, quantity: object) -> dict[str, Any]:
    return {"lines": [{"order_line_id": order_line_id, "quantity": quantity}]}


def a_confirmed_order(shop: Shop, valve: Item, quantity: int = 5) -> str:
    shop.reserve(1, (valve, quantity))
    (delivery,) = shop.confirm(1)
    return delivery.id


def test_a_clerk_registers_opens_books_and_looks(clerk: Client) -> None:
    valve = clerk.post("/api/v1/items", json={"sku": "A-VALVE", "name": "Valve A", "category": "Valves"})
    assert (valve.status_code, valve.headers["Location"]) == (201, f"/api/v1/items/{valve.json['id']}")
    assert (valve.json["uom"], valve.json["decimals"], valve.json["active"]) == ("pcs", 0, True)
    main = clerk.post("/api/v1/warehouses", json={"code": "MAIN", "name": "Main"}).json
    assert main["is_default"] is True

    lines = [{"item_id": valve.json["id"], "quantity": 10}]
    opened = clerk.post("/api/v1/opening-stock", json={"warehouse_id": main["id"], "lines": lines})
    assert (opened.status_code, opened.json["number"], opened.json["kind"]) == (201, "OS-000001", "opening")
    receipt = {"warehouse_id": main["id"], "received_on": "2026-01-05", "reference": "PO-7", "lines": lines}
    received = clerk.post("/api/v1/receipts", json=receipt)
    assert (received.status_code, received.json["booked_on"], received.json["reference"]) == (
        201,
        "2026-01-05",
        "PO-7",
    )
    counted = {"warehouse_id": main["id"], "reason": "counted", "lines": [{**lines[0], "quantity": "-3"}]}
    assert clerk.post("/api/v1/stock-adjustments", json=counted).status_code == 201

    (row,) = clerk.get(f"/api/v1/stock?item_id={valve.json['id']}").json["items"]
    assert (row["on_hand"], row["reserved"], row["available"], row["lot"]) == ("17", "0", "17", None)
    moves = clerk.get(f"/api/v1/stock-moves?item_id={valve.json['id']}").json["items"]
    assert [(move["kind"], move["quantity"], move["actor"]) for move in moves] == [
        ("opening", "10", "wang"),
        ("receipt", "10", "wang"),
        ("adjustment", "-3", "wang"),
    ]
    assert clerk.get(f"/api/v1/stock-moves?document_id={received.json['id']}").json["items"] == [moves[1]]


@pytest.mark.parametrize(("path", "day"), [("receipts", "received_on"), ("stock-adjustments", "adjusted_on")])
def test_a_day_in_the_future_is_refused_by_the_name_it_has_there(clerk: Client, path: str, day: str) -> None:
    valve = clerk.post("/api/v1/items", json={"sku": "A-VALVE", "name": "Valve A", "category": "Valves"}).json
    main = clerk.post("/api/v1/warehouses", json={"code": "MAIN", "name": "Main"}).json
    lines = [{"item_id": valve["id"], "quantity": 1}]
    asked = {"warehouse_id": main["id"], day: "2199-12-31", "reason": "counted", "lines": lines}
    if path == "receipts":
        del asked["reason"]
    refused = clerk.post(f"/api/v1/{path}", json=asked)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, day)


def test_an_item_is_changed_by_those_who_saw_its_last_version(clerk: Client) -> None:
    created = clerk.post("/api/v1/items", json={"sku": "A-VALVE", "name": "Valve A", "category": "Valves"})
    path, tag = f"/api/v1/items/{created.json['id']}", created.headers["ETag"]

    changed = clerk.patch(path, json={"name": "Better valve", "category": None}, headers={"If-Match": tag})
    assert (changed.json["name"], changed.json["category"], changed.json["version"]) == (
        "Better valve",
        None,
        2,
    )
    problem(clerk.patch(path, json={"name": "Best"}, headers={"If-Match": tag}), 412, "version_mismatch")
    problem(clerk.patch(path, json={"decimals": 2}), 422, "invalid", "decimals")
    assert clerk.get(path).json == changed.json
    problem(clerk.post("/api/v1/items", json={"sku": "A-VALVE", "name": "Twin"}), 409, "sku_taken", "sku")
    problem(clerk.get(f"/api/v1/items/{NOBODY}"), 404, "not_found")


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({"quantity": "1.5"}, "quantity_too_fine", "lines.0.quantity"),
        ({"quantity": 1.5}, "invalid", "lines.0.quantity"),
        ({"quantity": "-1"}, "invalid", "lines.0.quantity"),
        ({"quantity": 0}, "invalid", "lines.0.quantity"),
        ({"quantity": "1e3"}, "invalid", "lines.0.quantity"),
        ({"quantity": "NaN"}, "invalid", "lines.0.quantity"),
        ({"quantity": 1, "lot": "L1"}, "lot_not_tracked", "lines.0.lot"),
        ({"quantity": 1, "lot": "a\u0000b"}, "invalid", "lines.0.lot"),
        ({"quantity": 1, "item_id": NOBODY}, "unknown_item", "lines.0.item_id"),
        ({"quantity": 1, "colour": "red"}, "invalid", "lines.0.colour"),
    ],
)
def test_bad_lines_of_a_receipt_are_named_and_change_nothing(
    shop: Shop, clerk: Client, line: dict[str, Any], code: str, field: str
) -> None:
    valve, main = shop.item(), shop.warehouse()
    body = {"warehouse_id": main.id, "lines": [{"item_id": valve.id} | line]}

    problem(clerk.post("/api/v1/receipts", json=body), 422, code, field)

    assert shop.stock(valve) == ("0", "0")


def test_a_receipt_of_the_day_after_tomorrow_or_of_no_lines_is_refused(shop: Shop, clerk: Client) -> None:
    valve, main = shop.item(), shop.warehouse()
    body: dict[str, Any] = {"warehouse_id": main.id, "lines": [{"item_id": valve.id, "quantity": 1}]}
    for wrong, code in (
        ({"received_on": "2026-03-04"}, "date_in_future"),
        ({"lines": []}, "invalid"),
        ({"warehouse_id": NOBODY}, "unknown_warehouse"),
    ):
        problem(clerk.post("/api/v1/receipts", json=body | wrong), 422, code, *wrong)


def test_the_same_key_books_a_receipt_once(shop: Shop, clerk: Client) -> None:
    valve, main = shop.item(), shop.warehouse()
    body = {"warehouse_id": main.id, "lines": [{"item_id": valve.id, "quantity": 4}]}
    first, second = (
        clerk.post("/api/v1/receipts", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert first.json == second.json
    assert shop.stock(valve) == ("4", "0")


def test_a_note_is_picked_and_shipped_in_parts(shop: Shop, clerk: Client) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.customer(owner_id=ANN)
    shop.book(main, (valve, 10))
    path = f"/api/v1/deliveries/{a_confirmed_order(shop, valve)}"

    shown = clerk.get(path)
    assert (shown.json["number"], shown.json["state"]) == ("DN-000001", "ready")
    assert (shown.json["customer_number"], shown.json["customer_name"]) == ("C-000001", "Harbor Pumps")
    assert [(line["sku"], line["quantity"], line["uom"]) for line in shown.json["lines"]] == [
        ("A-VALVE", "5", "pcs")
    ]
    picked = clerk.post(f"{path}/pick", headers={"If-Match": shown.headers["ETag"]})
    assert (picked.status_code, picked.json["state"]) == (200, "picked")
    problem(
        clerk.post(f"{path}/ship", json={}, headers={"If-Match": shown.headers["ETag"]}),
        412,
        "version_mismatch",
    )

    part = {"shipped_on": "2026-02-01", "lines": [{"order_line_id": line_id(1, 1), "quantity": 2}]}
    shipped = clerk.post(f"{path}/ship", json=part)
    assert (shipped.json["state"], shipped.json["shipped_on"], shipped.json["lines"][0]["quantity"]) == (
        "shipped",
        "2026-02-01",
        "2",
    )
    (rest_id,) = shipped.json["backorders"]
    rest = clerk.post(f"/api/v1/deliveries/{rest_id}/ship", json={})
    assert (rest.json["backorder_of"], rest.json["shipped_on"]) == (shipped.json["id"], "2026-03-02")
    problem(clerk.post(f"{path}/ship", json={}), 409, "delivery_state")
    listed = clerk.get(f"/api/v1/deliveries?order_id={order_id(1)}&state=shipped").json["items"]
    assert [note["number"] for note in listed] == ["DN-000001", "DN-000002"]
    shop.assert_sound()


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (a_part(line_id(1, 1), 6), 409, "more_than_on_delivery", "lines.0.quantity"),
        (a_part(NOBODY, 1), 422, "line_not_on_delivery", "lines.0.order_line_id"),
        (a_part(line_id(1, 1), "0.5"), 422, "quantity_too_fine", "lines.0.quantity"),
        (a_part(line_id(1, 1), -1), 422, "invalid", "lines.0.quantity"),
        ({"shipped_on": "2026-03-05"}, 422, "date_in_future", "shipped_on"),
        ({"shipped_on": "2026-02-30"}, 422, "invalid", "shipped_on"),
        ({"state": "shipped"}, 422, "invalid", "state"),
    ],
)
def test_impossible_shipments_are_refused_and_change_nothing(
    shop: Shop, clerk: Client, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    path = f"/api/v1/deliveries/{a_confirmed_order(shop, valve)}"

    problem(clerk.post(f"{path}/ship", json=body), status, code, field)

    assert clerk.get(path).json["state"] == "ready"
    assert shop.stock(valve) == ("10", "5")


def test_reservations_say_who_waits_at_which_place_for_what(shop: Shop, clerk: Client) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 3))
    shop.reserve("a", (valve, 2))
    shop.reserve("b", (valve, 4))
    shop.reserve("c", (valve, 1))

    listed = clerk.get("/api/v1/reservations").json["items"]
    assert [(each["order_number"], each["state"], each["queue_position"]) for each in listed] == [
        ("SO-a", "reserved", None),
        ("SO-b", "waiting", 1),
        ("SO-c", "waiting", 2),
    ]
    assert [(each["lines"][0]["reserved"], each["lines"][0]["missing"]) for each in listed] == [
        ("2", "0"),
        ("0", "3"),
        ("0", "1"),
    ]
    assert clerk.get(f"/api/v1/reservations?order_id={order_id('b')}").json["items"] == [listed[1]]
    assert clerk.get(f"/api/v1/reservations?waits_for={valve.id}").json["items"] == listed[1:]
    assert clerk.get(f"/api/v1/reservations?waits_for={NOBODY}").json["items"] == []


def test_a_salesperson_sees_own_customers_only(shop: Shop, app: Flask) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.customer(owner_id=ANN)
    shop.book(main, (valve, 10))
    delivery_id = a_confirmed_order(shop, valve)
    ann, bob = salesperson(app, ANN), salesperson(app, BOB)

    for path in (f"/api/v1/deliveries/{delivery_id}", f"/api/v1/customers/{HARBOR_PUMPS}/delivery-summary"):
        assert ann.get(path).status_code == 200
        assert bob.get(path).status_code == 404
    for path in ("/api/v1/deliveries", "/api/v1/reservations"):
        assert len(ann.get(path).json["items"]) == 1
        assert bob.get(path).json["items"] == []
    assert bob.get("/api/v1/stock").status_code == 200


def test_the_summary_of_a_customer(shop: Shop, clerk: Client) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.customer()
    shop.book(main, (valve, 10))
    delivery_id = a_confirmed_order(shop, valve)
    clerk.post(f"/api/v1/deliveries/{delivery_id}/ship", json={"shipped_on": "2026-02-01"})

    summary = clerk.get(f"/api/v1/customers/{HARBOR_PUMPS}/delivery-summary").json
    assert {
        name: summary[name] for name in ("shipments", "on_time", "late", "open_deliveries", "last_shipped_on")
    } == {
        "shipments": 1,
        "on_time": 1,
        "late": 0,
        "open_deliveries": 0,
        "last_shipped_on": "2026-02-01",
    }
    assert [note["number"] for note in summary["last_shipments"]] == ["DN-000001"]
    problem(clerk.get(f"/api/v1/customers/{NOBODY}/delivery-summary"), 404, "not_found")


def test_roles_decide_who_may_change_what(shop: Shop, app: Flask) -> None:
    shop.warehouse()
    ann = salesperson(app, ANN)
    finance = api_client(app, KEYS, roles=["finance"])
    posts = (
        "items", "warehouses", "opening-stock", "receipts", "stock-adjustments", f"deliveries/{NOBODY}/ship",
        f"deliveries/{NOBODY}/pick",
    )  # fmt: skip
    for path in posts:
        for client in (ann, finance):
            problem(client.post(f"/api/v1/{path}", json={}), 403, "forbidden")
    problem(ann.get("/api/v1/stock-moves"), 403, "forbidden")
    assert finance.get("/api/v1/stock-moves").status_code == 200
    assert app.test_client().get("/api/v1/items").status_code == 401


def test_lists_come_in_pages(shop: Shop, clerk: Client) -> None:
    main = shop.warehouse()
    for number in range(5):
        shop.book(main, (shop.item(f"S-{number}"), 1))
    for path in ("items", "stock", "stock-moves"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = clerk.get(f"/api/v1/{path}?limit=2{cursor}").json
            seen.extend(row["sku"] for row in page["items"])
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert sorted(seen) == [f"S-{number}" for number in range(5)]


def test_every_route_is_documented(app: Flask) -> None:
    paths = document_of(app)["paths"]
    assert "/api/v1/deliveries/{delivery_id}/ship" in paths
    for path, methods in paths.items():
        undocumented = [
            name for name, operation in methods.items() if name != "parameters" and not operation["summary"]
        ]
        assert undocumented == [], path
