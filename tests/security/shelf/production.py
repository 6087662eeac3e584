"""What is made of something else."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground


class Production(Ground):
    """What is made of the shelf's item."""

    @cached_property
    def made_item(self) -> Any:
        """An item that is made of one piece of the other."""
        item = self.world.item()
        body = {"item_id": item["id"], "output": "1", "components": [self.line()]}
        self.post("wim", "/boms", body)
        return item

    @cached_property
    def production_order(self) -> Any:
        """A production order of which some was made."""
        order = self.fresh_production_order("running")
        return self.post("wim", f"/production-orders/{order['id']}/reports", {"finished": "1"})

    def fresh_production_order(self, state: str = "request") -> Any:
        """A production order as far as ``state``; all its components are there."""
        body = {"item_id": self.made_item["id"], "warehouse_id": self.warehouse_id, "quantity": "10"}
        made = self.post("wim", "/production-orders", body)
        for who, act, after in (("wim", "release", "assigned"), ("wim", "start", "running")):
            if made["state"] == state:
                break
            made = self.post(who, f"/production-orders/{made['id']}/{act}", {})
            assert made["state"] == after
        return made
