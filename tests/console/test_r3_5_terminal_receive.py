"""R3.5, R7.4: a purchase order is received at the gate by scan, with a connection and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import PATIENCE_MS, Person
from tests.console.terminal import kept_offline, scan
from tests.console.warehouse_work import a_purchase
from tests.e2e.test_serials import tracked_item
from tests.e2e.test_units import units
from tests.e2e.world import World

Enter = Callable[..., Person]


def _now(world: World, order: Any) -> Any:
    return world.system["wim"].get(f"/purchase-orders/{order['id']}")


def test_r3_5_what_came_is_scanned_and_received_once_when_the_connection_is_back(
    person: Enter, world: World
) -> None:
    item = world.item()
    order = a_purchase(world, item, "5")
    wim = person("wim", phone=True, installed=True)
    page = wim.go("/warehouse/purchases")
    kept_offline(page)
    scan(page, order["number"])
    now, bar = page.get_by_label(f"Now {item['sku']}"), page.locator(".scan p")
    expect(now).to_have_value("5")

    wim.context.set_offline(True)
    scan(page, "NOT-ORDERED")
    expect(bar).to_have_text("NOT-ORDERED is not on this order.")
    for count in ("1", "2"):
        scan(page, item["sku"])
        expect(bar).to_have_text(f"{item['sku']}: {count} of 5")
    wim.press("Book the receipt")
    wim.sees("Kept on this device and not sent yet")
    expect(page.locator("tbody")).to_contain_text("2")
    expect(now).to_have_value("3")
    page.reload()
    expect(page.locator("main#content h1")).to_contain_text(order["number"], timeout=PATIENCE_MS)
    assert _now(world, order)["state"] == "sent"

    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_count(0, timeout=PATIENCE_MS)
    after = _now(world, order)
    assert (after["state"], after["lines"][0]["received"], len(after["receipts"])) == (
        "partially_received",
        "2",
        1,
    )


def test_r3_5_units_that_come_in_are_named_by_scan(person: Enter, world: World) -> None:
    item, (first, second) = tracked_item(world, "serial"), units(world, 2)
    order = a_purchase(world, item, "2")
    wim = person("wim")
    page = wim.go(f"/warehouse/purchases/{order['id']}")
    expect(page.get_by_label(f"Serials of {item['sku']}")).to_be_visible()
    for count, serial in (("1", first), ("2", second)):
        scan(page, item["sku"])
        expect(page.locator(".scan p")).to_have_text(f"{item['sku']}: now scan its serial")
        scan(page, serial)
        expect(page.locator(".scan p")).to_have_text(f"{item['sku']}: {count} of 2")
    wim.press("Book the receipt")
    wim.sees("The receipt is booked.")
    assert _now(world, order)["state"] == "received"
    assert {each["serial"] for each in world.system["sid"].every("/serials", item_id=item["id"])} == {
        first,
        second,
    }


def test_r3_5_a_lot_is_scanned_after_its_item(person: Enter, world: World) -> None:
    item, lot = tracked_item(world, "lot"), world.name("LOT")
    order = a_purchase(world, item, "2")
    wim = person("wim")
    page = wim.go(f"/warehouse/purchases/{order['id']}")
    expect(page.get_by_label(f"Lot of {item['sku']}")).to_be_visible()
    scan(page, item["sku"])
    expect(page.locator(".scan p")).to_have_text(f"{item['sku']}: now scan its lot")
    scan(page, lot)
    scan(page, "ANOTHER-LOT")
    expect(page.locator(".scan p")).to_have_text(f"Book lot {lot} first.")
    scan(page, item["sku"])
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("2")
    wim.press("Book the receipt")
    wim.sees("The receipt is booked.")
    (here,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert (here["lot"], here["on_hand"]) == (lot, "2")
