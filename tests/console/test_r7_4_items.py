"""R7.4: everything about an item on one page, each figure for those only who may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import Person
from tests.console.warehouse_work import a_purchase
from tests.e2e.world import World, usd

Enter = Callable[..., Person]


def _waited_for(world: World) -> tuple[Any, Any]:
    """Return an item of which more is ordered than there is, and the order that waits."""
    item = world.item(stock="5")
    order = world.order(world.customer(), (item, "8"), wait_s=0)
    world.until_held(order, "stock")
    return item, order


def test_r7_4_an_item_is_found_and_says_what_there_is_and_who_waits(person: Enter, world: World) -> None:
    item, order = _waited_for(world)
    mia = person("mia")
    mia.page.locator(".side").get_by_text("Items").click()
    page = mia.page
    page.get_by_label("SKU or name").fill(item["sku"].lower())
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("link", name=item["sku"]).click()
    expect(page.locator("h1")).to_have_text("A+ valve")
    expect(page.locator("[data-availability]")).to_contain_text("5 piece")
    expect(page.locator("[data-availability]")).to_contain_text("Average cost of one")
    expect(page.locator("[data-section=stock] tbody tr")).to_contain_text("5")
    expect(page.locator("[data-section=prices]")).to_contain_text("$100.00")
    expect(page.locator("[data-section=moves] tbody tr")).to_contain_text("Received")
    waiting = page.locator("[data-section=waiting] tbody tr")
    expect(waiting).to_contain_text("3 piece")
    waiting.get_by_role("link", name=order["number"]).click()
    expect(page.locator("h1")).to_contain_text(order["number"])
    page.get_by_role("link", name="A+ valve").click()
    expect(page.locator("h1")).to_have_text("A+ valve")


def test_r7_4_the_warehouse_sees_what_suppliers_ask_and_no_cost(person: Enter, world: World) -> None:
    item = world.item(stock="5")
    purchase = a_purchase(world, item, "40")
    admin = world.system["admin"]
    other = admin.post("/suppliers", {"number": world.name("S"), "name": "Mill"}, key=world.name("s"))
    price = {"item_id": item["id"], "unit_price": usd("2.40")}
    admin.post(f"/suppliers/{other['id']}/prices", price, key=world.name("p"))
    wim = person("wim", phone=True)
    page = wim.page
    page.get_by_role("button", name="Search or jump").click()
    field = page.get_by_role("combobox", name="Search and jump")
    field.fill(item["sku"])
    expect(page.locator(".command li").first).to_contain_text(item["sku"])
    field.press("Enter")
    page.wait_for_url(f"**/items/{item['id']}")
    suppliers = page.locator("[data-section=suppliers]")
    expect(suppliers.locator("li")).to_have_count(2)
    expect(suppliers.locator("li").first).to_contain_text("Mill")
    expect(suppliers.locator("li").first).to_contain_text("2.40")
    expect(suppliers.locator("li", has_text="Bought here")).to_have_count(1)
    expect(page.locator("[data-section=coming]")).to_contain_text(purchase["number"])
    expect(page.locator("[data-section=waiting]")).to_contain_text("No order waits for it.")
    expect(page.locator("[data-availability]")).not_to_contain_text("cost")
    expect(page.locator("[data-section=prices]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_r7_4_an_item_names_the_one_to_offer_instead(person: Enter, world: World) -> None:
    item, better = world.item(), world.item()
    world.system["mia"].put(f"/better-items/{item['id']}", {"better_id": better["id"]})
    sam = person("sam", language="zh")
    page = sam.go(f"/items/{item['id']}")
    expect(page.locator("[data-section=stock]")).to_contain_text("暂无库存")
    page.locator(".facts").get_by_role("link", name=better["sku"]).click()
    page.wait_for_url(f"**/items/{better['id']}")
    expect(page.locator(".facts")).to_contain_text("用于替代")
    expect(page.locator(".facts")).to_contain_text(item["sku"])
    expect(page.locator("[data-section=suppliers]")).to_have_count(0)
    expect(page.locator("[data-section=moves]")).to_have_count(0)
