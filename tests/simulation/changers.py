"""Those who change their minds: more, less, cheaper, something else, another day, and back again."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.choosing import choose, milli_text, usd
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

_LINES = """
    SELECT l.line_no, l.quantity_milli, i.decimals FROM sales_order_line l JOIN item i ON i.id = l.item_id
    WHERE l.order_id = :id ORDER BY l.line_no
"""


def change_order(plant: Plant, rng: Random) -> Request | None:
    """Somebody changes a confirmed order, at any time, also while its goods leave or it is cancelled."""
    row = choose(plant, rng, "sales", "sales_order", "id", "state IN ('confirmed', 'processing')")
    if row is None:
        return None
    body: dict[str, Any] = {"reason": "changed their mind", "may_wait": rng.random() < 0.7}
    lines = plant.rows("sales", _LINES, id=row[0])
    if lines:
        body["lines"] = [_line(rng, *rng.choice(lines))]
    if rng.random() < 0.25:
        items = plant.rows("sales", "SELECT id FROM item WHERE active ORDER BY id")
        if items:
            body["added"] = [{"item_id": rng.choice(items)[0], "quantity": str(rng.randint(1, 4))}]
    if rng.random() < 0.1:
        body["promised_on"] = f"2026-0{rng.randint(5, 9)}-01"
    path = f"/orders/{row[0]}/changes"
    return Request("change", "sales", "POST", path, body, {"change": 1})


def _line(rng: Random, line_no: int, quantity: int, decimals: int) -> dict[str, Any]:
    what = rng.choices(("more", "less", "none", "price", "discount", "reprice"), (4, 5, 1, 2, 2, 1))[0]
    step = 1000 if not decimals else 10
    if what == "more":
        return {"line_no": line_no, "quantity": milli_text(quantity + step * rng.randint(1, 5))}
    if what == "less":
        return {"line_no": line_no, "quantity": milli_text(max(step, quantity - step * rng.randint(1, 3)))}
    if what == "price":
        return {"line_no": line_no, "unit_price": usd(rng.randint(1, 6000))}
    if what == "discount":
        return {"line_no": line_no, "discount_percent": f"{rng.randint(0, 40)}.{rng.randint(0, 99):02d}"}
    return {"line_no": line_no, "remove" if what == "none" else "reprice": True}


def withdraw_change(plant: Plant, rng: Random) -> Request | None:
    """Somebody takes a change back."""
    row = choose(
        plant, rng, "sales", "order_change", "order_id, no", "state IN ('pending_approval', 'checking')"
    )
    if row is None:
        return None
    path = f"/orders/{row[0]}/changes/{row[1]}/withdraw"
    return Request("withdraw change", "sales", "POST", path, {"comment": "not any more"})
