"""R3.6: a picked note is packed by scan, what does not fit is left out for a reason, and it leaves in parts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.person import Person
from tests.console.terminal import scan
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r3_6_a_note_is_packed_in_packages_and_what_is_left_out_follows(person: Enter, world: World) -> None:
    item = world.item(stock="5")
    order = world.order(world.customer(), (item, "3"))
    note = world.delivery(order)
    wim = person("wim", phone=True)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    wim.press("Picked")
    wim.sees("Picked.")
    wim.press("Pack")
    bar = page.locator(".scan p")
    expect(page.get_by_label(f"{item['sku']} in package 1")).to_have_value("3")
    scan(page, item["sku"])
    expect(bar).to_have_text(f"{item['sku']}: into package 1, 2 left")
    wim.press("Another package")
    scan(page, item["sku"])
    expect(bar).to_have_text(f"{item['sku']}: into package 2, 1 left")
    page.get_by_label("Weight, g 1").fill("1200")
    pack = page.get_by_role("button", name="Pack", exact=True)
    expect(pack).to_be_disabled()
    page.get_by_label(f"Why {item['sku']} is left out").fill("Box is full")
    pack.click()
    expect(page.locator(".page-head .tag")).to_have_text("Packed")
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_count(0)
    wim.press("Ship everything")
    wim.sees("Shipped.")
    (name,) = [each["name"] for each in world.system["admin"].every("/users") if each["username"] == "wim"]
    packed = page.locator("[data-packages] li")
    expect(packed).to_have_count(2)
    expect(packed.first).to_contain_text("1,200 g")
    expect(packed.first).to_contain_text(name)

    done = world.system["wim"].get(f"/deliveries/{note['id']}/fulfilment")
    assert [(each["weight_g"], each["lines"][0]["quantity"]) for each in done["packages"]] == [
        (1200, "1"),
        (None, "1"),
    ]
    assert done["state"] == "shipped"
    (rest,) = world.system["wim"].get(f"/deliveries/{note['id']}")["backorders"]
    assert world.system["wim"].get(f"/deliveries/{rest}")["lines"][0]["quantity"] == "1"


def test_r3_6_a_picked_note_leaves_in_parts(person: Enter, world: World) -> None:
    item = world.item(stock="5")
    note = world.delivery(world.order(world.customer(), (item, "3")))
    wim = person("wim")
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    wim.press("Picked")
    wim.sees("Picked.")
    scan(page, item["sku"])
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("1")
    wim.press("Ship these quantities")
    wim.sees("The rest waits on a note of its own.")
    gone = world.system["wim"].get(f"/deliveries/{note['id']}")
    assert (gone["state"], gone["lines"][0]["quantity"], len(gone["backorders"])) == ("shipped", "1", 1)
