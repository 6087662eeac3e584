"""Delivery notes from the pick list to the customer's door, and what comes back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from meridian.demo.people import wait_for
from tests.security.shelf.sales import Sales


class Deliveries(Sales):
    """What leaves the warehouse for the orders."""

    @cached_property
    def delivery(self) -> Any:
        return self.system["wim"].every("/deliveries", order_id=self.order["id"])[0]

    @cached_property
    def pick_list(self) -> Any:
        return self.fresh_pick_list()

    @cached_property
    def carrier(self) -> Any:
        return self.fresh_carrier()

    @cached_property
    def discrepancy(self) -> Any:
        return self.fresh_discrepancy()

    @cached_property
    def order_of_arrived(self) -> Any:
        """The order of a delivery that arrived, once sales knows."""
        order_id = self.arrived["order_id"]

        def look() -> Any:
            return self.system["mia"].get(f"/orders/{order_id}/delivery-progress")["arrivals"]

        wait_for(look, "the arrival in sales")
        return {"id": order_id}

    @cached_property
    def arrived(self) -> Any:
        """A delivery that went with a carrier and arrived, but for a piece that was refused at the door."""
        delivery = self.fresh_delivery()
        path, part = f"/deliveries/{delivery['id']}", self._piece(delivery)
        self.post("wim", f"{path}/pick", {"short": [part | {"reason": "damaged"}]})
        sent = {"carrier": self.carrier["code"], "tracking_numbers": [self.named("T")]}
        rest = part | {"quantity": "4"}
        self.post("wim", f"{path}/pack", {"packages": [{"lines": [rest]}]})
        self.post("wim", f"{path}/ship", sent)
        self.post("wim", f"{path}/deliver", {"signed_by": "Li Wei", "refused": [part]})
        return delivery

    @cached_property
    def returned(self) -> Any:
        return self.fresh_return("received")

    def fresh_delivery(self) -> Any:
        return self.world.delivery(self.fresh_order())

    def fresh_shipped(self) -> Any:
        return self.world.ship(self.fresh_delivery())

    def fresh_holding(self) -> Any:
        """A line that left for the shelf's customer, as the service desk knows it."""
        order_id = self.fresh_shipped()["order_id"]
        sid = self.system["sid"]
        return wait_for(lambda: sid.every("/installed-items", order_id=order_id), "what the customer holds")[
            0
        ]

    def _piece(self, delivery: Any) -> dict[str, Any]:
        return {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}

    def fresh_pick_list(self) -> Any:
        notes = {"delivery_ids": [self.fresh_delivery()["id"]]}
        return self.post("wim", "/pick-lists", notes | {"warehouse_id": self.warehouse_id})

    def fresh_picked(self) -> Any:
        return self.post("wim", f"/deliveries/{self.fresh_delivery()['id']}/pick", {})

    def fresh_carrier(self) -> Any:
        return self.post("wim", "/carriers", {"code": self.named("C"), "name": "Ships & Co"})

    def fresh_discrepancy(self) -> Any:
        """A piece that a picker did not find."""
        delivery = self.fresh_delivery()
        short = self._piece(delivery) | {"reason": "not_found"}
        self.post("wim", f"/deliveries/{delivery['id']}/pick", {"short": [short]})
        (found,) = self.system["wim"].get(f"/stock-discrepancies?delivery_id={delivery['id']}")["items"]
        return found

    def fresh_return(self, state: str) -> Any:
        """A return of one piece, as far as ``state``."""
        delivery = self.fresh_shipped()
        line = {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}
        body = {"delivery_id": delivery["id"], "reason": "Leaks", "lines": [line]}
        made = self.post(self.owner, "/returns", body)
        if state == "requested":
            return made
        made = self.post("mia", f"/returns/{made['id']}/approve", {"answer": "Send it"})
        if state == "approved":
            return made
        return self.post("wim", f"/returns/{made['id']}/receive", {"warehouse_id": self.warehouse_id})
