"""Making over HTTP: what makers ask and what they are refused, each refusal naming the field."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from libs.common.testing.web import api_client
from services.inventory.app import create_app
from services.inventory.domain.items import Item, Warehouse
from services.inventory.tests.builders import Shop
from services.inventory.tests.integration.test_buying_api import KEYS, NOBODY, Client, problem


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


@pytest.fixture
def wang(app: Flask) -> Client:
    """Give the person in the warehouse, who makes."""
    return api_client(app, KEYS, roles=["warehouse"], subject="wang")


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    return shop.warehouse()


def a_bill(item: Item, *parts: Item, **more: Any) -> dict[str, Any]:
    components = [{"item_id": part.id, "quantity": "2"} for part in parts]
    return {"item_id": item.id, "output": "1", "components": components, "valid_from": "2020-01-01"} | more


def test_from_the_bill_to_the_closed_order(shop: Shop, main: Warehouse, wang: Client, app: Flask) -> None:
    pump, rotor = shop.item("PUMP"), shop.item("ROTOR")
    shop.book(main, (rotor, 20))
    policy = f"/api/v1/items/{pump.id}/supply-policy"
    problem(wang.put(policy, json={"method": "make"}), 409, "bom_missing", "method")
    made = wang.post("/api/v1/boms", json=a_bill(pump, rotor, note="Cast"))
    assert (made.status_code, made.json["version"]) == (201, 1)
    assert wang.put(policy, json={"method": "make"}).json["method"] == "make"
    body = {"item_id": pump.id, "warehouse_id": main.id, "quantity": "5", "due_on": "2199-01-01"}
    order = wang.post("/api/v1/production-orders", json=body).json
    at = f"/api/v1/production-orders/{order['id']}"

    problem(wang.post(f"{at}/start", json={}), 409, "production_state")
    problem(wang.post(f"{at}/reports", json={"finished": "1"}), 409, "production_state")
    released = wang.post(f"{at}/release", json={}).json
    assert (released["state"], released["due_on"], released["released_by"]) == (
        "assigned",
        "2199-01-01",
        "wang",
    )
    assert wang.post(f"{at}/start", json={}).json["state"] == "running"
    problem(wang.post(f"{at}/reports", json={}), 422, "nothing_made", "finished")
    problem(wang.post(f"{at}/reports", json={"scrapped": "1"}), 422, "scrap_reason_missing", "reason")
    problem(wang.post(f"{at}/reports", json={"finished": "6"}), 409, "more_than_planned", "finished")
    problem(wang.post(f"{at}/reports", json={"finished": "1", "lot": "L"}), 422, "lot_not_tracked", "lot")
    far = {"scrapped": "999999999999", "reason": "burr"}
    problem(wang.post(f"{at}/reports", json=far), 422, "quantity_out_of_reach", "scrapped")
    late = {"finished": "1", "reported_on": "2199-01-01"}
    problem(wang.post(f"{at}/reports", json=late), 422, "date_in_future", "reported_on")
    used = {"finished": "1", "consumed": [{"item_id": NOBODY, "quantity": "1"}]}
    problem(wang.post(f"{at}/reports", json=used), 422, "component_not_on_order", "consumed.0.item_id")
    said = {
        "finished": "2",
        "scrapped": "1",
        "reason": "burr",
        "consumed": [{"item_id": rotor.id, "quantity": "7"}],
    }
    answer = wang.post(f"{at}/reports", json=said)
    assert answer.status_code == 201
    (report,) = answer.json["reports"]
    assert [(each["planned"], each["quantity"]) for each in report["consumed"]] == [("6", "7")]
    problem(wang.post(f"{at}/cancel", json={"reason": "no"}), 409, "production_state")
    problem(wang.post(f"{at}/close", json={"reason": "enough"}), 409, "less_than_planned", "accept_shortfall")
    closed = wang.post(f"{at}/close", json={"reason": "enough", "accept_shortfall": True}).json
    assert (closed["state"], closed["outstanding"]) == ("done", "0")
    assert (shop.stock(pump), shop.stock(rotor)) == (("2", "0"), ("13", "0"))
    listed = wang.get("/api/v1/production-orders?state=done").json["items"]
    assert [each["number"] for each in listed] == ["MO-000001"]
    fay = api_client(app, KEYS, roles=["finance"], subject="fay")
    problem(fay.post(f"{at}/release", json={}), 403, "forbidden")
    seller = api_client(app, KEYS, roles=["sales"], subject="sam")
    problem(seller.get(at), 403, "forbidden")
    shop.assert_sound()


def test_a_bill_that_cannot_be_is_refused_and_nothing_is_stored(shop: Shop, wang: Client) -> None:
    pump, rotor, steel = (shop.item(sku) for sku in ("PUMP", "ROTOR", "STEEL"))
    assert wang.post("/api/v1/boms", json=a_bill(rotor, steel)).status_code == 201

    def refused(body: dict[str, Any], code: str, field: str) -> None:
        problem(wang.post("/api/v1/boms", json=body), 422, code, field)

    refused(a_bill(steel, pump, rotor), "bom_cycle", "components.1.item_id")
    refused(a_bill(pump, pump), "bom_cycle", "components.0.item_id")
    refused(a_bill(pump, rotor, rotor), "line_named_twice", "components.1.item_id")
    refused(a_bill(pump, rotor, output="1.5"), "quantity_too_fine", "output")
    unknown = a_bill(pump, rotor)
    unknown["components"].append({"item_id": NOBODY, "quantity": "1"})
    refused(unknown, "unknown_component", "components.1.item_id")
    refused(a_bill(pump, rotor) | {"item_id": NOBODY}, "unknown_item", "item_id")
    problem(wang.get(f"/api/v1/boms/{pump.id}"), 404, "bom_not_found", "item_id")
    problem(wang.get(f"/api/v1/boms/{rotor.id}?on=2019-12-31"), 404, "bom_not_found", "on")
    assert wang.post("/api/v1/boms", json=a_bill(pump, rotor, tolerance_bp=500)).status_code == 201
    problem(wang.get(f"/api/v1/boms/{pump.id}?quantity=0.5"), 422, "quantity_too_fine", "quantity")
    far = wang.get(f"/api/v1/boms/{pump.id}?quantity=900000000000")
    problem(far, 422, "quantity_out_of_reach", "quantity")
    assert [each["sku"] for each in wang.get("/api/v1/boms").json["items"]] == ["PUMP", "ROTOR"]
    users = wang.get(f"/api/v1/boms?component_id={steel.id}").json["items"]
    assert [(each["sku"], each["version"]) for each in users] == [("ROTOR", 1)]


def test_wishes_that_cannot_be(shop: Shop, wang: Client, main: Warehouse) -> None:
    pump, rotor = shop.item("PUMP"), shop.item("ROTOR")
    body = {"item_id": pump.id, "warehouse_id": main.id, "quantity": "5"}
    problem(wang.post("/api/v1/production-orders", json=body), 409, "bom_missing", "item_id")
    wang.post("/api/v1/boms", json=a_bill(pump, rotor))
    for change, code in (
        ({"quantity": "0.5"}, "quantity_too_fine"),
        ({"due_on": "2020-01-01"}, "due_in_past"),
        ({"warehouse_id": NOBODY}, "unknown_warehouse"),
        ({"item_id": NOBODY}, "unknown_item"),
    ):
        refused = wang.post("/api/v1/production-orders", json=body | change)
        problem(refused, 422, code, next(iter(change)))
    problem(wang.get(f"/api/v1/production-orders/{NOBODY}"), 404, "production_order_not_found")
