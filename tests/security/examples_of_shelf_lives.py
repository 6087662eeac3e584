"""Valid requests of how long lots must last as they are delivered, and of a word that lets one go that does not."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import usd
from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf


def _lot(shelf: Shelf) -> tuple[Any, str]:
    """An item with lots and a price, and a lot of it in stock that lasts for days."""
    sku, lot = shelf.named("MILK"), shelf.named("L")
    body = {"sku": sku, "name": "Milk", "uom": "pcs", "decimals": 0, "tracking": "lot"}
    item = shelf.post("admin", "/items", body)
    line = {"item_id": item["id"], "min_quantity": "1", "unit_price": usd("10.00")}
    policy = {"name": f"List {sku}", "currency": "USD", "lines": [line]}
    wait_for(lambda: shelf.world._priced(policy, sku), "sales' replica of the item")
    came = {"item_id": item["id"], "quantity": "2", "lot": lot, "expires_on": shelf.days_on(5)}
    shelf.post("wim", "/receipts", {"warehouse_id": shelf.warehouse_id, "lines": [came]})
    return item, lot


def _rule(shelf: Shelf) -> Example:
    item, _ = _lot(shelf)
    whose = {"customer_id": shelf.customer["id"], "customer_group": None}
    return Example(body=whose | {"item_id": item["id"], "days": 10})


def _note(shelf: Shelf) -> tuple[Any, str]:
    item, lot = _lot(shelf)
    order = shelf.world.order(shelf.customer, (item, "1"), seller=shelf.owner)
    return shelf.world.delivery(order), lot


def _allowed(shelf: Shelf) -> Example:
    note, lot = _note(shelf)
    body = {"item_id": note["lines"][0]["item_id"], "lot": lot, "reason": "They use it at once"}
    return Example({"delivery_id": note["id"]}, body)


SHELF_LIVES: dict[str, Make] = {
    "GET /api/v1/shelf-life-rules": listing,
    "PUT /api/v1/shelf-life-rules": _rule,
    "POST /api/v1/deliveries/{delivery_id}/short-dated": _allowed,
    "GET /api/v1/deliveries/{delivery_id}/short-dated": lambda shelf: Example(
        {"delivery_id": _note(shelf)[0]["id"]}
    ),
}
