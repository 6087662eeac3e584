"""Units by their serials, wherever people take them in, pick, ship, send back or find them missing; and pick lists."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.choosing import choose, milli_text
from tests.simulation.plant import Plant
from tests.simulation.requests import Request

_LINES = """
    SELECT l.order_line_id, l.item_id, i.serial_tracked, SUM(l.quantity_milli), d.warehouse_id
    FROM delivery_line l JOIN delivery d ON d.id = l.delivery_id JOIN item i ON i.id = l.item_id
    WHERE l.delivery_id = :id GROUP BY 1, 2, 3, 5 ORDER BY 1
"""
_ON_LIST = """
    SELECT l.item_id, i.serial_tracked, l.lot, SUM(l.quantity_milli)
    FROM pick_list_note p JOIN delivery d ON d.id = p.delivery_id JOIN delivery_line l ON l.delivery_id = d.id
    JOIN item i ON i.id = l.item_id
    WHERE p.pick_list_id = :id AND d.state = 'ready' GROUP BY 1, 2, 3 ORDER BY 1, 3
"""
_EXPIRED = """
    SELECT l.order_line_id, l.lot, l.quantity_milli FROM delivery_line l
    JOIN delivery d ON d.id = l.delivery_id
    JOIN stock s ON s.item_id = l.item_id AND s.warehouse_id = d.warehouse_id AND s.lot = l.lot
    WHERE l.delivery_id = :id AND s.expired ORDER BY 1, 2
"""
_CAME_WITH = """
    SELECT n.serial FROM serial n JOIN serial_event e ON e.item_id = n.item_id AND e.serial = n.serial
    WHERE e.document_id = :receipt AND e.kind = 'received' AND n.state = 'in_stock'
      AND n.warehouse_id = :warehouse ORDER BY 1
