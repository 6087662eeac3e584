"""A valid request of every operation about items, warehouses, and what comes in and goes out of them."""

from __future__ import annotations

from tests.security.example import Example, Make, document, listing

INVENTORY: dict[str, Make] = {
    "GET /api/v1/items": listing,
    "GET /api/v1/items/{item_id}": document("item_id", lambda shelf: shelf.item),
    "PATCH /api/v1/items/{item_id}": lambda shelf: Example(
        {"item_id": shelf.world.item()["id"]},
        {"name": "A+ valve", "category": None, "active": True, "fields": {}},
    ),
    "GET /api/v1/warehouses": listing,
    "POST /api/v1/warehouses": lambda shelf: Example(
        body={"code": shelf.named("W"), "name": "North", "is_default": False}
    ),
    "GET /api/v1/warehouses/{warehouse_id}": lambda shelf: Example({"warehouse_id": shelf.warehouse_id}),
    "GET /api/v1/stock": listing,
    "GET /api/v1/stock-moves": listing,
    "GET /api/v1/reservations": listing,
}
