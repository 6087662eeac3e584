"""R7.2: what a company adds to its customers and quotations stands on their pages and is filled in there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.admin_work import own_fields
from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r7_2_a_customer_and_a_quotation_say_what_the_company_added(person: Enter, world: World) -> None:
    own_fields(world)
    item, customer = world.item(stock="5"), world.customer()
    line = {"item_id": item["id"], "quantity": "1"}
    body = {"customer_id": customer["id"], "lines": [line]}
    quotation = world.system["sam"].post("/quotations", body, key=world.name("quote"))
    sam = person("sam")
    page = sam.go(f"/customers/{customer['id']}")
    expect(page.locator("[data-section=profile]")).to_contain_text("Sam Seller")
    panel = page.locator("[data-own-fields]")
    panel.get_by_role("button", name="Fill in").click()
    page.locator(".el-dialog:visible").get_by_role("combobox", name="Risk").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="High").click()
    sam.press("Save")
    expect(page.locator(".el-dialog:visible")).to_have_count(0)
    expect(panel).to_contain_text("High")
    assert world.system["sam"].get(f"/customers/{customer['id']}")["fields"] == {"risk_level": "high"}

    page = sam.go(f"/quotations/{quotation['id']}")
    panel = page.locator("[data-own-fields]")
    panel.get_by_role("button", name="Fill in").click()
    page.get_by_label("Project").fill("New hall")
    sam.press("Save")
    expect(panel).to_contain_text("New hall")
    sam.press("Send")
    sam.sees("Sent.")
    sam.press("Accepted: make the order")
    page.wait_for_url("**/orders/**")
    expect(page.locator("[data-own-fields]")).to_contain_text("New hall")
    expect(page.locator("[data-own-fields]").get_by_role("button")).to_have_count(0)


def test_r3_1_a_quotation_that_comes_to_nothing_is_closed_with_the_reason(
    person: Enter, world: World
) -> None:
    item, customer = world.item(stock="5"), world.customer()
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    quotation = world.system["sam"].post("/quotations", body, key=world.name("quote"))
    sam = person("sam", language="zh", phone=True)
    page = sam.go(f"/quotations/{quotation['id']}")
    sam.press("关闭报价")
    page.get_by_label("未成交原因").fill("价格太高")
    page.locator(".el-dialog:visible").get_by_role("button", name="关闭报价").click()
    sam.sees("已拒绝")
    sam.sees("价格太高")
    expect(page.get_by_role("button", name="关闭报价")).to_have_count(0)
    assert world.system["sam"].get(f"/quotations/{quotation['id']}")["state"] == "declined"
