"""What the orders of a run are about: customers with credit, items with stock, one item that is always short."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.world import usd
from tests.faults.people import Client, once_known

CLIENTS = 8
CUSTOMERS = 10
ITEMS = 8
LOT = 100_000
LIMIT = "90000000.00"
PRICE = "12.50"


@dataclass
class Market:
    """Ids of what was prepared. Every customer is the salesperson sam's."""

    customers: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    scarce_item: str = ""
    warehouse: str = ""


def open_market(name: str, people: Mapping[str, Client]) -> Market:
    """Register customers and items through the gateway and return once every service knows them."""
    market = Market(warehouse=people["wim"].every("/warehouses")[0]["id"])
    with ThreadPoolExecutor(CLIENTS) as hands:
        customers = [
            hands.submit(register_customer, people, f"{name}-K{number}", LIMIT) for number in range(CUSTOMERS)
        ]
        items = [hands.submit(_register_item, people, f"{name}-I{number}") for number in range(ITEMS)]
        scarce = hands.submit(_register_item, people, f"{name}-SCARCE")
    market.customers = [customer.result() for customer in customers]
    market.items = [item.result() for item in items]
    market.scarce_item = scarce.result()
    lines = [{"item_id": item, "quantity": str(LOT)} for item in market.items]
    people["wim"].post("/receipts", {"warehouse_id": market.warehouse, "lines": lines}, key=f"{name}-stock")
    return market


def register_customer(people: Mapping[str, Client], number: str, limit: str) -> str:
    """Register a customer with a credit limit; return the id once every service knows it."""
    made = people["sam"].post("/customers", {"name": f"Customer {number}", "number": number}, key=number)
    id_: str = made["id"]
    once_known(
        lambda: people["fay"].put(f"/accounts/{id_}/credit-limit", {"limit": usd(limit)}),
        f"the account of {number}",
    )
    for who, page in (("mia", "sales"), ("wim", "delivery"), ("sid", "service")):
        path = f"/customers/{id_}/{page}-summary"
        once_known(lambda who=who, path=path: [people[who].get(path)], f"the {page} summary of {number}")  # type: ignore[misc]
    return id_


def _register_item(people: Mapping[str, Client], sku: str) -> str:
    admin = people["admin"]
    made = admin.post("/items", {"sku": sku, "name": "A+ valve", "uom": "piece", "decimals": 0}, key=sku)
    policy: dict[str, Any] = {
        "name": f"List {sku}",
        "currency": "USD",
        "lines": [{"item_id": made["id"], "min_quantity": "1", "unit_price": usd(PRICE)}],
    }
    once_known(lambda: admin.post("/price-policies", policy, key=f"policy-{sku}"), f"the price of {sku}")
    id_: str = made["id"]
    return id_
