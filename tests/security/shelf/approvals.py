"""Approvals of quotations, their flows, and who stands in for whom."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground


class Approvals(Ground):
    """What must be approved; everything here is about one customer, so that no other document waits."""

    @cached_property
    def watched(self) -> Any:
        """A customer whose quotations must be approved by a sales manager, each of them."""
        customer = self.fresh_customer()
        self.post("admin", "/approval-flows", self.flow(customer["id"]))
        return customer

    @cached_property
    def approval(self) -> Any:
        return self.fresh_approval()

    @cached_property
    def flow_of_watched(self) -> Any:
        return self.post("admin", "/approval-flows", self.flow(self.watched["id"]))

    @cached_property
    def delegation(self) -> Any:
        return self.fresh_delegation("admin")

    @cached_property
    def manager_id(self) -> str:
        """A sales manager whose deputy is the administrator."""
        self.fresh_delegation("mia", str(self.system["admin"].get("/auth/me")["id"]))
        return str(self.system["mia"].get("/auth/me")["id"])

    def flow(self, customer_id: str, **more: Any) -> dict[str, Any]:
        """A flow that nobody but this customer's quotations meets."""
        clause = {"field": "customer_id", "comparison": "equals", "texts": [customer_id]}
        step = {"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}
        return {"name": self.named("Flow"), "cases": [{"clauses": [clause]}], "steps": [step]} | more

    def fresh_approval(self) -> Any:
        """The approval of a quotation that its salesperson has sent."""
        body = {"customer_id": self.watched["id"], "lines": [self.line()]}
        made = self.post(self.owner, "/quotations", body)
        return self.post(self.owner, f"/quotations/{made['id']}/send", {})["approval"]

    def fresh_delegation(self, who: str, deputy: str | None = None) -> Any:
        body = {"deputy_id": deputy or self.named("deputy")}
        days = {"first_day": self.days_on(-1), "last_day": self.days_on(30)}
        return self.post(who, "/approval-delegations", body | days)
