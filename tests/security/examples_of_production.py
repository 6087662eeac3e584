"""Valid requests of what is made: bills of materials and production orders. Part of ``examples.py``."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make
from tests.security.shelf import Shelf


def _bom(shelf: Shelf) -> Example:
    body = {"item_id": shelf.made_item["id"], "valid_from": "2026-01-01", "output": "1"}
    about = {"fixed_days": 1, "days_per_lot": 1, "tolerance_bp": 500, "note": "Turned,\nnot cast"}
    return Example(body=body | about | {"components": [shelf.line() | {"scrap_bp": 100}]})


def _production_order(shelf: Shelf) -> Example:
    body = {"item_id": shelf.made_item["id"], "warehouse_id": shelf.warehouse_id, "quantity": "10"}
    return Example(body=body | {"due_on": "2199-12-31", "note": "For the\nfair"})


def _of(state: str, body: Any) -> Make:
    return lambda shelf: Example({"production_order_id": shelf.fresh_production_order(state)["id"]}, body)


def _close(shelf: Shelf) -> Example:
    order = shelf.fresh_production_order("running")
    shelf.post("wim", f"/production-orders/{order['id']}/reports", {"finished": "9"})
    return Example({"production_order_id": order["id"]}, {"reason": "Enough", "accept_shortfall": True})


PRODUCTION: dict[str, Make] = {
    "GET /api/v1/boms": lambda _shelf: Example(),
    "POST /api/v1/boms": _bom,
    "GET /api/v1/boms/{item_id}": lambda shelf: Example(
        {"item_id": shelf.made_item["id"]}, query={"quantity": "5"}
    ),
    "GET /api/v1/production-orders": lambda _shelf: Example(),
    "POST /api/v1/production-orders": _production_order,
    "GET /api/v1/production-orders/{production_order_id}": lambda shelf: Example(
        {"production_order_id": shelf.production_order["id"]}
    ),
    "POST /api/v1/production-orders/{production_order_id}/release": _of("request", {}),
    "POST /api/v1/production-orders/{production_order_id}/start": _of("assigned", {}),
    "POST /api/v1/production-orders/{production_order_id}/close": _close,
    "POST /api/v1/production-orders/{production_order_id}/cancel": _of(
        "assigned", {"reason": "Changed plans"}
    ),
}
