"""Suppliers, requisitions and purchase orders."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import usd
from tests.security.shelf.ground import Ground


class Purchasing(Ground):
    """What is bought of one supplier."""

    @cached_property
    def supplier(self) -> Any:
        body = {"number": self.named("S"), "name": "Foundry"}
        return self.post("wim", "/suppliers", body)

    @cached_property
    def bought_item(self) -> Any:
        """An item that is bought of the supplier when it runs short."""
        item = self.world.item()
        price = {"item_id": item["id"], "unit_price": usd("2.5000")}
        self.post("wim", f"/suppliers/{self.supplier['id']}/prices", price)
        policy = {"method": "buy", "supplier_id": self.supplier["id"], "lead_days": 5}
        self.system["wim"].put(f"/items/{item['id']}/supply-policy", policy)
        return item

    @cached_property
    def requisition(self) -> Any:
        return self.fresh_requisition()

    @cached_property
    def purchase_order(self) -> Any:
        """A purchase order of which some came in."""
        order = self.fresh_purchase_order(sent=True)
        part = {"line_id": order["lines"][0]["id"], "quantity": "1"}
        return self.post("wim", f"/purchase-orders/{order['id']}/receipts", {"lines": [part]})

    def fresh_requisition(self, *, approved: bool = False) -> Any:
        body = {"item_id": self.bought_item["id"], "warehouse_id": self.warehouse_id, "quantity": "10"}
        made = self.post("wim", "/purchase-requisitions", body | {"supplier_id": self.supplier["id"]})
        return self.post("fay", f"/purchase-requisitions/{made['id']}/approve", {}) if approved else made

    def fresh_purchase_order(self, *, sent: bool = False) -> Any:
        line = {"requisition_id": self.fresh_requisition(approved=True)["id"], "unit_price": usd("2.5000")}
        body = {"supplier_id": self.supplier["id"], "expected_on": "2199-12-31", "lines": [line]}
        made = self.post("wim", "/purchase-orders", body)
        return self.post("fay", f"/purchase-orders/{made['id']}/send", {}) if sent else made

    def fresh_drop_shipment(self) -> Any:
        """A purchase order, sent, of one piece that the supplier is to send to the customer."""
        line = {"item_id": self.item["id"], "quantity": "1"}
        body = {"customer_id": self.customer["id"], "lines": [line], "order_type": "drop_ship"}
        made = self.post(self.owner, "/quotations", body)
        order = self.post(self.owner, f"/quotations/{made['id']}/accept", {})
        path = f"/purchase-requisitions?order_id={order['id']}"
        (asked,) = wait_for(lambda: self.system["wim"].get(path)["items"], "the requisition")
        self.post("fay", f"/purchase-requisitions/{asked['id']}/approve", {})
        bought = {"requisition_id": asked["id"], "unit_price": usd("2.5000")}
        draft = {"supplier_id": self.supplier["id"], "expected_on": "2199-12-31", "lines": [bought]}
        made = self.post("wim", "/purchase-orders", draft)
        return self.post("fay", f"/purchase-orders/{made['id']}/send", {})
