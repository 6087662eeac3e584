"""Taxes as finance sets them, and on the quotations and orders that follow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.sales.tests.builders import CHAI, HARBOR, ROPE, UNKNOWN, Desk, chai_line, usd
from services.sales.use_cases.keep_replicas import keep_customer, keep_item

QUOTATIONS = "/api/v1/quotations"
SETTINGS = "/api/v1/tax-settings"


@pytest.fixture
def fay(desk: Desk) -> FlaskClient:
    """The accountant."""
    return desk.client("fay.finance", "finance")


def set_taxes(fay: FlaskClient, **more: Any) -> Any:
    setting = {
        "prices": "exclusive",
        "rounding": "line",
        "standard_code": "VAT13",
        "valid_from": "2020-01-01",
    }
    answer = fay.put(SETTINGS, json=setting | more)
    assert answer.status_code == 200, answer.json
    return answer.json


def wanted(*lines: tuple[str, str], **more: Any) -> dict[str, Any]:
    asked = [{"item_id": item, "quantity": quantity} for item, quantity in lines]
    return {"customer_id": HARBOR.id, "lines": asked} | more


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_r4_5_without_a_setting_nothing_is_taxed(desk: Desk, fay: FlaskClient):
    assert fay.get(SETTINGS).json["version"] == 0
    assert fay.put(f"/api/v1/tax-assignments/items/{CHAI.id}", json={"tax_code": "VAT13"}).status_code == 200
    told = desk.nancy.post(QUOTATIONS, json=wanted((CHAI.id, "10"))).json
    assert (told["total"], told["net"], told["tax"], told["taxes"]) == (
        money("180.00"),
        money("180.00"),
        money("0.00"),
        [],
    )
    assert (told["lines"][0]["tax"], told["lines"][0]["gross"]) == (None, money("180.00"))


def test_r4_5_a_quotation_says_its_tax_and_the_order_is_the_same(desk: Desk, fay: FlaskClient):
    set_taxes(fay, rounding="document")
    fay.put(f"/api/v1/tax-assignments/items/{ROPE.id}", json={"tax_code": "VAT6"})
    told = desk.nancy.post(QUOTATIONS, json=wanted((CHAI.id, "10"), (ROPE.id, "1.5"), (CHAI.id, "1"))).json
    assert (told["net"], told["tax"], told["total"]) == (money("198.50"), money("25.77"), money("224.27"))
    assert told["taxes"] == [
        {"code": "VAT13", "percent": "13", "net": money("198.00"), "tax": money("25.74")},
        {"code": "VAT6", "percent": "6", "net": money("0.50"), "tax": money("0.03")},
    ]
    assert told["exact_total"] == "198.49995"
    order = desk.nancy.post(f"{QUOTATIONS}/{told['id']}/accept", json={}).json
    for name in ("total", "net", "tax", "taxes", "tax_prices", "tax_rounding", "exact_total"):
        assert order[name] == told[name]
    assert [line["tax"] for line in order["lines"]] == [line["tax"] for line in told["lines"]]
    (placed,) = [each for each in desk.messages() if each.type == "sales.order.placed.v1"]
    assert placed.data["tax"] == {"minor": 2577, "currency": "USD"}
    assert placed.data["lines"][1] | {"net": None} == placed.data["lines"][1] | {
        "net": None,
        "tax": {"minor": 3, "currency": "USD"},
        "tax_code": "VAT6",
        "tax_percent": "6",
    }


def test_r4_5_prices_may_contain_the_tax_and_revenue_is_without(desk: Desk, fay: FlaskClient):
    set_taxes(fay, prices="inclusive")
    tried = desk.nancy.post(
        "/api/v1/price-policies/try",
        json={"customer_id": HARBOR.id, "lines": [{"item_id": CHAI.id, "quantity": "10"}]},
    ).json
    order = desk.order(chai_line(10))
    assert (order.total, order.tax, order.net) == (usd("180.00"), usd("20.71"), usd("159.29"))
    assert (tried["total"], tried["tax"]) == (money("180.00"), money("20.71"))
    revenue = desk.mike.get("/api/v1/order-revenue?currency=USD").json
    assert revenue["booked"] == money("159.29")


def test_an_exemption_of_the_customer_and_a_code_of_the_item_outlive_their_owners_news(
    desk: Desk, fay: FlaskClient
):
    set_taxes(fay)
    assert fay.put(f"/api/v1/tax-assignments/customers/{HARBOR.id}", json={"tax_code": "NO-TAX"}).json == {
        "id": HARBOR.id,
        "number": HARBOR.number,
        "name": HARBOR.name,
        "tax_code": "NO-TAX",
    }
    fay.put(f"/api/v1/tax-assignments/items/{CHAI.id}", json={"tax_code": "VAT9"})
    desk.database.transact(lambda tx: keep_customer(tx, replace(HARBOR, name="Harbour Pumps")))
    desk.database.transact(lambda tx: keep_item(tx, replace(CHAI, name="Tea")))
    exempt = desk.order(chai_line(1))
    assert exempt.lines[0].tax is not None
    assert (exempt.lines[0].tax.code, exempt.tax, exempt.total) == ("NO-TAX", usd("0.00"), usd("18.00"))
    fay.put(f"/api/v1/tax-assignments/customers/{HARBOR.id}", json={"tax_code": None})
    assert desk.order(chai_line(1)).tax == usd("1.62")
    assert fay.get(f"/api/v1/tax-assignments/items/{CHAI.id}").json["tax_code"] == "VAT9"


def test_rates_and_settings_hold_from_a_day_on_and_documents_keep_theirs(desk: Desk, fay: FlaskClient):
    today = desk.database.clock.now().date()
    set_taxes(fay)
    before = desk.order(chai_line(10))
    rate = {"code": "VAT13", "percent": "9.975", "name": "Lower", "valid_from": today.isoformat()}
    assert fay.post("/api/v1/tax-codes", json=rate).json["version"] == 1
    assert desk.order(chai_line(10)).tax == usd("17.96")
    assert desk.look(before).tax == usd("23.40")
    long_ago = desk.quote(chai_line(10), issued_on=date(2019, 3, 31))
    assert desk.nancy.get(f"{QUOTATIONS}/{long_ago}").json["tax"] == money("0.00")
    set_taxes(fay, valid_from="2018-01-01")
    refused = desk.nancy.post(QUOTATIONS, json=wanted((CHAI.id, "1"), issued_on="2019-03-31"))
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "issued_on")
    assert "VAT13 has no rate on 2019-03-31" in refused.json["errors"][0]["message"]
    tried = wanted((CHAI.id, "1"), on="2019-03-31")
    refused = desk.nancy.post("/api/v1/price-policies/try", json=tried)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "on")
    assert [each["version"] for each in fay.get(f"{SETTINGS}/history").json["settings"]] == [2, 1]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        (
            "put",
            SETTINGS,
            {"standard_code": "VAT99", "prices": "exclusive", "rounding": "line"},
            "standard_code",
        ),
        ("put", SETTINGS, {"prices": "gross", "rounding": "line"}, "prices"),
        ("post", "/api/v1/tax-codes", {"code": "VAT13", "percent": "100.0001", "name": "x"}, "percent"),
        ("post", "/api/v1/tax-codes", {"code": "VAT13", "percent": "1.00001", "name": "x"}, "percent"),
        ("post", "/api/v1/tax-codes", {"code": "vat", "percent": "1", "name": "x"}, "code"),
        ("put", f"/api/v1/tax-assignments/items/{CHAI.id}", {"tax_code": "VAT99"}, "tax_code"),
    ],
)
def test_what_makes_no_tax_is_refused(desk: Desk, fay: FlaskClient, method: str, path: str, body, field: str):
    refused = getattr(fay, method)(path, json=body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    assert fay.get(SETTINGS).json["version"] == 0


def test_only_finance_sets_taxes(desk: Desk, fay: FlaskClient):
    assert desk.mike.put(SETTINGS, json={"prices": "exclusive", "rounding": "line"}).status_code == 403
    assert fay.get(f"/api/v1/tax-assignments/items/{UNKNOWN}").status_code == 404
    assert fay.put(f"/api/v1/tax-assignments/customers/{UNKNOWN}", json={"tax_code": None}).status_code == 404
    assert desk.janet.get(f"/api/v1/tax-assignments/customers/{HARBOR.id}").status_code == 404


def test_of_two_who_set_taxes_from_one_version_one_is_refused(desk: Desk, fay: FlaskClient):
    set_taxes(fay)
    barrier = Barrier(2)

    def set_again(subject: str) -> int:
        client = desk.client(subject, "finance")
        body = {"prices": "inclusive", "rounding": "line"}
        barrier.wait()
        return client.put(SETTINGS, json=body, headers={"If-Match": '"1"'}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(set_again, ("fay", "flo"))) == [200, 412]
    assert fay.get(SETTINGS).json["version"] == 2
    with pytest.raises(DBAPIError):
        desk.database.transact(lambda tx: tx.connection.execute(text("UPDATE tax_setting SET version = 9")))
