"""Those who buy: what ran short is approved, ordered, taken in, or given up."""

from __future__ import annotations

from random import Random

from tests.simulation import units
from tests.simulation.choosing import choose, milli_text
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

_OUTSTANDING = """
    SELECT line.id, line.quantity_milli - line.received_milli, item.lot_tracked, item.decimals,
        item.id
    FROM purchase_order_line AS line JOIN item ON item.id = line.item_id
    WHERE line.purchase_order_id = :id AND line.received_milli < line.quantity_milli ORDER BY 1
"""


def answer_requisition(plant: Plant, rng: Random) -> Request | None:
    """Somebody approves what should be bought, turns it down, or gives it up."""
    row = choose(plant, rng, "inventory", "requisition", "id", "state = 'open'")
    if row is None:
        return None
    verb = rng.choices(("approve", "reject", "cancel"), (8, 1, 1))[0]
    body = {} if verb == "approve" else {"reason": "not now"}
    return Request(
        f"{verb} requisition", "inventory", "POST", f"/purchase-requisitions/{row[0]}/{verb}", body
    )


def ask_to_buy(plant: Plant, rng: Random) -> Request | None:
    """Somebody asks for something by hand."""
    (item,) = rng.choice(plant.rows("inventory", "SELECT id FROM item ORDER BY id"))
    (warehouse,) = rng.choice(
        plant.rows("inventory", "SELECT id FROM warehouse WHERE quarantine_of IS NULL ORDER BY id")
    )
    body = {"item_id": item, "warehouse_id": warehouse, "quantity": str(rng.randint(1, 9))}
    return Request("ask to buy", "inventory", "POST", "/purchase-requisitions", body)


def order_of_supplier(plant: Plant, rng: Random) -> Request | None:
    """Approved requisitions of a warehouse become a purchase order."""
    row = choose(
        plant,
        rng,
        "inventory",
        "requisition",
        "id, supplier_id",
        "state = 'approved' AND supplier_id IS NOT NULL",
    )
    if row is None or row[1] is None:
        return None
    body = {"supplier_id": row[1], "lines": [{"requisition_id": row[0]}]}
    return Request(
        "write purchase order", "inventory", "POST", "/purchase-orders", body, {"purchase order": 1}
    )


def send_purchase_order(plant: Plant, rng: Random) -> Request | None:
    """A draft goes to the supplier."""
    row = choose(plant, rng, "inventory", "purchase_order", "id", "state = 'draft'")
    return None if row is None else Request("send", "inventory", "POST", f"/purchase-orders/{row[0]}/send")


def take_in(plant: Plant, rng: Random) -> Request | None:
    """The supplier delivers, in whole or in part."""
    row = choose(
        plant,
        rng,
        "inventory",
        "purchase_order",
        "id",
        "state IN ('sent', 'confirmed', 'partially_received')",
    )
    if row is None:
        return None
    lines = [
        {"line_id": line, "quantity": milli_text(milli)}
        | ({"lot": f"P{line[-4:]}"} if tracked else {})
        | units.fresh(plant, item, milli // 1000)
        for line, left, tracked, decimals, item in plant.rows("inventory", _OUTSTANDING, id=row[0])
        for milli in [_some(rng, left, decimals)]
    ]
    if not lines:
        return None
    return Request(
        "take in",
        "inventory",
        "POST",
        f"/purchase-orders/{row[0]}/receipts",
        {"lines": lines},
        {"document": 1},
    )


def _some(rng: Random, left: int, decimals: int) -> int:
    if rng.random() < 0.6 or left <= 1000:
        return left
    return max(1000, rng.randint(1, left // 1000) * 1000)


def end_purchase_order(plant: Plant, rng: Random) -> Request | None:
    """No more is expected of a purchase order."""
    row = choose(
        plant,
        rng,
        "inventory",
        "purchase_order",
        "id, state",
        "state IN ('draft', 'sent', 'partially_received')",
    )
    if row is None:
        return None
    verb = "close" if row[1] == "partially_received" else "cancel"
    body = {"reason": "the supplier cannot"}
    return Request(f"{verb} purchase order", "inventory", "POST", f"/purchase-orders/{row[0]}/{verb}", body)
