"""Price policies over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.tests.builders import CHAI, HARBOR, ROPE, TOKYO, UNKNOWN, Desk

URL = "/api/v1/price-policies"


def tier(
    amount: str, min_quantity: str = "1", item_id: str = CHAI.id, currency: str = "USD"
) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "min_quantity": min_quantity,
        "unit_price": {"amount": amount, "currency": currency},
    }


def body(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"name": "Summer", "currency": "USD", "lines": list(lines) or [tier("17.1234")]} | changes


def chai_price(desk: Desk, quantity: str = "1", customer_id: str = HARBOR.id) -> str:
    line = {"item_id": CHAI.id, "quantity": quantity}
    answer = desk.mike.post("/api/v1/quotations", json={"customer_id": customer_id, "lines": [line]})
    found: str = answer.json["lines"][0]["unit_price"]["amount"]
    return found


def test_a_policy_prices_what_comes_after_it(desk: Desk):
    assert chai_price(desk) == "18.00"

    answer = desk.mike.post(URL, json=body(tier("17.1234"), tier("0.30", "0.5", ROPE.id)))

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{URL}/{answer.json['id']}"
    assert (answer.json["revision"], answer.json["customer_id"], answer.json["superseded_by"]) == (
        1,
        None,
        None,
    )
    assert [line["min_quantity"] for line in answer.json["lines"]] == ["1", "0.5"]
    assert chai_price(desk) == "17.1234"


def test_a_customers_own_policy_wins_for_that_customer_only(desk: Desk):
    desk.mike.post(URL, json=body(tier("15.00"), customer_id=HARBOR.id, name="Harbor's own"))

    assert chai_price(desk) == "15.00"
    assert (
        chai_price(desk, customer_id=TOKYO.id) == "100.50"
        or chai_price(desk, customer_id=TOKYO.id) == "100.5"
    )


def test_the_next_revision_takes_the_place_and_documents_keep_theirs(desk: Desk):
    first = desk.mike.post(URL, json=body(tier("17.00"))).json
    line = {"item_id": CHAI.id, "quantity": "1"}
    quotation = desk.mike.post("/api/v1/quotations", json={"customer_id": HARBOR.id, "lines": [line]}).json

    second = desk.mike.post(URL, json=body(tier("16.00"))).json

    assert (first["revision"], second["revision"]) == (1, 2)
    assert chai_price(desk) == "16.00"
    kept = desk.mike.get(f"/api/v1/quotations/{quotation['id']}").json
    assert kept["lines"][0]["unit_price"]["amount"] == "17.00"
    old = desk.mike.get(f"{URL}/{first['id']}").json
    assert (old["superseded_by"], old["version"]) == (second["id"], 2)
    names = [(row["name"], row["revision"]) for row in desk.mike.get(URL).json["items"]]
    assert names == [("Summer", 2), ("List in yen", 1), ("List", 1)]
    everything = desk.mike.get(URL, query_string={"superseded": "true", "name": "Summer"}).json["items"]
    assert [row["revision"] for row in everything] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (body(tier("1"), tier("2")), "lines.1.min_quantity"),
        (body(tier("1", item_id=UNKNOWN)), "lines.0.item_id"),
        (body(tier("1", currency="EUR")), "lines.0.unit_price"),
        (body(tier("-1")), "lines.0.unit_price.amount"),
        (body(tier("1.23456")), "lines.0.unit_price.amount"),
        (body(tier("1", "0")), "lines.0.min_quantity"),
        (body(customer_id=UNKNOWN), "customer_id"),
        (body(valid_from="2026-03-02", valid_until="2026-03-01"), "valid_until"),
        (body(lines=[]), "lines"),
        (body(currency="dollars"), "currency"),
        (body(currency="CON"), "currency"),
        (body(revision=7), "revision"),
    ],
)
def test_what_is_wrong_is_refused_by_name(numbered_desk: Desk, wrong, field):
    desk = numbered_desk
    answer = desk.mike.post(URL, json=wrong)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field
    assert len(desk.mike.get(URL).json["items"]) == 2


def test_a_salesperson_reads_but_does_not_write(desk: Desk):
    own = desk.mike.post(URL, json=body(customer_id=HARBOR.id, name="Harbor's own")).json

    assert desk.nancy.post(URL, json=body()).status_code == 403
    assert desk.nancy.get(f"{URL}/{own['id']}").status_code == 200
    assert desk.janet.get(f"{URL}/{own['id']}").status_code == 404
    assert "Harbor's own" in [row["name"] for row in desk.nancy.get(URL).json["items"]]
    assert "Harbor's own" not in [row["name"] for row in desk.janet.get(URL).json["items"]]
    assert desk.client("clerk", "warehouse").get(URL).status_code == 403
    assert desk.mike.get(f"{URL}/{UNKNOWN}").status_code == 404


def test_policies_are_found_by_item_and_customer(desk: Desk):
    desk.mike.post(URL, json=body(tier("15.00"), customer_id=HARBOR.id, name="Harbor's own"))

    def names(**query: str) -> list[str]:
        return [row["name"] for row in desk.mike.get(URL, query_string=query).json["items"]]

    assert names(customer_id=HARBOR.id) == ["Harbor's own"]
    assert names(item_id=ROPE.id) == ["List"]
    assert names(item_id=UNKNOWN) == []
