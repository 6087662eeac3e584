"""How a company buys, makes and offers: entered once, through the gateway, before its orders are replayed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from meridian.demo.gateway import Person
from meridian.demo.history import rows
from meridian.demo.people import Catalogue

CURRENCY = "USD"
FIRST_DAY = "2011-05-01"


class Rules:
    """The files of a folder ``supply/``. Entering them again changes nothing."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._items = catalogue.items

    def enter(self, buyer: Person, seller: Person) -> None:
        """Let ``buyer`` say how items are supplied, and ``seller`` what is offered."""
        self._boms(buyer)
        self._prices(buyer)
        self._policies(buyer)
        self._offers(seller)

    def _boms(self, buyer: Person) -> None:
        days = {row["sku"]: int(row["lead_days"]) for row in self._rows("supply")}
        parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows("boms"):
            parts[row["sku"]].append({"item_id": self._items[row["component"]], "quantity": row["quantity"]})
        for sku, components in parts.items():
            body = {
                "item_id": self._items[sku],
                "valid_from": FIRST_DAY,
                "output": "1",
                "components": components,
                "fixed_days": days[sku],
            }
            buyer.post("/boms", body, key=f"rules-bom-{sku}")

    def _prices(self, buyer: Person) -> None:
        suppliers = self._suppliers(buyer)
        for row in self._rows("supplier_prices"):
            body = {
                "item_id": self._items[row["sku"]],
                "unit_price": {"amount": row["unit_price"], "currency": CURRENCY},
                "valid_from": row["valid_from"],
                "minimum": row["minimum"],
            }
            key = f"rules-price-{row['supplier']}-{row['sku']}"
            buyer.post(f"/suppliers/{suppliers[row['supplier']]}/prices", body, key=key)

    def _policies(self, buyer: Person) -> None:
        suppliers = self._suppliers(buyer)
        for row in self._rows("supply"):
            body: dict[str, Any] = {"method": row["method"]}
            if row["supplier"]:  # what is made takes what its bill of materials says
                body |= {"supplier_id": suppliers[row["supplier"]], "lead_days": int(row["lead_days"])}
            if row["minimum"]:
                body["minimum"] = row["minimum"]
            buyer.put(f"/items/{self._items[row['sku']]}/supply-policy", body)

    def _offers(self, seller: Person) -> None:
        """Of several offers that a quantity reaches the one for the most pieces is given, and it alone."""
        for place, row in enumerate(self._rows("offers"), start=1):
            body = {
                "name": row["name"],
                "currency": CURRENCY,
                "customer_group": row["customer_group"],
                "valid_from": row["valid_from"],
                "valid_until": row["valid_until"],
                "priority": place,
                "exclusive": True,
                "percent_off": {"percent": row["percent"], "min_quantity": row["min_quantity"]},
            }
            seller.post("/promotions", body, key=f"rules-offer-{row['name']}")

    def _suppliers(self, buyer: Person) -> dict[str, str]:
        return {row["number"]: row["id"] for row in buyer.every("/suppliers")}

    def _rows(self, name: str) -> list[dict[str, str]]:
        return rows(self._folder / f"{name}.csv")
