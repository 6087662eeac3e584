"""R3.6: picking by a scanner that types like a keyboard, wherever the focus is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.console.person import Person
from tests.console.terminal import scan
from tests.e2e.test_serials import bought, tracked_item
from tests.e2e.test_units import units
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r3_6_what_is_scanned_is_picked_and_nothing_else(person: Enter, world: World) -> None:
    item, other = world.item(stock="5"), world.item()
    order = world.order(world.customer(), (item, "2"))
    note = world.delivery(order)
    wim = person("wim", phone=True)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    bar, now = page.locator(".scan p"), page.get_by_label(f"Now {item['sku']}")
    expect(now).to_have_value("2")

    scan(page, other["sku"])
    expect(bar).to_have_text(f"{other['sku']} is not on this note.")
    expect(now).to_have_value("0")
    page.get_by_role("button", name="Take everything as listed").focus()
    scan(page, item["sku"].lower())
    expect(bar).to_have_text(f"{item['sku']}: 1 of 2")
    expect(now).to_have_value("1")
    page.reload()
    expect(now).to_have_value("1")
    for said in (f"{item['sku']}: 2 of 2", f"All of {item['sku']} is there already."):
        scan(page, item["sku"])
        expect(bar).to_have_text(said)
    wim.press("Picked")
    wim.sees("Picked.")
    assert world.delivery(order)["lines"][0]["quantity"] == "2"


def test_r3_6_a_scan_into_a_field_is_the_fields(person: Enter, world: World) -> None:
    item = world.item(stock="5")
    note = world.delivery(world.order(world.customer(), (item, "2")))
    page = person("wim").go(f"/warehouse/deliveries/{note['id']}")
    tracking = page.get_by_label("Tracking number")
    tracking.focus()
    page.keyboard.type(item["sku"])
    page.keyboard.press("Enter")

    expect(tracking).to_have_value(item["sku"])
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("2")


def test_r3_6_a_scan_waits_until_it_is_known_how_the_item_is_kept(person: Enter, world: World) -> None:
    item, names = tracked_item(world, "serial"), units(world, 1)
    bought(world, item, "1", names[0])
    note = world.delivery(world.order(world.customer(), (item, "1")))
    wim = person("wim")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    wim.page.route(f"**/api/v1/items/{item['id']}", hold)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    bar = page.locator(".scan p")
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("1")
    for code in (item["sku"], names[0]):
        scan(page, code)
    expect(bar).to_have_text("Scan an item, a lot or a serial")
    for route in held:
        route.continue_()
    expect(bar).to_have_text(f"{item['sku']}: 1 of 1")
    expect(page.get_by_label(f"Serials of {item['sku']}")).to_have_value(names[0])


def test_r3_6_a_unit_is_taken_by_its_serial(person: Enter, world: World) -> None:
    item, names = tracked_item(world, "serial"), units(world, 2)
    bought(world, item, "2", f"{names[0]}..{names[1]}")
    order = world.order(world.customer(), (item, "1"))
    note = world.delivery(order)
    wim = person("wim")
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    expect(page.get_by_label(f"Serials of {item['sku']}")).to_be_visible()
    scan(page, names[1])
    expect(page.locator(".scan p")).to_have_text(f"{item['sku']}: 1 of 1")
    wim.press("Picked")
    wim.sees("Picked.")
    assert world.delivery(order)["lines"][0]["serials"] == [names[1]]
