"""A valid request of every operation about suppliers, what is to be bought of them, and what was."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing, today
from tests.security.shelf import Shelf


def _supply_policy(shelf: Shelf) -> Example:
    body = {"method": "buy", "supplier_id": shelf.supplier["id"], "lead_days": 5}
    body["source_id"] = shelf.warehouse_id
    return Example({"item_id": shelf.world.item()["id"]}, body | {"multiple": "5", "minimum": "10"})


def _supplier_price(shelf: Shelf) -> Example:
    body = {"item_id": shelf.bought_item["id"], "unit_price": usd("2.5000"), "minimum": "100"}
    return Example({"supplier_id": shelf.supplier["id"]}, body | {"valid_from": "2026-01-01"})


def _reorder_point(shelf: Shelf) -> Example:
    body = {"minimum": "5", "maximum": "20", "multiple": "5", "horizon_days": 30}
    return Example(shelf.fresh_reorder_point(), body)


def _requisition(shelf: Shelf) -> Example:
    body = {"item_id": shelf.bought_item["id"], "warehouse_id": shelf.warehouse_id, "quantity": "10"}
    return Example(body=body | {"supplier_id": shelf.supplier["id"], "note": "For the\nfair"})


def _requisition_end(shelf: Shelf) -> Example:
    return Example({"requisition_id": shelf.fresh_requisition()["id"]}, {"reason": "Not needed"})


def _purchase_order(shelf: Shelf) -> Example:
    line = {"requisition_id": shelf.fresh_requisition(approved=True)["id"], "unit_price": usd("2.5000")}
    body = {"supplier_id": shelf.supplier["id"], "expected_on": "2199-12-31", "reference": "Q 1"}
    return Example(body=body | {"lines": [line]})


def _of_purchase_order(order: Any, body: Any) -> Example:
    return Example({"purchase_order_id": order["id"]}, body)


def _purchase_confirmation(shelf: Shelf) -> Example:
    order = shelf.fresh_purchase_order(sent=True)
    line = {"line_id": order["lines"][0]["id"], "expected_on": "2199-12-31"}
    return _of_purchase_order(order, {"lines": [line]})


def _purchase_receipt(shelf: Shelf) -> Example:
    order = shelf.fresh_purchase_order(sent=True)
    line = {"line_id": order["lines"][0]["id"], "quantity": "3", "lot": None, "expires_on": None}
    line |= {"unit_cost": usd("40.00")}
    return _of_purchase_order(order, {"received_on": today(shelf), "reference": "DN 1", "lines": [line]})


def _dispatch(shelf: Shelf) -> Example:
    order = shelf.fresh_drop_shipment()
    line = {"line_id": order["lines"][0]["id"], "quantity": "1", "lot": None, "expires_on": None}
    return _of_purchase_order(order, {"dispatched_on": today(shelf), "reference": "LS 1", "lines": [line]})


PURCHASING: dict[str, Make] = {
    "GET /api/v1/suppliers": listing,
    "POST /api/v1/suppliers": lambda shelf: Example(
        body={
            "number": shelf.named("S"),
            "name": "Foundry",
            "contact_name": "Li",
            "country": "China",
            "city": "Wuxi",
            "address": "2 Lake Road",
            "phone": "+86 510 1",
        }
    ),
    "GET /api/v1/suppliers/{supplier_id}/prices": document("supplier_id", lambda shelf: shelf.supplier),
    "POST /api/v1/suppliers/{supplier_id}/prices": _supplier_price,
    "GET /api/v1/items/{item_id}/supplier-prices": document("item_id", lambda shelf: shelf.bought_item),
    "GET /api/v1/items/{item_id}/supply-policy": document("item_id", lambda shelf: shelf.bought_item),
    "PUT /api/v1/items/{item_id}/supply-policy": _supply_policy,
    "GET /api/v1/items/{item_id}/availability": lambda shelf: Example(
        {"item_id": shelf.bought_item["id"]}, query={"quantity": "5"}
    ),
    "GET /api/v1/purchasing-rules": listing,
    "PUT /api/v1/purchasing-rules": lambda _shelf: Example(
        body={"approval_limit": usd("900000.00"), "over_receipt_bp": 500}
    ),
    "GET /api/v1/reorder-points": listing,
    "PUT /api/v1/reorder-points/{item_id}/{warehouse_id}": _reorder_point,
    "DELETE /api/v1/reorder-points/{item_id}/{warehouse_id}": lambda shelf: Example(
        shelf.fresh_reorder_point()
    ),
    "GET /api/v1/purchase-requisitions": listing,
    "POST /api/v1/purchase-requisitions": _requisition,
    "GET /api/v1/purchase-requisitions/{requisition_id}": document(
        "requisition_id", lambda shelf: shelf.requisition
    ),
    "POST /api/v1/purchase-requisitions/{requisition_id}/approve": lambda shelf: Example(
        {"requisition_id": shelf.fresh_requisition()["id"]}, {}
    ),
    "POST /api/v1/purchase-requisitions/{requisition_id}/reject": _requisition_end,
    "POST /api/v1/purchase-requisitions/{requisition_id}/cancel": _requisition_end,
    "GET /api/v1/purchase-orders": listing,
    "POST /api/v1/purchase-orders": _purchase_order,
    "GET /api/v1/purchase-orders/{purchase_order_id}": document(
        "purchase_order_id", lambda shelf: shelf.purchase_order
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/send": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(), {}
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/confirm": _purchase_confirmation,
    "POST /api/v1/purchase-orders/{purchase_order_id}/receipts": _purchase_receipt,
    "POST /api/v1/purchase-orders/{purchase_order_id}/dispatches": _dispatch,
    "POST /api/v1/purchase-orders/{purchase_order_id}/close": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(sent=True), {"reason": "Sold out"}
    ),
    "POST /api/v1/purchase-orders/{purchase_order_id}/cancel": lambda shelf: _of_purchase_order(
        shelf.fresh_purchase_order(), {"reason": "They are shut"}
    ),
}
