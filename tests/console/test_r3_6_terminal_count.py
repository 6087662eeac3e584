"""R3.6: shelves are counted by scan, blind, and what differs is counted twice before it is booked."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.person import Person
from tests.console.screens import settled
from tests.console.terminal import scan
from tests.console.warehouse_work import a_count
from tests.e2e.test_serials import bought, tracked_item
from tests.e2e.test_units import units
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r3_6_a_count_is_opened_scanned_twice_where_it_differs_and_closed(
    person: Enter, world: World
) -> None:
    item = world.item(stock="3")
    wim = person("wim")
    page = wim.go("/warehouse/counts")
    wim.press("Open a count")
    wim.choose(page.get_by_role("combobox", name="Item"), item["sku"])
    wim.press("Begin counting")
    page.wait_for_url("**/warehouse/counts/*-*")
    bar, row = page.locator(".scan p"), page.locator("tbody tr").filter(has_text=item["sku"])
    close = page.get_by_role("button", name="Close the count")
    expect(bar).to_be_visible()
    settled(page)
    scan(page, "SOMETHING")
    expect(bar).to_contain_text("SOMETHING is not on the sheet.")
    for state in ("Count again", "Counted"):
        expect(close).to_be_disabled()
        for count in ("1", "2"):
            scan(page, item["sku"])
            expect(bar).to_have_text(f"{item['sku']}: {count} found")
        wim.press("Enter what was found")
        expect(row).to_contain_text(state)
    close.click()
    wim.sees("its differences are booked")
    expect(row).to_contain_text("-1")
    (here,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert here["on_hand"] == "2"


def test_r3_6_units_are_counted_by_serial_and_what_is_not_listed_is_added(
    person: Enter, world: World
) -> None:
    item, other, names = tracked_item(world, "serial"), world.item(stock="2"), units(world, 2)
    bought(world, item, "2", f"{names[0]}..{names[1]}")
    sheet = a_count(world, item)
    wim = person("wim", phone=True)
    page = wim.go(f"/warehouse/counts/{sheet['id']}")
    expect(page.get_by_label(f"Serials of {item['sku']}")).to_be_visible()
    scan(page, item["sku"])
    for serial, says in ((names[0], "1 found"), (names[0], "scanned before"), (names[1], "2 found")):
        scan(page, serial)
        expect(page.locator(".scan p")).to_contain_text(says)
    wim.choose(page.get_by_role("combobox", name="Item"), other["sku"])
    wim.press("Add")
    page.get_by_label(f"Now {other['sku']}").fill("2")
    wim.press("Enter what was found")
    wim.sees("Entered.")
    expect(page.locator("tbody tr").filter(has_text="Counted")).to_have_count(2)
    lines = world.system["wim"].get(f"/stock-counts/{sheet['id']}")["lines"]
    assert [(line["sku"], line["counted"], line["progress"]) for line in lines] == [
        (item["sku"], "2", "counted"),
        (other["sku"], "2", "counted"),
    ]
