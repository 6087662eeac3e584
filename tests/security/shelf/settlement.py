"""Credit beyond its limit, terms, write-offs, refunds, and the approvals of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.e2e.world import usd
from tests.security.shelf.receivables import Receivables


class Settlement(Receivables):
    """What is granted, written off and paid back."""

    @cached_property
    def override(self) -> Any:
        return self.fresh_override()

    @cached_property
    def write_off(self) -> Any:
        return self.fresh_write_off()

    @cached_property
    def refund(self) -> Any:
        body = {"payment_id": self.fresh_payment()["id"], "amount": usd("10.00"), "reason": "Paid twice"}
        return self.post("fay", "/refunds", body)

    @cached_property
    def terms(self) -> Any:
        return self.system["fay"].put("/payment-terms", self.terms_body())

    @cached_property
    def finance_flow(self) -> Any:
        return self.post("fay", "/finance-approval-flows", self.finance_flow_body(active=False))

    def finance_flow_body(self, *, clauses: Any = (), **more: Any) -> dict[str, Any]:
        """A flow that nobody but this customer's overrides meets."""
        clause = {"field": "customer_id", "comparison": "one_of", "texts": [self.customer["id"]]}
        step = {"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}
        body = {"document": "credit_override", "name": self.named("Flow"), "steps": [step]}
        return body | {"cases": [{"clauses": [clause, *clauses]}]} | more

    def terms_body(self) -> dict[str, Any]:
        parts = [{"share_bp": 10000, "days": 30, "end_of_month": True}]
        early = {"discount_bp": 200, "discount_days": 10}
        return {"name": self.named("terms"), "parts": parts, "active": True} | early

    def loss(self, invoice_id: str) -> dict[str, Any]:
        return {"invoice_id": invoice_id, "amount": usd("1.00"), "reason": "A small difference"}

    def fresh_write_off(self) -> Any:
        """A write-off that is posted, for it is within the tolerance."""
        self.system["fay"].put("/write-off-tolerances", {"amount": usd("1.00")})
        return self.post("fay", "/write-offs", self.loss(self.fresh_invoice()["id"]))

    def fresh_override(self) -> Any:
        """An override that waits for its approval."""
        body = {
            "order_id": self.fresh_short_order()["id"],
            "expires_on": self.days_on(10),
            "reason": "Trusted",
        }
        return self.post("mia", "/credit-overrides", body)
