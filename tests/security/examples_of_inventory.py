"""A valid request of every operation about items, warehouses, and what comes in and goes out of them."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _stock_line(shelf: Shelf) -> dict[str, Any]:
    return shelf.line("3") | {"lot": None, "expires_on": None, "unit_cost": usd("40.00")}


def _item(shelf: Shelf) -> Example:
    body = {"sku": shelf.named("SKU"), "name": "Valve", "category": "Valves", "uom": "pcs"}
    return Example(body=body | {"decimals": 0, "lot_tracked": False, "active": True})


def _receipt(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "received_on": today(shelf), "reference": "R 1"}
    return Example(body=body | {"lines": [_stock_line(shelf)]})


def _opening(shelf: Shelf) -> Example:
    line = _stock_line(shelf) | {"item_id": shelf.world.item()["id"]}
    return Example(body={"warehouse_id": shelf.warehouse_id, "lines": [line]})


def _adjustment(shelf: Shelf) -> Example:
    body = {"warehouse_id": shelf.warehouse_id, "adjusted_on": today(shelf), "reason": "Counted"}
    return Example(body=body | {"lines": [shelf.line("1") | {"lot": None, "unit_cost": usd("40.00")}]})


INVENTORY: dict[str, Make] = {
    "GET /api/v1/items": listing,
    "POST /api/v1/items": _item,
    "GET /api/v1/items/{item_id}": document("item_id", lambda shelf: shelf.item),
    "PATCH /api/v1/items/{item_id}": lambda shelf: Example(
        {"item_id": shelf.world.item()["id"]}, {"name": "A+ valve", "category": None, "active": True}
    ),
    "GET /api/v1/warehouses": listing,
    "POST /api/v1/warehouses": lambda shelf: Example(
        body={"code": shelf.named("W"), "name": "North", "is_default": False}
    ),
    "GET /api/v1/warehouses/{warehouse_id}": lambda shelf: Example({"warehouse_id": shelf.warehouse_id}),
    "GET /api/v1/stock": listing,
    "GET /api/v1/stock-moves": listing,
    "GET /api/v1/reservations": listing,
    "POST /api/v1/opening-stock": _opening,
    "POST /api/v1/receipts": _receipt,
    "POST /api/v1/stock-adjustments": _adjustment,
}