"""


def is_kept_by_serial(plant: Plant, item: str) -> bool:
    """Tell whether each unit of an item bears a serial."""
    rows = plant.rows("inventory", "SELECT 1 FROM item WHERE id = :id AND serial_tracked", id=item)
    return bool(rows)


def fresh(plant: Plant, item: str, count: int) -> dict[str, Any]:
    """Return the serials of units that come in for the first time; nothing for an item that has none."""
    if count <= 0 or not is_kept_by_serial(plant, item):
        return {}
    ((known,),) = plant.rows("inventory", "SELECT COUNT(*) FROM serial")
    return {"serials": [f"E{known + 1:05}..E{known + count:05}"]}


def gone(plant: Plant, item: str, warehouse: str, count: int) -> dict[str, Any]:
    """Return the serials of units that somebody does not find; nothing for an item that has none."""
    return {"serials": _lying(plant, item, warehouse)[:count]} if is_kept_by_serial(plant, item) else {}


def _lying(plant: Plant, item: str, warehouse: str) -> list[str]:
    query = "SELECT serial FROM serial WHERE item_id = :i AND warehouse_id = :w AND state = 'in_stock'"
    return [name for (name,) in plant.rows("inventory", f"{query} ORDER BY 1", i=item, w=warehouse)]


def came_with(plant: Plant, item: str, receipt: str, warehouse: str, count: int) -> dict[str, Any]:
    """Return the serials of units of a receipt that lie there still."""
    if not is_kept_by_serial(plant, item):
        return {}
    found = plant.rows("inventory", _CAME_WITH, receipt=receipt, warehouse=warehouse)
    return {"serials": [name for (name,) in found[:count]]}


def left_with(plant: Plant, delivery: str, line: str, milli: int) -> dict[str, Any]:
    """Return the serials of so much of a line that left with a delivery; nothing where it has none."""
    query = (
        "SELECT serial FROM serial WHERE document_id = :d AND line_id = :l AND state = 'shipped' ORDER BY 1"
    )
    found = plant.rows("inventory", query, d=delivery, l=line)
    return {"serials": [name for (name,) in found[: milli // 1000]]} if found else {}


def announced(plant: Plant, return_id: str, line_no: int, outcome: str, milli: int) -> list[str]:
    """Return the serials of so much of a line of a return."""
    query = "SELECT serial FROM goods_return_serial WHERE return_id = :r AND line_no = :n AND outcome = :o ORDER BY 1"
    found = plant.rows("inventory", query, r=return_id, n=line_no, o=outcome)
    return [name for (name,) in found[: milli // 1000]]


def parts(plant: Plant, delivery: str, wanted: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """Return the lines of a note, or so much of the ``wanted`` ones, with the serials of what leaves."""
    found: list[dict[str, Any]] = []
    used: set[str] = set()
    for line, item, by_serial, milli, warehouse in plant.rows("inventory", _LINES, id=delivery):
        if wanted is not None and line not in wanted:
            continue
        quantity = milli if wanted is None else min(milli, wanted[line])
        part: dict[str, Any] = {"order_line_id": line, "quantity": milli_text(quantity)}
        if by_serial:
            picked = "SELECT serial FROM serial WHERE document_id = :d AND line_id = :l AND state = 'picked' ORDER BY 1"
            mine = [name for (name,) in plant.rows("inventory", picked, d=delivery, l=line)]
            free = [name for name in _lying(plant, item, warehouse) if name not in used]
            part["serials"] = [*mine, *free][: quantity // 1000]
            used |= set(part["serials"])
        found.append(part)
    return found


def shipment(plant: Plant, delivery: str) -> dict[str, Any]:
    """Return what to send to ship a note: its lines, if units must be named."""
    named = parts(plant, delivery)
    return {"lines": named} if any("serials" in part for part in named) else {}


def expired_parts(plant: Plant, delivery: str) -> list[dict[str, Any]]:
    """Return what a picker reports short of a note because it has expired."""
    rows = plant.rows("inventory", _EXPIRED, id=delivery)
    return [
        {"order_line_id": line, "lot": lot, "quantity": milli_text(milli), "reason": "expired"}
        for line, lot, milli in rows
    ]


def make_list(plant: Plant, rng: Random) -> Request | None:
    """Somebody sets out for several notes at once."""
    warehouses = plant.rows("inventory", "SELECT id FROM warehouse WHERE quarantine_of IS NULL ORDER BY id")
    body = {"warehouse_id": rng.choice(warehouses)[0], "most": rng.randint(1, 3)}
    return Request("make list", "inventory", "POST", "/pick-lists", body)


def walk_list(plant: Plant, rng: Random) -> Request | None:
    """All of a list is picked: scanned or not, and now and then something is not there."""
    row = choose(plant, rng, "inventory", "pick_list", "id, warehouse_id", "state = 'open'")
    if row is None:
        return None
    lines = plant.rows("inventory", _ON_LIST, id=row[0])
    body: dict[str, Any] = {}
    short = rng.choice(lines) if lines and rng.random() < 0.25 else None
    if short is not None:
        item, by_serial, lot, _ = short
        lack = {"item_id": item, "quantity": "1", "reason": "not_found"} | ({"lot": lot} if lot else {})
        body["short"] = [lack | ({"serials": _lying(plant, item, row[1])[-1:]} if by_serial else {})]
    if rng.random() < 0.6:
        body["serials"] = [
            {"item_id": item, "serials": _lying(plant, item, row[1])[: milli // 1000 - (line == short)]}
            for line in lines
            for item, by_serial, _, milli in [line]
            if by_serial and milli // 1000 > (line == short)
        ]
    return Request("walk list", "inventory", "POST", f"/pick-lists/{row[0]}/pick", body)


def give_up_list(plant: Plant, rng: Random) -> Request | None:
    """Somebody gives a list up."""
    row = choose(plant, rng, "inventory", "pick_list", "id", "state = 'open'")
    if row is None:
        return None
    return Request("give up list", "inventory", "POST", f"/pick-lists/{row[0]}/cancel")
