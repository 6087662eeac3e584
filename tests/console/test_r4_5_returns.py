"""R4.5: goods come back by clicks, from the request to the shelf or the scrap, and the credit follows by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import Person
from tests.console.warehouse_work import a_return
from tests.e2e.world import World

Enter = Callable[..., Person]


def _shipped(world: World, quantity: str = "5") -> tuple[Any, Any]:
    """Return an item and an order of it that has left and is billed."""
    item = world.item(stock="9")
    order = world.order(world.customer(), (item, quantity))
    world.ship(world.delivery(order))
    world.invoices(order)
    return item, order


def test_r4_5_a_return_goes_from_the_request_to_the_credit(person: Enter, world: World) -> None:
    item, order = _shipped(world)
    sam = person("sam")
    page = sam.go(f"/orders/{order['id']}")
    sam.press("Goods come back")
    back = page.get_by_label(f"How much of {item['sku']} comes back")
    back.fill("6")
    page.get_by_label("Why it comes back").fill("Two leak")
    sam.press("Ask for a return")
    expect(page.get_by_role("alert").first).to_be_visible()
    back.fill("3")
    sam.press("Ask for a return")
    sam.sees("Two leak")
    expect(page.locator(".page-head")).to_contain_text("Asked for")
    expect(page.get_by_role("button", name="Allow it")).to_have_count(0)
    address = page.url.removeprefix(sam.url)
    number = page.locator("h1").inner_text().removeprefix("Return ")

    mia = person("mia")
    mia.page.locator(".side").get_by_text("Returns").click()
    mia.page.get_by_role("link", name=number).click()
    mia.press("Allow it")
    mia.page.locator(".el-message-box input").fill("Send them")
    mia.page.locator(".el-message-box").get_by_role("button", name="Allow it").click()
    mia.sees("the customer may send the goods")

    wim = person("wim", phone=True)
    page = wim.go(address)
    expect(page.locator("[data-section=receive]")).to_contain_text("quarantine")
    wim.press("Receive")
    wim.sees("It lies in quarantine now.")
    page.get_by_label(f"How much of {item['sku']} goes back on the shelf").fill("3")
    page.get_by_label(f"How much of {item['sku']} is scrapped").fill("1")
    wim.press("Inspect")
    expect(page.locator("[data-section=inspect]").get_by_role("alert").first).to_be_visible()
    page.get_by_label(f"How much of {item['sku']} goes back on the shelf").fill("2")
    wim.press("Inspect")
    wim.sees("All is inspected.")
    expect(page.locator("[data-section=lines]")).to_contain_text("Partly scrapped")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    mia.go(address)
    mia.page.locator("[data-section=credits]").get_by_role("link").first.click()
    expect(mia.page.locator(".figures")).to_contain_text("300.00")


def test_r4_5_a_return_is_refused_with_a_word_or_given_up(person: Enter, world: World) -> None:
    _, order = _shipped(world)
    first, second = a_return(world, order, "1"), a_return(world, order, "1")
    fay = person("fay", language="zh")
    page = fay.go(f"/returns/{first['id']}")
    fay.press("拒绝退货")
    box = page.locator(".el-message-box")
    box.get_by_role("button", name="拒绝退货").click()
    expect(box).to_be_visible()
    box.locator("input").fill("已过保修期")
    box.get_by_role("button", name="拒绝退货").click()
    expect(page.locator(".page-head")).to_contain_text("已拒绝")
    fay.sees("已过保修期")

    sid = person("sid")
    page = sid.go(f"/returns/{second['id']}")
    sid.press("Give it up")
    page.locator(".el-message-box input").fill("They keep them")
    page.locator(".el-message-box").get_by_role("button", name="Give it up").click()
    expect(page.locator(".page-head")).to_contain_text("Given up")
    expect(page.get_by_role("button", name="Give it up")).to_have_count(0)


def test_r4_5_of_known_units_it_is_said_which_are_scrapped(person: Enter, world: World) -> None:
    admin, wim = world.system["admin"], world.system["wim"]
    sku = world.name("PUMP")
    body = {"sku": sku, "name": "Pump", "uom": "piece", "decimals": 0, "tracking": "serial"}
    item = admin.post("/items", body, key=sku)
    line = {"item_id": item["id"], "min_quantity": "1", "unit_price": {"amount": "50.00", "currency": "USD"}}
    world.priced({"name": f"List {sku}", "currency": "USD", "lines": [line]}, sku)
    units = [f"{sku}-{n}" for n in (1, 2)]
    (main,) = wim.every("/warehouses", is_default="true")
    taken: dict[str, Any] = {"item_id": item["id"], "quantity": "2", "serials": units}
    wim.post("/receipts", {"warehouse_id": main["id"], "lines": [taken]}, key=world.name("in"))
    order = world.order(world.customer(), (item, "2"))
    note = world.delivery(order)
    gone = {"lines": [{"order_line_id": order["lines"][0]["id"], "quantity": "2", "serials": units}]}
    wim.post(f"/deliveries/{note['id']}/ship", gone, key=world.name("ship"))
    asked = a_return(world, order, "2", serials=units)
    world.system["mia"].post(f"/returns/{asked['id']}/approve", {}, key=world.name("yes"))
    wim.post(f"/returns/{asked['id']}/receive", {"warehouse_id": main["id"]}, key=world.name("rec"))

    who = person("wim")
    page = who.go(f"/returns/{asked['id']}")
    page.get_by_label(f"How much of {sku} goes back on the shelf").fill("1")
    page.get_by_label(f"How much of {sku} is scrapped").fill("1")
    page.get_by_role("combobox", name=f"Serials of {sku} that are scrapped").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=units[1]).click()
    page.keyboard.press("Escape")
    page.locator("label", has_text=f"The customer gets the money for {sku}").click()
    who.press("Inspect")
    who.sees("All is inspected.")
    (line,) = wim.get(f"/returns/{asked['id']}")["lines"]
    assert {each["serial"]: each["outcome"] for each in line["serials"]} == {
        units[0]: "restocked",
        units[1]: "scrapped",
    }
    assert line["credit"] is False
