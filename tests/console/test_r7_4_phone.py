"""R7.4: what is looked up on the way: stock, on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.person import PHONE, Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r7_4_stock_is_looked_up_on_the_phone(person: Enter, world: World) -> None:
    item = world.item(stock="7")
    sam = person("sam", phone=True)
    page = sam.page
    page.locator("nav.bar").get_by_role("button").click()
    page.locator(".sheet").get_by_text("Stock", exact=True).click()
    page.locator("main input").first.fill(item["sku"])
    row = page.locator(".records tbody tr").filter(has_text=item["sku"])
    expect(row).to_have_count(1)
    expect(row).to_contain_text("7")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
