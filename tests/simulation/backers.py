"""Goods that go back to their supplier: asked for, answered, shipped, invoiced and credited."""

from __future__ import annotations

from random import Random
from typing import Any

from libs.common.money import Price
from tests.simulation import units
from tests.simulation.choosing import choose, milli_text
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

_PART = """
    SELECT p.document_id, p.position, p.quantity_milli, o.id, o.warehouse_id, l.item_id FROM purchase_receipt_line p
    JOIN purchase_order_line l ON l.id = p.purchase_order_line_id
    JOIN purchase_order o ON o.id = l.purchase_order_id ORDER BY 1, 2
"""
_OPEN = """
    SELECT line_id, supplier_id, unit_price_e4, currency, {quantity} FROM bought_line
    WHERE {quantity} > 0 ORDER BY 1
"""


def ask_to_send_back(plant: Plant, rng: Random) -> Request | None:
    """Something that came in is not as it should be; now and then more than there was is named."""
    rows = plant.rows("inventory", _PART)
    if not rows:
        return None
    receipt, position, quantity, order, warehouse, item = rng.choice(rows)
    wanted = quantity if rng.random() < 0.5 else max(1000, quantity // 2000 * 1000)
    line: dict[str, Any] = {"receipt_id": receipt, "position": position, "quantity": milli_text(wanted)}
    line |= units.came_with(plant, item, receipt, warehouse, wanted // 1000)
    body = {"purchase_order_id": order, "warehouse_id": warehouse, "reason": "cracked", "lines": [line]}
    return Request("ask to send back", "inventory", "POST", "/supplier-returns", body)


def answer_sending_back(plant: Plant, rng: Random) -> Request | None:
    """Somebody else allows it, mostly; it is refused or given up else."""
    row = choose(plant, rng, "inventory", "supplier_return", "id", "state IN ('requested', 'approved')")
    if row is None:
        return None
    verb = rng.choices(("approve", "reject", "cancel"), (8, 1, 1))[0]
    path = f"/supplier-returns/{row[0]}/{verb}"
    second = rng.random() < 0.9
    return Request(f"{verb} sending back", "inventory", "POST", path, {"answer": "as said"}, second=second)


def ship_back(plant: Plant, rng: Random) -> Request | None:
    """The goods leave."""
    row = choose(plant, rng, "inventory", "supplier_return", "id", "state = 'approved'")
    if row is None:
        return None
    return Request("ship back", "inventory", "POST", f"/supplier-returns/{row[0]}/ship", {})


def enter_supplier_invoice(plant: Plant, rng: Random) -> Request | None:
    """A supplier invoices what came in of a line."""
    return _document(plant, rng, "/supplier-invoices", "invoiced_on", "received_milli - invoiced_milli")


def enter_supplier_credit(plant: Plant, rng: Random) -> Request | None:
    """A supplier credits what was invoiced and went back."""
    return _document(plant, rng, "/supplier-credit-notes", "credited_on", "invoiced_milli - received_milli")


def _document(plant: Plant, rng: Random, path: str, day: str, quantity: str) -> Request | None:
    rows = plant.rows("finance", _OPEN.format(quantity=quantity))
    if not rows:
        return None
    line_id, supplier, e4, currency, milli = rng.choice(rows)
    price = {"amount": Price(e4, currency).digits, "currency": currency}
    line: dict[str, Any] = {"line_id": line_id, "quantity": milli_text(milli), "unit_price": price}
    today = plant.clock.now().date().isoformat()
    body = {"supplier_id": supplier, "reference": f"{rng.getrandbits(40):010x}", day: today, "lines": [line]}
    return Request(f"enter {path[1:-1]}", "finance", "POST", path, body)
