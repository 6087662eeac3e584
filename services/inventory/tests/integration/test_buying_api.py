"""Buying over HTTP: what buyers and those who decide ask, and what they are refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.domain.items import Item, Warehouse
from services.inventory.tests.builders import Shop

KEYS = SigningKeys.fresh()
NOBODY = "00000000-0000-7000-8000-00000000dead"
USD = "USD"
Client = Any


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


@pytest.fixture
def wang(app: Flask) -> Client:
    """Give the person in the warehouse, who buys."""
    return api_client(app, KEYS, roles=["warehouse"], subject="wang")


@pytest.fixture
def fay(app: Flask) -> Client:
    """Give the person in finance, who decides."""
    return api_client(app, KEYS, roles=["finance"], subject="fay")


@pytest.fixture
def valve(shop: Shop) -> Item:
    return shop.item()


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    return shop.warehouse()


@pytest.fixture
def foundry(wang: Client) -> str:
    made = wang.post("/api/v1/suppliers", json={"number": "S-1", "name": "Foundry"})
    assert made.status_code == 201
    return str(made.json["id"])


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": USD}


def problem(answer: Any, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json
    assert body["code"] == code, body
    if field is not None:
        assert [error["field"] for error in body["errors"]] == [field], body
    return body


def let_it_be_bought(wang: Client, valve: Item, foundry: str) -> None:
    price = {"item_id": valve.id, "unit_price": usd("2.5050"), "valid_from": "2020-01-01"}
    assert wang.post(f"/api/v1/suppliers/{foundry}/prices", json=price).status_code == 201
    policy = {"method": "buy", "supplier_id": foundry, "lead_days": 5, "multiple": "10", "minimum": "20"}
    assert wang.put(f"/api/v1/items/{valve.id}/supply-policy", json=policy).status_code == 200


def an_approved(wang: Client, fay: Client, valve: Item, main: Warehouse, foundry: str) -> str:
    body = {"item_id": valve.id, "warehouse_id": main.id, "quantity": "10", "supplier_id": foundry}
    made = wang.post("/api/v1/purchase-requisitions", json=body).json
    assert fay.post(f"/api/v1/purchase-requisitions/{made['id']}/approve", json={}).status_code == 200
    return str(made["id"])


def test_a_shortage_goes_from_its_requisition_to_the_shelf(
    shop: Shop, wang: Client, fay: Client, valve: Item, main: Warehouse, foundry: str
) -> None:
    let_it_be_bought(wang, valve, foundry)
    shown = wang.get(f"/api/v1/items/{valve.id}/supply-policy").json
    assert (shown["version"], shown["supplier_number"], shown["unit_price"]) == (1, "S-1", usd("2.505"))
    shop.reserve("a", (valve, 7))

    (wanted,) = wang.get("/api/v1/purchase-requisitions?state=open").json["items"]
    assert (wanted["origin"], wanted["need"], wanted["quantity"]) == ("shortage", "7", "20")
    approved = fay.post(f"/api/v1/purchase-requisitions/{wanted['id']}/approve", json={})
    assert (approved.json["state"], approved.json["approved_by"]) == ("approved", "fay")
    body = {"supplier_id": foundry, "lines": [{"requisition_id": wanted["id"]}]}
    order = wang.post("/api/v1/purchase-orders", json=body)
    assert (order.status_code, order.headers["Location"]) == (
        201,
        f"/api/v1/purchase-orders/{order.json['id']}",
    )
    path = order.headers["Location"]
    assert (order.json["total"], order.json["state"], order.json["ordered_on"]) == (
        usd("50.10"),
        "draft",
        None,
    )
    sent = fay.post(f"{path}/send", json={}).json
    assert (sent["state"], sent["sent_by"], sent["drafted_by"]) == ("sent", "fay", "wang")
    line = sent["lines"][0]["id"]
    confirmed = wang.post(
        f"{path}/confirm", json={"lines": [{"line_id": line, "expected_on": "2199-01-01"}]}
    ).json
    assert (confirmed["state"], confirmed["expected_on"]) == ("confirmed", "2199-01-01")
    when = wang.get(f"/api/v1/items/{valve.id}/availability?quantity=13").json
    assert (when["promised_on"], when["source"], when["waited_for"]) == ("2199-01-01", "incoming", "7")

    came = {"reference": "DN 1", "lines": [{"line_id": line, "quantity": "15"}]}
    partly = wang.post(f"{path}/receipts", json=came)
    assert (partly.status_code, partly.json["state"]) == (201, "partially_received")
    assert (partly.json["lines"][0]["outstanding"], partly.json["receipts"][0]["number"]) == (
        "5",
        "GR-000001",
    )
    shop.settle()
    assert shop.state("a") == "reserved"
    refused = problem(
        wang.post(f"{path}/receipts", json={"lines": [{"line_id": line, "quantity": "6"}]}),
        409,
        "more_than_awaited",
        "lines.0.quantity",
    )
    assert (refused["left"], refused["ordered"]) == ("5", "20")
    closed = wang.post(f"{path}/close", json={"reason": "sold out"}).json
    assert (closed["state"], closed["reason"]) == ("closed", "sold out")
    moves = wang.get(f"/api/v1/stock-moves?document_id={closed['receipts'][0]['id']}").json["items"]
    assert [(move["kind"], move["quantity"]) for move in moves] == [("receipt", "15")]
    shop.assert_sound()


def test_the_company_sets_who_decides_alone_and_how_much_more_is_taken_in(
    shop: Shop, wang: Client, fay: Client, valve: Item, main: Warehouse, foundry: str
) -> None:
    let_it_be_bought(wang, valve, foundry)
    assert wang.get("/api/v1/purchasing-rules").json == {
        "approval_limit": None,
        "over_receipt_bp": 0,
        "version": 0,
    }
    rules = {"approval_limit": usd("25.00"), "over_receipt_bp": 500}
    assert wang.put("/api/v1/purchasing-rules", json=rules).status_code == 403
    assert fay.put("/api/v1/purchasing-rules", json=rules).json["version"] == 1
    stale = fay.put("/api/v1/purchasing-rules", json=rules, headers={"If-Match": '"0"'})
    problem(stale, 412, "version_mismatch")

    body = {"item_id": valve.id, "warehouse_id": main.id, "quantity": "10"}
    made = wang.post("/api/v1/purchase-requisitions", json=body).json
    path = f"/api/v1/purchase-requisitions/{made['id']}"
    refused = problem(wang.post(f"{path}/approve", json={}), 409, "second_person_needed")
    assert (refused["value"], refused["limit"]) == (usd("25.05"), usd("25.00"))
    assert fay.post(f"{path}/approve", json={}).status_code == 200


def test_what_every_supplier_asks_for_an_item_is_listed_at_once(
    wang: Client, app: Flask, valve: Item, foundry: str
) -> None:
    other = wang.post("/api/v1/suppliers", json={"number": "S-2", "name": "Mill"}).json["id"]
    for supplier, amount in ((foundry, "2.50"), (other, "2.40")):
        price = {"item_id": valve.id, "unit_price": usd(amount)}
        assert wang.post(f"/api/v1/suppliers/{supplier}/prices", json=price).status_code == 201

    path = f"/api/v1/items/{valve.id}/supplier-prices"
    listed = wang.get(path).json["items"]
    assert [(each["supplier_number"], each["supplier_name"], each["unit_price"]) for each in listed] == [
        ("S-2", "Mill", usd("2.40")),
        ("S-1", "Foundry", usd("2.50")),
    ]
    first = wang.get(f"{path}?limit=1").json
    assert wang.get(f"{path}?limit=1&cursor={first['next_cursor']}").json["items"] == [listed[1]]
    problem(wang.get(f"/api/v1/items/{NOBODY}/supplier-prices"), 404, "not_found", "item_id")
    seller = api_client(app, KEYS, roles=["sales_manager"], subject="mia")
    assert seller.get(path).status_code == 403


def test_a_requisition_is_turned_down_or_given_up_with_a_reason(
    wang: Client, fay: Client, valve: Item, main: Warehouse, foundry: str
) -> None:
    body = {"item_id": valve.id, "warehouse_id": main.id, "quantity": "10", "note": "For the\nfair"}
    first, second = (wang.post("/api/v1/purchase-requisitions", json=body) for _ in range(2))
    path = first.headers["Location"]

    problem(fay.post(f"{path}/reject", json={}), 422, "invalid", "reason")
    rejected = fay.post(f"{path}/reject", json={"reason": "too dear"}).json
    assert (rejected["state"], rejected["reason"], rejected["note"]) == (
        "rejected",
        "too dear",
        "For the\nfair",
    )
    problem(fay.post(f"{path}/approve", json={}), 409, "requisition_state")
    cancelled = wang.post(f"{second.headers['Location']}/cancel", json={"reason": "enough"}).json
    assert cancelled["state"] == "cancelled"
    numbers = [each["number"] for each in wang.get("/api/v1/purchase-requisitions").json["items"]]
    assert numbers == ["PR-000001", "PR-000002"]


def test_an_order_given_up_frees_its_requisition(
    wang: Client, fay: Client, valve: Item, main: Warehouse, foundry: str
) -> None:
    wanted = an_approved(wang, fay, valve, main, foundry)
    line = {"requisition_id": wanted, "unit_price": usd("3")}
    body = {"supplier_id": foundry, "expected_on": "2199-01-01", "reference": "Q 7", "lines": [line]}
    order = wang.post("/api/v1/purchase-orders", json=body).json

    given_up = wang.post(f"/api/v1/purchase-orders/{order['id']}/cancel", json={"reason": "shut"}).json

    assert (given_up["state"], given_up["reference"]) == ("cancelled", "Q 7")
    assert wang.get(f"/api/v1/purchase-requisitions/{wanted}").json["state"] == "approved"
    assert [each["id"] for each in wang.get("/api/v1/purchase-orders?state=cancelled").json["items"]] == [
        order["id"]
    ]


def test_a_reorder_point_is_set_listed_and_removed(wang: Client, valve: Item, main: Warehouse) -> None:
    path = f"/api/v1/reorder-points/{valve.id}/{main.id}"

    problem(wang.put(path, json={"minimum": "9", "maximum": "5"}), 422, "reorder_point_invalid", "maximum")
    problem(wang.put(path, json={"minimum": "1.5", "maximum": "5"}), 422, "quantity_too_fine", "minimum")
    point = wang.put(path, json={"minimum": "2", "maximum": "5"}).json
    assert (point["minimum"], point["maximum"], point["version"]) == ("2", "5", 1)
    (listed,) = wang.get("/api/v1/reorder-points").json["items"]
    assert (listed["sku"], listed["warehouse_code"]) == ("A-VALVE", "MAIN")
    (proposed,) = wang.get("/api/v1/purchase-requisitions?origin=reorder_point").json["items"]
    assert proposed["need"] == "5"
    assert wang.delete(path).status_code == 204
    problem(wang.delete(path), 404, "not_found")
    assert wang.get("/api/v1/reorder-points").json["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "field"),
    [
        ("put", "/items/{item}/supply-policy", {"method": "buy"}, 422, "supplier_missing", "supplier_id"),
        (
            "put",
            "/items/{item}/supply-policy",
            {"method": "buy", "supplier_id": NOBODY},
            422,
            "unknown_supplier",
            "supplier_id",
        ),
        (
            "put",
            "/items/{item}/supply-policy",
            {"method": "none", "multiple": "0.5"},
            422,
            "quantity_too_fine",
            "multiple",
        ),
        ("put", f"/items/{NOBODY}/supply-policy", {"method": "none"}, 404, "not_found", None),
        (
            "post",
            f"/suppliers/{NOBODY}/prices",
            {"item_id": NOBODY, "unit_price": usd("1")},
            404,
            "not_found",
            None,
        ),
        (
            "post",
            "/suppliers/{supplier}/prices",
            {"item_id": NOBODY, "unit_price": usd("1")},
            422,
            "unknown_item",
            "item_id",
        ),
        (
            "post",
            "/purchase-requisitions",
            {"item_id": "{item}", "warehouse_id": NOBODY, "quantity": "1"},
            422,
            "unknown_warehouse",
            "warehouse_id",
        ),
        (
            "post",
            "/purchase-orders",
            {"supplier_id": "{supplier}", "lines": [{"requisition_id": NOBODY}]},
            422,
            "unknown_requisition",
            "lines.0.requisition_id",
        ),
        ("post", f"/purchase-orders/{NOBODY}/close", {"reason": "x"}, 404, "purchase_order_not_found", None),
        (
            "post",
            f"/purchase-requisitions/{NOBODY}/cancel",
            {"reason": "x"},
            404,
            "requisition_not_found",
            None,
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    wang: Client,
    valve: Item,
    main: Warehouse,
    foundry: str,
    method: str,
    path: str,
    body: dict[str, Any],
    status: int,
    code: str,
    field: str | None,
) -> None:
    names = {"{item}": valve.id, "{supplier}": foundry}
    for name, value in names.items():
        path = path.replace(name, value)
    filled = {
        key: names.get(value, value) if isinstance(value, str) else value for key, value in body.items()
    }

    answer = problem(getattr(wang, method)(f"/api/v1{path}", json=filled), status, code, field)

    assert answer["errors"][0]["cure"]


def test_sales_sees_what_can_be_promised_and_no_prices(app: Flask, valve: Item) -> None:
    ann = api_client(app, KEYS, roles=["sales"], subject="ann")

    seen = ann.get(f"/api/v1/items/{valve.id}/availability").json
    assert (seen["free"], seen["promised_on"], seen["quantity"]) == ("0", None, "1")
    for path in ("purchase-orders", "purchase-requisitions", "purchasing-rules", "reorder-points"):
        assert ann.get(f"/api/v1/{path}").status_code == 403
