"""R7.4, R3.2, R4.3: what each person sees, in their language, on their screen, and what they are kept from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r7_4_the_language_is_switched_at_once(person: Enter) -> None:
    fay = person("fay")
    expect(fay.page.locator(".side")).to_contain_text("Invoices")
    fay.press("中文")
    expect(fay.page.locator(".side")).to_contain_text("发票")
    expect(fay.page.locator("html")).to_have_attribute("lang", "zh-CN")
    fay.go("/finance/ageing")
    fay.sees("账龄分析")
    fay.press("English")
    fay.sees("Ageing")


def test_r7_4_a_browser_in_chinese_begins_in_chinese(person: Enter) -> None:
    wim = person("wim", language="zh", phone=True)
    wim.go("/warehouse/deliveries")
    expect(wim.page.locator("h1")).to_have_text("发货单")


def test_r7_4_one_search_tells_stock_and_debt(person: Enter, world: World) -> None:
    item = world.item(stock="7")
    customer = world.customer()
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    world.invoices(order)
    sam = person("sam")
    sam.page.keyboard.press("Control+k")
    field = sam.page.get_by_role("combobox", name="Search and jump")
    first = sam.page.locator(".command li").first

    field.fill(f"stock of {item['sku']}")
    expect(first).to_contain_text("Stock of")
    expect(first).to_contain_text("5 piece")
    field.fill(f"{customer['number']}欠款")
    expect(first).to_contain_text("Debt of Harbor Pumps")
    expect(first).to_contain_text("200.00")
    field.fill(order["number"])
    expect(first).to_contain_text(order["number"])
    field.press("Enter")
    expect(sam.page.locator("h1")).to_contain_text(order["number"])


def _asked_for(world: World) -> Any:
    """Return a quotation with a discount that waits for a manager's yes."""
    item, customer = world.item(stock="5"), world.customer()
    clauses = [{"field": "customer_id", "comparison": "equals", "texts": [customer["id"]]}]
    steps = [{"name": "Manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}]
    flow = {"name": world.name("Discounts"), "cases": [{"clauses": clauses}], "steps": steps}
    world.system["mia"].post("/approval-flows", flow, key=world.name("flow"))
    line = {"item_id": item["id"], "quantity": "1", "discount_percent": "20"}
    sam = world.system["sam"]
    made = sam.post("/quotations", {"customer_id": customer["id"], "lines": [line]}, key=world.name("quote"))
    return sam.post(f"/quotations/{made['id']}/send", {}, key=world.name("send"))


def test_r3_2_a_manager_approves_with_the_thumb(person: Enter, world: World) -> None:
    asked = _asked_for(world)
    mia = person("mia", phone=True)
    mia.page.locator("nav.bar").get_by_text("Approvals").click()
    card = mia.page.locator(f"[data-approval='{asked['number']}']")
    expect(card).to_contain_text("80.00")
    button = card.get_by_role("button", name="Approve", exact=True)
    size = button.bounding_box()
    assert size is not None
    assert size["height"] >= 44, "too small for a thumb"
    card.get_by_label("Comment").fill("A good customer")
    button.click()
    mia.sees("Decided.")
    expect(card).to_have_count(0)
    assert world.system["sam"].get(f"/quotations/{asked['id']}")["state"] == "sent"


def test_r4_3_a_salesperson_sees_credit_on_the_phone(person: Enter, world: World) -> None:
    customer = world.customer(limit="5000.00")
    sam = person("sam", phone=True)
    page = sam.go(f"/customers/{customer['id']}")
    credit = page.locator("[data-section=credit]")
    expect(credit).to_contain_text("In order")
    expect(credit).to_contain_text("5,000.00")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"the page is {width} wide"


def test_what_a_role_may_not_do_is_not_shown_and_refused_all_the_same(person: Enter) -> None:
    wim = person("wim")
    expect(wim.page.locator(".side")).to_contain_text("Deliveries")
    for hidden in ("Quotations", "Payments", "Users"):
        expect(wim.page.locator(".side")).not_to_contain_text(hidden)
    wim.go("/finance/payments")
    expect(wim.page.get_by_role("alert")).to_be_visible()
    expect(wim.page.get_by_role("button", name="Record a payment")).to_have_count(0)


def test_nothing_typed_is_lost_by_an_error_and_an_act_is_done_once(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    sam = person("sam")
    page = sam.go(f"/quotations/new?customer={customer['id']}")
    line = page.locator("[data-line]").first
    sam.choose(line.get_by_role("combobox", name="Item"), item["sku"])
    line.get_by_label("Quantity").fill("2")
    expect(page.locator(".totals .sum")).to_contain_text("200.00")

    # The request arrives and is done; its answer is lost on the way.
    page.route("**/api/v1/quotations", lambda route: (route.fetch(), route.abort()))
    sam.press("Issue quotation")
    expect(page.locator(".problem")).to_contain_text("Sending it again is safe")
    expect(line.get_by_label("Quantity")).to_have_value("2")
    page.unroute("**/api/v1/quotations")
    page.reload()
    expect(page.locator("[data-line]").first.get_by_label("Quantity")).to_have_value("2")


def test_an_act_without_answer_is_repeated_under_its_key(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    sam = person("sam")
    page = sam.go(f"/quotations/new?customer={customer['id']}")
    sam.choose(page.locator("[data-line]").first.get_by_role("combobox", name="Item"), item["sku"])
    expect(page.locator(".totals .sum")).to_contain_text("100.00")
    page.route("**/api/v1/quotations", lambda route: (route.fetch(), route.abort()))
    sam.press("Issue quotation")
    expect(page.locator(".problem")).to_be_visible()
    page.unroute("**/api/v1/quotations")
    sam.press("Issue quotation")
    page.wait_for_url("**/quotations/*-*")
    assert len(world.system["sam"].every("/quotations", customer_id=customer["id"])) == 1


def test_a_session_that_ends_asks_again_and_keeps_the_page(person: Enter, world: World) -> None:
    sam = person("sam")
    page = sam.go("/quotations/new")
    line = page.locator("[data-line]").first
    line.get_by_label("Quantity").fill("42")
    sam.context.clear_cookies()
    page.get_by_role("combobox", name="Customer").click()
    sam.sees("nothing you typed is lost")
    page.locator("#password").fill(sam.passwords["sam"])
    page.locator(".el-dialog form button[type=submit]").click()
    expect(page.locator(".el-dialog:visible")).to_have_count(0)
    expect(line.get_by_label("Quantity")).to_have_value("42")


def test_a_wrong_password_is_told_in_the_readers_language(person: Enter) -> None:
    sam = person("sam", language="zh")
    sam.page.locator("button", has_text="退出登录").click()
    sam.page.locator("#username").fill("sam")
    sam.page.locator("#password").fill("not this one")
    sam.page.locator("form button[type=submit]").click()
    sam.sees("用户名或密码不正确")
