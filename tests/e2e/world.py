"""Preparing a scenario: customers, items, prices and stock of its own, and the acts that scenarios are made of."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.systems import System

_serial = itertools.count(1)
USD = "USD"


def usd(amount: str) -> dict[str, str]:
    """Return an amount as the API takes it."""
    return {"amount": amount, "currency": USD}


@dataclass
class World:
    """One scenario's view of the system."""

    system: System

    def name(self, stem: str) -> str:
        """Return a name that no other scenario uses."""
        return f"{stem}-{os.getpid()}-{next(_serial)}"

    def customer(self, *, limit: str = "10000.00", owner: str = "sam") -> Any:
        """Register a customer of a salesperson with a credit limit."""
        made = self.system[owner].post(
            "/customers", {"name": "Harbor Pumps", "number": self.name("K")}, key=self.name("key")
        )
        self.arrived(made["id"])
        self.system["fay"].put(f"/accounts/{made['id']}/credit-limit", {"limit": usd(limit)})
        return made

    def arrived(self, customer_id: str) -> None:
        """Return once every service that needs the customer knows it."""
        fay, sid, wim = (self.system[name] for name in ("fay", "sid", "wim"))
        wait_for(lambda: self.found(fay, f"/accounts/{customer_id}"), "the account of the customer")
        wait_for(
            lambda: self.found(self.system["mia"], f"/customers/{customer_id}/sales-summary"),
            "sales' replica",
        )
        wait_for(lambda: self.found(wim, f"/customers/{customer_id}/delivery-summary"), "inventory's replica")
        wait_for(
            lambda: self.found(sid, f"/customers/{customer_id}/service-summary"), "service desk's replica"
        )

    def found(self, person: Any, path: str) -> Any:
        """Return what is at ``path``, or nothing while it is not there."""
        from meridian.demo.gateway import ActFailed

        try:
            return person.get(path)
        except ActFailed as refused:
            if refused.status == 404:
                return None
            raise

    def item(self, *, stock: str | None = None, price: str = "100.00", sku: str = "") -> Any:
        """Register an item with a price for everybody and, if wanted, stock."""
        admin = self.system["admin"]
        sku = sku or self.name("VALVE")
        item = admin.post("/items", {"sku": sku, "name": "A+ valve", "uom": "piece", "decimals": 0}, key=sku)
        policy = {
            "name": f"List {sku}",
            "currency": USD,
            "lines": [{"item_id": item["id"], "min_quantity": "1", "unit_price": usd(price)}],
        }
        self.priced(policy, sku)
        if stock is not None:
            self.receive(item["id"], stock)
        return item

    def priced(self, policy: dict[str, Any], sku: str) -> None:
        """Define a price policy once sales knows its item."""
        wait_for(lambda: self._priced(policy, sku), "sales' replica of the item")

    def _priced(self, policy: dict[str, Any], sku: str) -> bool:
        from meridian.demo.gateway import ActFailed

        try:
            self.system["admin"].post("/price-policies", policy, key=f"policy-{sku}")
        except ActFailed as refused:
            if refused.status == 422:
                return False
            raise
        return True

    def receive(self, item_id: str, quantity: str) -> None:
        """Receive goods at the main warehouse."""
        wim = self.system["wim"]
        body = {
            "warehouse_id": wim.every("/warehouses")[0]["id"],
            "lines": [{"item_id": item_id, "quantity": quantity}],
        }
        wim.post("/receipts", body, key=self.name("receipt"))

    def order(self, customer: Any, *lines: tuple[Any, str], seller: str = "sam", wait_s: int = 10) -> Any:
        """Quote, send and accept; return the order once it is decided, or waits."""
        person = self.system[seller]
        body = {
            "customer_id": customer["id"],
            "lines": [{"item_id": item["id"], "quantity": quantity} for item, quantity in lines],
        }
        quotation = person.post("/quotations", body, key=self.name("quote"))
        person.post(f"/quotations/{quotation['id']}/send", {}, key=self.name("send"))
        return person.post(
            f"/quotations/{quotation['id']}/accept", {}, key=self.name("accept"), wait_s=wait_s
        )

    def order_now(self, order: Any) -> Any:
        """Return the order as it stands."""
        return self.system["mia"].get(f"/orders/{order['id']}")

    def until(self, order: Any, what: str, **wanted: Any) -> Any:
        """Return the order once its fields are as wanted."""

        def look() -> Any:
            now = self.order_now(order)
            return now if all(now[name] == value for name, value in wanted.items()) else None

        return wait_for(look, f"{what} of order {order['number']}")

    def open_holds(self, order: Any) -> list[Any]:
        """Return the holds that are not released."""
        return [hold for hold in self.order_now(order)["holds"] if not hold.get("released_at")]

    def until_held(self, order: Any, code: str) -> Any:
        """Return the hold once the order waits for it."""
        return wait_for(
            lambda: next((hold for hold in self.open_holds(order) if hold["code"] == code), None),
            f"hold {code}",
        )

    def delivery(self, order: Any) -> Any:
        """Return the open delivery note once it has appeared by itself."""

        def look() -> Any:
            notes = self.system["wim"].every("/deliveries", order_id=order["id"])
            return next((note for note in notes if note["state"] in ("ready", "picked")), None)

        return wait_for(look, "the delivery note")

    def ship(self, delivery: Any, lines: list[dict[str, str]] | None = None, *, on: str | None = None) -> Any:
        """Ship a delivery note, whole or in part, today or on the day ``on``."""
        body: dict[str, Any] = {"lines": lines} if lines else {}
        body |= {"shipped_on": on} if on else {}
        return self.system["wim"].post(f"/deliveries/{delivery['id']}/ship", body, key=self.name("ship"))

    def invoices(self, order: Any, count: int = 1) -> list[Any]:
        """Return the order's invoices once there are so many."""

        def look() -> Any:
            found = self.system["fay"].every("/invoices", order_id=order["id"])
            return found if len(found) >= count else None

        found: list[Any] = wait_for(look, f"{count} invoices")
        return found

    def pay(self, invoice: Any) -> Any:
        """Pay what is open of an invoice."""
        body = {
            "customer_id": invoice["customer_id"],
            "amount": invoice["open"],
            "reference": self.name("RE"),
            "allocations": [{"invoice_id": invoice["id"], "amount": invoice["open"]}],
        }
        return self.system["fay"].post("/payments", body, key=self.name("pay"))
