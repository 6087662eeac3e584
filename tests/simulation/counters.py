"""Those who count: a sheet is opened, counted twice where it differs, closed, decided on, or given up."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.choosing import choose, milli_text
from tests.simulation.plant import Plant
from tests.simulation.requests import Request
from tests.simulation.units import is_kept_by_serial

_SHEET = """
    SELECT l.line_no, l.item_id, l.warehouse_id, COALESCE(s.on_hand_milli, 0)
    FROM stock_count_line l
    LEFT JOIN stock s ON s.item_id = l.item_id AND s.warehouse_id = l.warehouse_id AND s.lot = l.lot
    WHERE l.count_id = :id ORDER BY 1
"""
_HERE = """
    SELECT serial FROM serial WHERE item_id = :i AND warehouse_id = :w AND state IN ('in_stock', 'picked')
    ORDER BY 1
"""


def open_sheet(plant: Plant, rng: Random) -> Request | None:
    """Somebody is sent to count an item or two of a warehouse."""
    place = choose(plant, rng, "inventory", "warehouse", "id", "quarantine_of IS NULL")
    items = [item for (item,) in plant.rows("inventory", "SELECT id FROM item ORDER BY 1")]
    if place is None:
        return None
    body = {"warehouse_id": place[0], "item_ids": rng.sample(items, rng.randint(1, 2))}
    return Request("open count", "inventory", "POST", "/stock-counts", body, {"stock count": 1})


def enter(plant: Plant, rng: Random) -> Request | None:
    """Somebody writes down what lies there: as the books say, or a unit more or less, the same at a second look."""
    row = choose(plant, rng, "inventory", "stock_count", "id", "state = 'counting'")
    if row is None:
        return None
    lines = [_found(plant, row[0], *line) for line in plant.rows("inventory", _SHEET, id=row[0])]
    return Request("count", "inventory", "POST", f"/stock-counts/{row[0]}/counted", {"lines": lines})


def _found(plant: Plant, count: str, line_no: int, item: str, warehouse: str, books: int) -> dict[str, Any]:
    """Return what is found of a line; what differs does so for the whole count, whoever looks."""
    wrong = Random(f"{count} {line_no}").choice((0, 0, 0, -1, 1))
    if not is_kept_by_serial(plant, item):
        return {"line_no": line_no, "quantity": milli_text(max(books + 1000 * wrong, 0))}
    here = [name for (name,) in plant.rows("inventory", _HERE, i=item, w=warehouse)]
    names = here[1:] if wrong < 0 else [*here, *([f"F{count[-6:]}{line_no}"] if wrong > 0 else [])]
    return {"line_no": line_no, "quantity": str(len(names)), "serials": names}


def close(plant: Plant, rng: Random) -> Request | None:
    """Who counted says that it is done: the differences are booked, or wait for somebody else's yes."""
    row = choose(plant, rng, "inventory", "stock_count", "id", "state = 'counting'")
    return (
        None if row is None else Request("close count", "inventory", "POST", f"/stock-counts/{row[0]}/close")
    )


def decide(plant: Plant, rng: Random) -> Request | None:
    """Somebody believes the differences or does not; now and then who counted tries himself."""
    row = choose(plant, rng, "inventory", "stock_count", "id", "state = 'pending_approval'")
    if row is None:
        return None
    body = {"decision": rng.choices(("approve", "reject"), (4, 1))[0], "comment": "looked at myself"}
    path = f"/stock-counts/{row[0]}/decide"
    return Request("decide on count", "inventory", "POST", path, body, second=rng.random() < 0.85)


def give_up(plant: Plant, rng: Random) -> Request | None:
    """Somebody gives a count up."""
    row = choose(plant, rng, "inventory", "stock_count", "id", "state IN ('counting', 'pending_approval')")
    if row is None:
        return None
    body = {"reason": "the truck is here"}
    return Request("give up count", "inventory", "POST", f"/stock-counts/{row[0]}/cancel", body)
