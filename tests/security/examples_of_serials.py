"""A valid request of every operation about units by their serials, and of those that name serials beside others."""

from __future__ import annotations

from typing import Any

from meridian.demo.people import wait_for
from tests.e2e.world import usd
from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf


def _item(shelf: Shelf) -> Example:
    body = {"sku": shelf.named("SKU"), "name": "Pump", "category": "Pumps", "uom": "pcs", "decimals": 0}
    return Example(body=body | {"lot_tracked": False, "tracking": "serial", "active": True, "fields": {}})


def _unit_item(shelf: Shelf) -> Any:
    """An item that is kept by serial number, with a price."""
    sku = shelf.named("UNIT")
    body = {"sku": sku, "name": "Pump", "uom": "pcs", "decimals": 0, "tracking": "serial"}
    item = shelf.post("admin", "/items", body)
    line = {"item_id": item["id"], "min_quantity": "1", "unit_price": usd("10.00")}
    policy = {"name": f"List {sku}", "currency": "USD", "lines": [line]}
    wait_for(lambda: shelf.world._priced(policy, sku), "sales' replica of the item")
    return item


def _line(item: Any, *serials: str) -> dict[str, Any]:
    unit = {"item_id": item["id"], "quantity": str(len(serials)), "lot": None, "unit_cost": usd("4.00")}
    return unit | {"serials": list(serials)}


def _unit(shelf: Shelf, count: int = 1) -> tuple[Any, list[str]]:
    """Units in stock at the main warehouse."""
    item, names = _unit_item(shelf), [shelf.named("SN") for _ in range(count)]
    shelf.post("wim", "/receipts", {"warehouse_id": shelf.warehouse_id, "lines": [_line(item, *names)]})
    return item, names


def _receipt(shelf: Shelf) -> Example:
    line = _line(_unit_item(shelf), shelf.named("SN")) | {"expires_on": None}
    today = str(shelf.quotation["issued_on"])
    body = {"warehouse_id": shelf.warehouse_id, "received_on": today, "reference": "R 1", "lines": [line]}
    return Example(body=body)


def _opening(shelf: Shelf) -> Example:
    line = _line(_unit_item(shelf), shelf.named("SN")) | {"expires_on": None}
    return Example(body={"warehouse_id": shelf.warehouse_id, "lines": [line]})


def _adjustment(shelf: Shelf) -> Example:
    today = str(shelf.quotation["issued_on"])
    body = {"warehouse_id": shelf.warehouse_id, "adjusted_on": today, "reason": "Counted"}
    return Example(body=body | {"lines": [_line(_unit_item(shelf), shelf.named("SN"))]})


def _note(shelf: Shelf) -> tuple[Any, list[dict[str, Any]]]:
    """A delivery note of two units that is ready, and a part of it that names each."""
    item, names = _unit(shelf, 2)
    order = shelf.world.order(shelf.customer, (item, "2"), seller=shelf.owner)
    note = shelf.world.delivery(order)
    part = {"order_line_id": note["lines"][0]["order_line_id"], "quantity": "1"}
    return note, [part | {"serials": [name]} for name in names]


def _pick(shelf: Shelf) -> Example:
    note, (taken, missing) = _note(shelf)
    short = missing | {"lot": None, "reason": "damaged", "note": "Wet"}
    body = {"lines": [taken | {"lot": None, "reason": None}], "short": [short]}
    return Example({"delivery_id": note["id"]}, body)


def _picked_list(shelf: Shelf) -> Example:
    note, (taken, missing) = _note(shelf)
    made = shelf.post(
        "wim", "/pick-lists", {"warehouse_id": note["warehouse_id"], "delivery_ids": [note["id"]]}
    )
    of = {"item_id": note["lines"][0]["item_id"]}
    short = of | {"quantity": "1", "reason": "damaged", "lot": None, "note": "Wet"}
    scanned = of | {"serials": taken["serials"], "delivery_id": note["id"]}
    body = {"short": [short | {"serials": missing["serials"]}], "serials": [scanned]}
    return Example({"pick_list_id": made["id"]}, body)


def _shipment(shelf: Shelf) -> Example:
    note, (part, _) = _note(shelf)
    today = str(shelf.quotation["issued_on"])
    with_whom = {"carrier": shelf.carrier["code"], "tracking_numbers": [shelf.named("T")]}
    return Example({"delivery_id": note["id"]}, {"shipped_on": today, "lines": [part]} | with_whom)


def _sent(shelf: Shelf) -> Example:
    item, names = _unit(shelf)
    line = {"item_id": item["id"], "quantity": "1", "lot": None}
    body = {"from_id": shelf.warehouse_id, "to_id": shelf.other_warehouse_id, "lines": [line]}
    made = shelf.post("wim", "/transfers", body)
    today = str(shelf.quotation["issued_on"])
    named = {"shipped_on": today, "lines": [{"line_no": 1, "serials": names}]}
    return Example({"transfer_id": made["id"]}, named)


def _counted(shelf: Shelf) -> Example:
    item, names = _unit(shelf)
    body = {"warehouse_id": shelf.warehouse_id, "item_ids": [item["id"]]}
    count = shelf.post("wim", "/stock-counts", body)
    line = {"line_no": 1, "item_id": None, "lot": None, "quantity": "1", "serials": names}
    return Example({"count_id": count["id"]}, {"lines": [line]})


def _report(shelf: Shelf) -> Example:
    order = shelf.fresh_production_order("running")
    body = {"finished": "2", "scrapped": "1", "reason": "Burr", "lot": None, "expires_on": None}
    used = shelf.line("3") | {"lot": None, "serials": []}
    today = str(shelf.quotation["issued_on"])
    more = {"serials": [], "reported_on": today, "consumed": [used]}
    return Example({"production_order_id": order["id"]}, body | more)


def _settlement(shelf: Shelf) -> Example:
    body = {"found": "1", "answer": "Behind the door", "serials": []}
    return Example({"discrepancy_id": shelf.fresh_discrepancy()["id"]}, body)


def _traced(shelf: Shelf) -> Example:
    item, names = _unit(shelf)
    return Example({"item_id": item["id"], "serial": names[0]})


SERIALS: dict[str, Make] = {
    "GET /api/v1/serials": listing,
    "GET /api/v1/items/{item_id}/serials/{serial}": _traced,
    "POST /api/v1/items": _item,
    "POST /api/v1/receipts": _receipt,
    "POST /api/v1/opening-stock": _opening,
    "POST /api/v1/stock-adjustments": _adjustment,
    "POST /api/v1/deliveries/{delivery_id}/pick": _pick,
    "POST /api/v1/deliveries/{delivery_id}/ship": _shipment,
    "POST /api/v1/pick-lists/{pick_list_id}/pick": _picked_list,
    "POST /api/v1/transfers/{transfer_id}/ship": _sent,
    "POST /api/v1/stock-counts/{count_id}/counted": _counted,
    "POST /api/v1/production-orders/{production_order_id}/reports": _report,
    "POST /api/v1/stock-discrepancies/{discrepancy_id}/settle": _settlement,
}
