"""A valid request of every operation about what stock is worth, how it is counted, and how it is transferred."""

from __future__ import annotations

from typing import Any

from libs.common.ids import SystemIds
from tests.e2e.world import usd
from tests.security.example import Example, Make
from tests.security.shelf import Shelf


def _listing(_shelf: Shelf) -> Example:
    return Example()


def _transfer_receipt(shelf: Shelf) -> Example:
    line = {"line_no": 1, "lot": None, "received": "1", "lost": "1"}
    body = {"received_on": str(shelf.quotation["issued_on"]), "reason": "One burst", "lines": [line]}
    return Example({"transfer_id": shelf.fresh_transfer(shipped=True)["id"]}, body)


def _of_count(count: Any, body: Any) -> Example:
    return Example({"count_id": count["id"]}, body)


def _count(shelf: Shelf) -> Example:
    item = shelf.world.item(stock="5")
    scope = {"warehouse_id": shelf.warehouse_id, "item_ids": [item["id"]], "category": None}
    return Example(body=scope | {"note": "Yearly", "id": SystemIds().new()})


STOCK: dict[str, Make] = {
    "GET /api/v1/item-costs": _listing,
    "GET /api/v1/item-costs/{item_id}": lambda shelf: Example({"item_id": shelf.item["id"]}),
    "POST /api/v1/item-costs/{item_id}/revalue": lambda shelf: Example(
        {"item_id": shelf.world.item()["id"]}, {"unit_cost": usd("38.50"), "reason": "Damp"}
    ),
    "GET /api/v1/inventory-turnover": lambda shelf: Example(
        query={"from": "2026-01-01", "to": "2026-12-31", "category": "Valves"}
    ),
    "GET /api/v1/stock-counts": _listing,
    "POST /api/v1/stock-counts": _count,
    "GET /api/v1/stock-counts/{count_id}": lambda shelf: _of_count(shelf.count, None),
    "POST /api/v1/stock-counts/{count_id}/close": lambda shelf: _of_count(shelf.fresh_count(found="5"), {}),
    "POST /api/v1/stock-counts/{count_id}/decide": lambda shelf: _of_count(
        shelf.fresh_count(found="4"), {"decision": "reject", "comment": "Look again"}
    ),
    "POST /api/v1/stock-counts/{count_id}/cancel": lambda shelf: _of_count(
        shelf.fresh_count(), {"reason": "The forklift is broken"}
    ),
    "GET /api/v1/stock-count-rules": _listing,
    "PUT /api/v1/stock-count-rules": lambda shelf: Example(
        body={"tolerance": usd("1000.00"), "approvers": ["finance"]}
    ),
    "GET /api/v1/transfers": _listing,
    "POST /api/v1/transfers": lambda shelf: Example(body=shelf.transfer_body()),
    "GET /api/v1/transfers/{transfer_id}": lambda shelf: Example({"transfer_id": shelf.transfer["id"]}),
    "POST /api/v1/transfers/{transfer_id}/receive": _transfer_receipt,
    "POST /api/v1/transfers/{transfer_id}/cancel": lambda shelf: Example(
        {"transfer_id": shelf.fresh_transfer()["id"]}, {"reason": "No van"}
    ),
}
