"""Documents of what is owed to suppliers, made from those of a shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import usd
from tests.security.shelf.purchasing import Purchasing


@dataclass(frozen=True)
class Payables:
    """Supplier invoices and payments of the shelf's supplier."""

    shelf: Purchasing

    def free_code(self) -> str:
        """Return a code that no account of the ledger has yet."""
        taken = self.shelf.system["fay"].get("/ledger-accounts")["accounts"]
        return str(90_000 + len(taken))

    def fresh_received(self) -> Any:
        """A purchase order of which some came in, once finance knows of it."""
        order = self.shelf.fresh_purchase_order(sent=True)
        part = {"line_id": order["lines"][0]["id"], "quantity": "5"}
        self.shelf.post("wim", f"/purchase-orders/{order['id']}/receipts", {"lines": [part]})
        fay = self.shelf.system["fay"]
        path = f"/uninvoiced-receipts?purchase_order_id={order['id']}"
        wait_for(lambda: fay.get(path)["items"], "the receipt in finance")
        return order

    def fresh_supplier_invoice(self, price: str = "2.5000") -> Any:
        """A supplier invoice; it is on hold when its price is not the order's."""
        order = self.fresh_received()
        line = {"line_id": order["lines"][0]["id"], "quantity": "2", "unit_price": usd(price)}
        body = {"supplier_id": self.shelf.supplier["id"], "reference": self.shelf.named("F")}
        return self.shelf.post(
            "fay", "/supplier-invoices", body | {"invoiced_on": self.shelf.days_on(0), "lines": [line]}
        )

    def supplier_invoice(self) -> Any:
        """Return one to look at."""
        found = self.shelf.system["fay"].get(f"/supplier-invoices?supplier_id={self.shelf.supplier['id']}")
        return found["items"][0] if found["items"] else self.fresh_supplier_invoice()

    def supplier_payment(self) -> Any:
        """Return one to look at."""
        found = self.shelf.system["fay"].get(f"/supplier-payments?supplier_id={self.shelf.supplier['id']}")
        return found["items"][0] if found["items"] else self.fresh_supplier_payment()

    def fresh_supplier_payment(self) -> Any:
        """A payment of a part of a supplier invoice."""
        share = {"supplier_invoice_id": self.fresh_supplier_invoice()["id"], "amount": usd("1.00")}
        body = {"supplier_id": self.shelf.supplier["id"], "reference": self.shelf.named("T")}
        return self.shelf.post("fay", "/supplier-payments", body | {"allocations": [share]})
