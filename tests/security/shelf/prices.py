"""Price policies, promotions and coupons."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.e2e.world import usd
from tests.security.shelf.ground import Ground


class Prices(Ground):
    """Prices that only the shelf's own documents meet."""

    @cached_property
    def policy(self) -> Any:
        """A list that is for this customer only."""
        line = {"item_id": self.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}
        body = {"name": self.named("Own"), "currency": "USD", "customer_id": self.customer["id"]}
        return self.post("admin", "/price-policies", body | {"lines": [line]})

    @cached_property
    def policy_for_all(self) -> Any:
        """A list from which others may be worked out."""
        line = {"item_id": self.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}
        body = {"name": self.named("All"), "currency": "USD", "channel": "shelf", "lines": [line]}
        return self.post("admin", "/price-policies", body)

    @cached_property
    def promotion(self) -> Any:
        """One that is for this customer only."""
        body = {"name": self.named("Own"), "currency": "USD", "customer_id": self.customer["id"]}
        return self.post(
            "admin", "/promotions", body | {"percent_off": {"percent": "1", "items": [self.item["id"]]}}
        )

    @cached_property
    def coupon(self) -> str:
        """A code that anybody may use."""
        body = {"name": self.named("Coupon"), "currency": "USD", "coupon": self.named("CODE").upper()}
        made = self.post("admin", "/promotions", body | {"percent_off": {"percent": "1"}})
        return str(made["coupon"])
