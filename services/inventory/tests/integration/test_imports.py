"""Suppliers, items, warehouses and opening stock brought in over HTTP as rows."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.tests.builders import Shop

KEYS = SigningKeys.fresh()
VALVE = {
    "sku": "V-1",
    "name": "Valve",
    "uom": "piece",
    "decimals": "0",
    "lot_tracked": "no",
    "supplier": "S-100",
}


@pytest.fixture
def admin(shop: Shop) -> Any:
    return api_client(create_app(shop.database, KEYS.verifier()), KEYS, roles=["admin"])


def send(
    admin: Any, noun: str, *cells: dict[str, str], preview: bool = False, skip_existing: bool = False
) -> Any:
    rows = [{"line": line, "cells": each} for line, each in enumerate(cells, 2)]
    sent = {"rows": rows, "preview": preview, "skip_existing": skip_existing}
    return admin.post(f"/api/v1/{noun}-imports", json=sent)


def test_a_warehouse_is_filled_from_nothing(admin: Any) -> None:
    assert send(admin, "supplier", {"number": "S-100", "name": "Northern Valves"}).json["taken"] == 1
    assert send(admin, "item", VALVE).json["taken"] == 1
    assert send(admin, "warehouse", {"code": "EAST", "name": "East", "default": "no"}).json["taken"] == 1
    row = {"warehouse": "EAST", "sku": "V-1", "quantity": "120", "unit_cost": "9.50 USD"}
    assert send(admin, "stock", row, preview=True).json["taken"] == 1
    item = admin.get("/api/v1/items", query_string={"sku": "V-1"}).json["items"][0]
    here = {"item_id": item["id"]}
    assert admin.get("/api/v1/stock", query_string=here).json["items"] == []
    assert send(admin, "stock", row).json["taken"] == 1
    assert [each["on_hand"] for each in admin.get("/api/v1/stock", query_string=here).json["items"]] == [
        "120"
    ]
    assert send(admin, "stock", row).json["problems"][0]["message"] == "'V-1' is there already"
    assert send(admin, "stock", row, skip_existing=True).json["skipped"] == 1


def test_what_the_store_refuses_is_named_by_its_column(admin: Any) -> None:
    told = send(admin, "item", VALVE | {"supplier": "S-999"}, preview=True).json
    assert [(each["line"], each["column"]) for each in told["problems"]] == [(2, "supplier")]
    assert admin.get("/api/v1/items", query_string={"sku": "V-1"}).json["items"] == []

    lot = VALVE | {"supplier": "", "lot_tracked": "yes"}
    send(admin, "item", lot)
    send(admin, "warehouse", {"code": "EAST", "name": "East", "default": "no"})
    told = send(
        admin,
        "stock",
        {"warehouse": "EAST", "sku": "V-1", "quantity": "1"},
        {"warehouse": "WEST", "sku": "V-2", "quantity": "-1"},
        {"warehouse": "WEST", "sku": "V-2", "quantity": "1"},
        preview=True,
    ).json
    assert [(each["line"], each["column"]) for each in told["problems"]] == [
        (2, "lot"),
        (3, "quantity"),
        (4, "warehouse"),
        (4, "sku"),
    ]
