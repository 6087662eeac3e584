"""What is counted, goes to another warehouse, or is to be there."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tests.e2e.world import usd
from tests.security.shelf.ground import Ground


class Stock(Ground):
    """What the warehouse does by itself."""

    @cached_property
    def count(self) -> Any:
        """A stock count that waits for a yes."""
        return self.fresh_count(found="4")

    @cached_property
    def transfer(self) -> Any:
        """A transfer that is under way."""
        return self.fresh_transfer(shipped=True)

    @cached_property
    def other_warehouse_id(self) -> str:
        body = {"code": self.named("N"), "name": "North", "is_default": False}
        return str(self.post("wim", "/warehouses", body)["id"])

    def fresh_count(self, *, found: str | None = None) -> Any:
        """A stock count of five pieces without a cost; with ``found`` it is counted, and closed if it differs."""
        item, finance = self.world.item(stock="5"), self.system["fay"]
        rules = {"tolerance": usd("0.00"), "approvers": ["finance", "sales_manager"]}
        finance.put("/stock-count-rules", rules)
        body = {"warehouse_id": self.warehouse_id, "item_ids": [item["id"]]}
        count = self.post("wim", "/stock-counts", body)
        path = f"/stock-counts/{count['id']}"
        if found is not None:
            line = {"lines": [{"line_no": 1, "quantity": found}]}
            count = self.post("wim", f"{path}/counted", line)
            if found != "5":
                self.post("wim", f"{path}/counted", line)
                count = self.post("wim", f"{path}/close", {})
        return count

    def transfer_body(self) -> dict[str, Any]:
        """What goes to the other warehouse; the item lies in the default one, where receipts are booked."""
        line = self.line("2") | {"lot": None}
        ends = {"from_id": self.warehouse_id, "to_id": self.other_warehouse_id}
        return ends | {"note": "By van", "lines": [line]}

    def fresh_transfer(self, *, shipped: bool = False) -> Any:
        made = self.post("wim", "/transfers", self.transfer_body())
        return self.post("wim", f"/transfers/{made['id']}/ship", {}) if shipped else made

    def fresh_reorder_point(self) -> dict[str, str]:
        """The address of a reorder point."""
        place = {"item_id": self.world.item()["id"], "warehouse_id": self.warehouse_id}
        path = "/reorder-points/{item_id}/{warehouse_id}".format(**place)
        self.system["wim"].put(path, {"minimum": "5", "maximum": "20"})
        return place
