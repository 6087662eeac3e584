"""Price policies brought in over HTTP as rows: a policy is all of its rows or none."""

from __future__ import annotations

from typing import Any

from services.sales.tests.builders import CHAI, HARBOR, ROPE, Desk

URL = "/api/v1/price-imports"


def price(sku: str, amount: str, **cells: str) -> dict[str, str]:
    return {
        "policy": "List 2027",
        "currency": "USD",
        "sku": sku,
        "min_quantity": "1",
        "unit_price": amount,
    } | cells


def send(desk: Desk, *cells: dict[str, str], preview: bool = False) -> Any:
    rows = [{"line": line, "cells": each} for line, each in enumerate(cells, 2)]
    return desk.client("root", "admin").post(URL, json={"rows": rows, "preview": preview})


def policies(desk: Desk) -> list[tuple[str, str | None, int]]:
    admin = desk.client("root", "admin")
    listed = admin.get("/api/v1/price-policies").json["items"]
    found = [admin.get(f"/api/v1/price-policies/{each['id']}").json for each in listed]
    return [(each["name"], each["customer_id"], len(each["lines"])) for each in found]


def test_a_policy_is_defined_out_of_its_rows(desk: Desk) -> None:
    rows = [price(CHAI.sku, "17.1234"), price(ROPE.sku, "0.30", min_quantity="5")]
    before = policies(desk)
    assert send(desk, *rows, preview=True).json["taken"] == 2
    assert policies(desk) == before
    assert send(desk, *rows).json["taken"] == 2
    assert set(policies(desk)) - set(before) == {("List 2027", None, 2)}


def test_of_a_policy_with_a_bad_row_nothing_would_be_taken(desk: Desk) -> None:
    own = {"policy": "Harbor's own", "customer": HARBOR.number}
    told = send(
        desk,
        price(CHAI.sku, "17.00"),
        price("NO-SUCH", "1.00"),
        price(CHAI.sku, "15.00", **own),
        price(CHAI.sku, "9.00", policy="Other", customer="K-999"),
        price(CHAI.sku, "9.00", policy="Third"),
        price(ROPE.sku, "9.00", policy="Third", region="north"),
        preview=True,
    ).json
    assert told["taken"] == 1
    assert [(each["line"], each["column"]) for each in told["problems"]] == [
        (3, "sku"),
        (5, "customer"),
        (7, "region"),
    ]
