"""Units by their serials on pick lists, and on their way back to the supplier; through the gateway, in both modes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.demo.gateway import ActFailed
from meridian.demo.people import wait_for
from tests.e2e.test_serials import bought, tracked_item
from tests.e2e.world import World


def units(world: World, count: int) -> list[str]:
    """Return the serials of so many new units."""
    stem = world.name("SN").replace("-", "")
    return [f"{stem}{number:03}" for number in range(1, count + 1)]


def test_r3_6_one_way_through_the_shelves_takes_units_for_several_notes_by_their_serials(
    world: World,
) -> None:
    wim, item, names = world.system["wim"], tracked_item(world, "serial"), units(world, 5)
    bought(world, item, "5", f"{names[0]}..{names[4]}")
    orders = [world.order(world.customer(), (item, quantity)) for quantity in ("2", "1")]
    notes = [world.delivery(order) for order in orders]
    body = {"warehouse_id": notes[0]["warehouse_id"], "delivery_ids": [note["id"] for note in notes]}
    listed = wim.post("/pick-lists", body, key=world.name("list"))
    (line,) = listed["lines"]
    assert (line["tracking"], line["quantity"]) == ("serial", "3")

    path = f"/pick-lists/{listed['id']}/pick"
    scanned = {"item_id": item["id"], "serials": [names[1], names[3]]}
    with pytest.raises(ActFailed) as too_few:
        wim.post(path, {"serials": [scanned]}, key=world.name("pick"))
    assert too_few.value.status == 422
    missing = {"item_id": item["id"], "quantity": "1", "reason": "not_found", "serials": [names[0]]}
    picked = wim.post(path, {"serials": [scanned], "short": [missing]}, key=world.name("pick"))
    (line,) = picked["lines"]
    assert [(each["number"], each["serials"]) for each in line["notes"]] == [
        (notes[0]["number"], [names[1], names[3]])
    ]
    assert wim.get(f"/items/{item['id']}/serials/{names[0]}")["state"] == "lost"
    world.ship(notes[0])
    world.until(orders[0], "the shipment", delivery_status="full")

    def another() -> Any:
        found = wim.every("/deliveries", order_id=orders[1]["id"])
        return next((each for each in found if each["state"] == "ready"), None)

    served = wait_for(another, "another note of the order that went without")
    part = {"order_line_id": served["lines"][0]["order_line_id"], "quantity": "1", "serials": [names[2]]}
    world.ship(served, [part])
    world.until(orders[1], "the shipment", delivery_status="full")


def test_r4_5_a_unit_goes_back_to_its_supplier_by_its_serial(world: World) -> None:
    wim, fay, item, names = (
        world.system["wim"],
        world.system["fay"],
        tracked_item(world, "serial"),
        units(world, 3),
    )
    receipt = bought(world, item, "3", f"{names[0]}..{names[2]}")
    order_id = receipt["id"]
    (part,) = wim.get(f"/returnable-receipts?purchase_order_id={order_id}")["items"]
    assert part["serials"] == names
    line = {"receipt_id": part["receipt_id"], "position": part["position"], "quantity": "1"}
    asking = {"purchase_order_id": order_id, "warehouse_id": receipt["warehouse_id"], "reason": "It leaks"}
    with pytest.raises(ActFailed) as nameless:
        wim.post("/supplier-returns", asking | {"lines": [line]}, key=world.name("back"))
    assert nameless.value.status == 422
    named = asking | {"lines": [line | {"serials": [names[1]]}]}
    asked = wim.post("/supplier-returns", named, key=world.name("back"))
    with pytest.raises(ActFailed) as twice:
        wim.post("/supplier-returns", named, key=world.name("back"))
    assert twice.value.status == 409
    fay.post(f"/supplier-returns/{asked['id']}/approve", {}, key=world.name("yes"))
    sent = wim.post(f"/supplier-returns/{asked['id']}/ship", {}, key=world.name("ship"))
    assert (sent["state"], sent["lines"][0]["serials"]) == ("shipped", [names[1]])
    trace = wim.get(f"/items/{item['id']}/serials/{names[1]}")
    assert (trace["state"], trace["trace"][-1]["reference"]) == ("sent_back", asked["number"])
    entries = f"/journal-entries?kind=supplier_return&document_id={asked['id']}"
    wait_for(lambda: fay.get(entries)["items"], "what went back in finance")


def test_r3_6_a_lot_that_does_not_last_long_enough_leaves_only_by_a_word(world: World) -> None:
    wim, mia, item, customer = (
        world.system["wim"],
        world.system["mia"],
        tracked_item(world, "lot"),
        world.customer(),
    )
    (main,) = wim.every("/warehouses", is_default="true")
    for lot, days in (("SOON", 5), ("LATE", 90)):
        line = {"item_id": item["id"], "quantity": "2", "lot": lot}
        line["expires_on"] = str(world.system.today + timedelta(days=days))
        wim.post("/receipts", {"warehouse_id": main["id"], "lines": [line]}, key=world.name("receipt"))
    rule = {"item_id": item["id"], "customer_id": customer["id"], "days": 30}
    with pytest.raises(ActFailed) as forbidden:
        wim.put("/shelf-life-rules", rule)
    assert forbidden.value.status == 403

    def ruled() -> Any:
        try:
            return mia.put("/shelf-life-rules", rule)
        except ActFailed:
            return None

    wait_for(ruled, "inventory's replica of the customer")
    seen = wim.get(f"/items/{item['id']}/availability?customer_id={customer['id']}&quantity=3")
    assert (seen["free"], seen["customer_days"], seen["short_dated"]) == ("4", 30, "2")
    assert (seen["usable_for_customer"], seen["promised_on"]) == ("2", None)

    first, second = (world.delivery(world.order(customer, (item, "2"))) for _ in range(2))
    assert [line["lot"] for note in (first, second) for line in note["lines"]] == ["LATE", "SOON"]
    world.ship(first)
    with pytest.raises(ActFailed) as short:
        world.ship(second)
    assert short.value.status == 409
    word = {"item_id": item["id"], "lot": "SOON", "reason": "They use it at once"}
    path = f"/deliveries/{second['id']}/short-dated"
    with pytest.raises(ActFailed) as not_his:
        wim.post(path, word, key=world.name("word"))
    assert not_his.value.status == 403
    (allowed,) = mia.post(path, word, key=world.name("word"))["items"]
    assert (allowed["lot"], allowed["delivery_id"]) == ("SOON", second["id"])
    world.ship(second)


def test_r6_1_the_audit_finds_nothing_after_units_on_lists_and_on_their_way_back(world: World) -> None:
    with world.system.target.opened() as databases:
        report = audit(databases, now=SystemClock().now())
    assert report.violations == 0, report.as_text()
