"""Quotations with their links and templates, and orders."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground


class Sales(Ground):
    """What the salesperson offers and the customer orders."""

    @cached_property
    def order(self) -> Any:
        """An order that was shipped and invoiced."""
        order = self.fresh_order()
        self.world.ship(self.world.delivery(order))
        self.world.invoices(order)
        return self.world.order_now(order)

    @cached_property
    def order_type(self) -> Any:
        return next(each for each in self.system["mia"].every("/order-types") if each["code"] == "prepaid")

    @cached_property
    def quotation(self) -> Any:
        return self.fresh_quotation()

    @cached_property
    def linked(self) -> Any:
        """A quotation with a link that its customer has answered by."""
        link = self.fresh_link()
        self.post(
            self.owner, f"/public/quotations/{link['token']}/decline", {"name": "Ann", "reason": "Too dear"}
        )
        return self.system[self.owner].get(f"/quotations/{link['quotation_id']}")

    @cached_property
    def token(self) -> str:
        return str(self.fresh_link()["token"])

    @cached_property
    def template(self) -> Any:
        return self.post(
            "admin", "/quotation-templates", {"name": self.named("Starter"), "lines": [self.line()]}
        )

    @cached_property
    def revision(self) -> Any:
        path = f"/quotations/{self.fresh_quotation()['id']}/revise"
        return self.post(self.owner, path, {"lines": [self.line("2")]})

    def fresh_quotation(self, *, sent: bool = False) -> Any:
        body = {"customer_id": self.customer["id"], "lines": [self.line()]}
        made = self.post(self.owner, "/quotations", body)
        return self.post(self.owner, f"/quotations/{made['id']}/send", {}) if sent else made

    def fresh_choice(self) -> Any:
        """A quotation that was sent, whose second line is optional."""
        lines = [self.line(), self.line("2") | {"choice": "optional"}]
        made = self.post(self.owner, "/quotations", {"customer_id": self.customer["id"], "lines": lines})
        return self.post(self.owner, f"/quotations/{made['id']}/send", {})

    def fresh_link(self) -> Any:
        """A customer's link to such a quotation."""
        return self.post(self.owner, f"/quotations/{self.fresh_choice()['id']}/link", {})

    def fresh_order(self) -> Any:
        order = self.world.order(self.customer, (self.item, "5"), seller=self.owner)
        return self.world.until(order, "the confirmation", state="confirmed")

    def fresh_short_order(self) -> Any:
        """An order that waits for credit."""
        customer = self.world.customer(limit="100.00", owner=self.owner)
        order = self.world.order(customer, (self.item, "5"), seller=self.owner, wait_s=0)
        self.world.until_held(order, "credit")
        return order
