"""What follows a shipment: goods come back and are looked at, and a part of an invoice is taken back."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation import units
from tests.simulation.choosing import choose, milli_text, usd
from tests.simulation.plant import Plant
from tests.simulation.requests import Request


def sign(plant: Plant, rng: Random) -> Request | None:
    """The customer signs for a delivery, and now and then refuses a part of it at the door."""
    row = choose(plant, rng, "inventory", "delivery", "id", "state = 'shipped'")
    if row is None:
        return None
    body: dict[str, Any] = {"signed_by": "Li Wei"}
    refuses = rng.random() < 0.4
    if refuses:
        body["refused"] = [_some_of(plant, rng, row[0])]
    path = f"/deliveries/{row[0]}/deliver"
    return Request("sign", "inventory", "POST", path, body, {"return": 1} if refuses else {})


def ask_return(plant: Plant, rng: Random) -> Request | None:
    """A customer wants to send something back."""
    row = choose(plant, rng, "inventory", "delivery", "id", "state = 'shipped'")
    if row is None:
        return None
    body = {"delivery_id": row[0], "reason": "does not fit", "lines": [_some_of(plant, rng, row[0])]}
    return Request("ask return", "inventory", "POST", "/returns", body, {"return": 1})


def _some_of(plant: Plant, rng: Random, delivery: str) -> dict[str, Any]:
    """Return a part of a line of a delivery."""
    parts = plant.rows(
        "inventory",
        "SELECT order_line_id, lot, quantity_milli FROM delivery_line WHERE delivery_id = :id ORDER BY 1, 2",
        id=delivery,
    )
    line, lot, milli = rng.choice(parts)
    quantity = _part(rng, milli)
    back: dict[str, Any] = {"order_line_id": line, "quantity": milli_text(quantity)}
    return back | ({"lot": lot} if lot else {}) | units.left_with(plant, delivery, line, quantity)


def _part(rng: Random, milli: int) -> int:
    return rng.randint(1, max(1, milli // 1000)) * 1000 if milli > 1000 else milli


def answer_return(plant: Plant, rng: Random) -> Request | None:
    """Somebody says yes or no to a return, or the customer keeps the goods after all."""
    row = choose(plant, rng, "inventory", "goods_return", "id", "state = 'requested'")
    if row is None:
        return None
    verb = rng.choices(("approve", "reject", "cancel"), (8, 1, 1))[0]
    return Request(
        f"{verb} return", "inventory", "POST", f"/returns/{row[0]}/{verb}", {"answer": "as agreed"}
    )


def receive_return(plant: Plant, rng: Random) -> Request | None:
    """Returned goods arrive, perhaps not all of them."""
    row = choose(plant, rng, "inventory", "goods_return", "id", "state = 'approved'")
    if row is None:
        return None
    (warehouse,) = rng.choice(
        plant.rows("inventory", "SELECT id FROM warehouse WHERE quarantine_of IS NULL ORDER BY id")
    )
    body: dict[str, Any] = {"warehouse_id": warehouse}
    if rng.random() < 0.3:
        line, milli = rng.choice(_lines(plant, row[0], "quantity_milli"))
        came = rng.randint(0, milli // 1000) * 1000
        names = units.announced(plant, row[0], line, "expected", came)
        part = {"line_no": line, "quantity": milli_text(came)}
        body["lines"] = [part | ({"serials": names} if names else {})]
    return Request("receive return", "inventory", "POST", f"/returns/{row[0]}/receive", body)


def inspect_return(plant: Plant, rng: Random) -> Request | None:
    """What came back is put on the shelf again, or thrown away."""
    row = choose(plant, rng, "inventory", "goods_return", "id", "state = 'received'")
    if row is None:
        return None
    inspected: list[dict[str, Any]] = []
    for line, milli in _lines(plant, row[0], "received_milli"):
        restock = milli if rng.random() < 0.6 else rng.randint(0, milli // 1000) * 1000
        restock = min(restock, milli)
        inspected.append(
            {
                "line_no": line,
                "restock": milli_text(restock),
                "scrap": milli_text(milli - restock),
                "credit": rng.random() < 0.9,
            }
        )
        names = units.announced(plant, row[0], line, "in_quarantine", milli - restock)
        if names:
            inspected[-1]["scrap_serials"] = names
    return Request("inspect return", "inventory", "POST", f"/returns/{row[0]}/inspect", {"lines": inspected})


def _lines(plant: Plant, return_id: str, column: str) -> list[tuple[Any, ...]]:
    return plant.rows(
        "inventory",
        f"SELECT line_no, {column} FROM goods_return_line WHERE return_id = :id ORDER BY 1",
        id=return_id,
    )


def lower_price(plant: Plant, rng: Random) -> Request | None:
    """Finance takes a part of an invoice back: fewer goods, or a lower price."""
    row = choose(plant, rng, "finance", "invoice", "id", "1 = 1")
    if row is None:
        return None
    lines = plant.rows(
        "finance",
        "SELECT line_no, quantity_milli, amount_minor FROM invoice_line WHERE invoice_id = :id ORDER BY 1",
        id=row[0],
    )
    line, milli, minor = rng.choice(lines)
    taken: dict[str, Any] = (
        {"amount": usd(rng.randint(1, max(1, minor)))}
        if rng.random() < 0.5
        else {"quantity": milli_text(_part(rng, milli))}
    )
    body = {"invoice_id": row[0], "reason": "damaged", "lines": [{"line_no": line, **taken}]}
    return Request("credit", "finance", "POST", "/credit-notes", body, {"credit note": 1})


def allocate_credit(plant: Plant, rng: Random) -> Request | None:
    """What is left of a credit note settles another invoice."""
    row = choose(
        plant, rng, "finance", "credit_note", "id, customer_id, unallocated_minor", "unallocated_minor > 0"
    )
    if row is None:
        return None
    note, customer, left = row
    open_ = plant.rows(
        "finance",
        "SELECT id, open_minor FROM invoice WHERE customer_id = :c AND open_minor > 0 ORDER BY 1",
        c=customer,
    )
    if not open_:
        return None
    invoice, due = rng.choice(open_)
    body = {"invoice_id": invoice, "amount": usd(max(1, min(left, due)))}
    return Request("allocate credit", "finance", "POST", f"/credit-notes/{note}/allocations", body)
