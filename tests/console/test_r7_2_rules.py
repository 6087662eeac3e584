"""R7.2, R3.1, R7.3: flows, prices and keys are set by people, without code, and what is wrong stands at its field."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.console.person import Person
from tests.console.warehouse_work import a_purchase
from tests.e2e.world import World

Enter = Callable[..., Person]


def _pick(box: Locator, text: str) -> None:
    """Open a list and take what says ``text``."""
    box.click(force=True)
    box.page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=text).first.click()


def test_r7_2_a_flow_is_tried_on_past_quotations_before_it_asks(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    world.order(customer, (item, "1"))
    mia, name = person("mia"), world.name("Large")
    mia.page.locator(".side").get_by_text("Administration").click()
    mia.page.get_by_role("link", name="Approval flows").click()
    mia.press("New flow")
    page = mia.page
    page.get_by_label("Name", exact=True).fill(name)
    clause = page.locator("[data-clause]").first
    _pick(clause.get_by_role("combobox", name="What is looked at"), "Total")
    clause.get_by_label("Value").fill("much")
    step = page.locator("[data-step]").first
    step.get_by_label("Name of the step").fill("Manager")
    _pick(step.get_by_role("combobox", name="Roles"), "Sales manager")
    expect(page.get_by_role("button", name="Put it to work")).to_be_disabled()
    mia.press("Try it")
    expect(page.locator("[data-clause] .line-bad").first).to_be_visible()
    clause.get_by_label("Value").fill("900000.00")
    mia.press("Try it")
    expect(page.locator("[data-trial]")).to_contain_text("quotations would have needed approval")
    clause.get_by_label("Value").fill("990000.00")
    expect(page.get_by_role("button", name="Put it to work")).to_be_disabled()
    mia.press("Try it")
    mia.press("Put it to work")
    mia.sees("Version 1 applies from now on.")
    expect(page.locator(".rule-read")).to_contain_text("990,000.00")
    mia.press("New version")
    page.locator("label", has_text="Asks from now on").click()
    mia.press("Try it")
    mia.press("Put it to work")
    expect(page.locator("section", has_text="Versions")).to_contain_text("Version 2")
    (flow,) = world.system["mia"].every("/approval-flows", name=name)
    assert (flow["revision"], flow["active"]) == (2, False)


def test_r7_2_finance_sets_who_is_asked_about_its_own_documents(person: Enter, world: World) -> None:
    fay, name = person("fay"), world.name("Large refunds")
    fay.page.locator(".side").get_by_text("Administration").click()
    fay.page.get_by_role("link", name="Approval flows").click()
    page = fay.page
    # Those of selling are not hers to write.
    expect(page.get_by_role("button", name="New flow")).to_have_count(0)
    page.locator("label", has_text="Finance").click()
    page.wait_for_url("**/admin/flows/finance")
    fay.press("New flow")
    page.get_by_label("Name", exact=True).fill(name)
    _pick(page.get_by_role("combobox", name="What it asks about"), "Refund")
    clause = page.locator("[data-clause]").first
    _pick(clause.get_by_role("combobox", name="What is looked at"), "Amount")
    clause.get_by_label("Value").fill("much")
    step = page.locator("[data-step]").first
    step.get_by_label("Name of the step").fill("Manager")
    _pick(step.get_by_role("combobox", name="Roles"), "Sales manager")
    fay.press("Try it")
    expect(page.locator("[data-clause] .line-bad").first).to_be_visible()
    clause.get_by_label("Value").fill("900000.00")
    fay.press("Try it")
    expect(page.locator("[data-trial]")).to_contain_text("document")
    fay.press("Put it to work")
    fay.sees("Version 1 applies from now on.")
    expect(page.locator(".page-head")).to_contain_text("Refund")
    expect(page.locator(".rule-read")).to_contain_text("900,000.00")
    (flow,) = world.system["fay"].every("/finance-approval-flows", name=name)
    assert (flow["document"], flow["revision"]) == ("refund", 1)


def test_r7_2_who_is_asked_about_buying_is_set_the_same_way(person: Enter, world: World) -> None:
    a_purchase(world, world.item(), "4")
    name = world.name("Large orders")
    fay = person("fay", phone=True, language="zh")
    page = fay.go("/admin/flows")
    page.locator("label", has_text="库存与采购").click()
    fay.press("新建流程")
    page.get_by_label("名称", exact=True).fill(name)
    _pick(page.get_by_role("combobox", name="适用单据"), "采购单")
    clause = page.locator("[data-clause]").first
    _pick(clause.get_by_role("combobox", name="判断字段"), "金额")
    clause.get_by_label("值").fill("0.01")
    step = page.locator("[data-step]").first
    step.get_by_label("步骤名称").fill("主管")
    _pick(step.get_by_role("combobox", name="角色"), "销售经理")
    page.locator("label", has_text="启用").first.click()
    fay.press("试运行")
    expect(page.locator("[data-trial]")).to_contain_text("张单据")
    fay.press("启用此版本")
    fay.sees("第 1 版已生效。")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    (flow,) = world.system["fay"].every("/inventory-approval-flows", name=name)
    assert (flow["document"], flow["active"]) == ("purchase_order", False)
    mia = person("mia")
    page = mia.go(f"/admin/flows/inventory/{flow['id']}")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.get_by_role("button", name="New version")).to_have_count(0)


def test_r7_2_the_flows_of_stock_and_buying_are_in_the_menu_of_who_sets_them(
    person: Enter, world: World
) -> None:
    fay = person("fay")
    fay.page.locator(".side").get_by_text("Administration").click()
    fay.page.get_by_role("link", name="Approval of stock and buying").click()
    fay.page.wait_for_url("**/admin/flows/inventory")
    expect(fay.page.get_by_role("button", name="New flow")).to_be_visible()
    fay.press("New flow")
    _pick(fay.page.get_by_role("combobox", name="What it asks about"), "Stock count")
    # Who may only look at them has no entry; whose documents they are does not say who is asked about them.
    mia = person("mia")
    expect(mia.go("/admin").get_by_role("link", name="Approval flows")).to_be_visible()
    expect(mia.page.get_by_role("link", name="Approval of stock and buying")).to_have_count(0)
    wim = person("wim")
    expect(wim.page.locator(".side").get_by_text("Administration")).to_have_count(0)
    expect(wim.go("/admin").get_by_role("link", name="Approval of stock and buying")).to_have_count(0)


def test_r3_1_a_price_is_tried_and_set_and_the_next_quotation_has_it(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    past = world.order(customer, (item, "3"))
    mia = person("mia")
    page = mia.go("/admin/policies/new")
    page.get_by_label("Name", exact=True).fill(world.name("For Harbor"))
    mia.choose(page.get_by_role("combobox", name="Customer"), customer["number"])
    line = page.locator("[data-price]").first
    mia.choose(line.get_by_role("combobox", name="Item"), item["sku"])
    expect(page.get_by_role("button", name="Put it to work")).to_be_disabled()
    line.get_by_label("Price").fill("80,50")
    mia.press("Try it")
    expect(line.locator(".line-bad")).to_be_visible()
    line.get_by_label("Price").fill("80.50")
    mia.press("Try it")
    trial = page.locator("[data-trial]")
    expect(trial).to_contain_text("1 of 1 past lines would have had another price")
    expect(trial.locator("li")).to_contain_text("$100.00 → $80.50")
    expect(trial.locator("li")).to_contain_text("-$58.50")
    assert trial.get_by_role("link").get_attribute("href") == f"/quotations/{past['quotation_id']}"
    line.get_by_label("From quantity").fill("4")
    expect(page.get_by_role("button", name="Put it to work")).to_be_disabled()
    mia.sees("It was changed since it was tried.")
    line.get_by_label("From quantity").fill("1")
    expect(page.get_by_role("button", name="Put it to work")).to_be_enabled()
    mia.press("Put it to work")
    mia.sees("Version 1 applies from now on.")
    expect(page.locator("tbody tr")).to_contain_text("80.50")
    sam = world.system["sam"]
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    made = sam.post("/quotations", body, key=world.name("quote"))
    assert made["lines"][0]["unit_price"]["amount"] == "80.50"


def test_r7_3_a_program_gets_a_key_that_is_shown_once_and_revoked(person: Enter, world: World) -> None:
    name = world.name("Web shop")
    admin = person("admin")
    page = admin.go("/admin/keys")
    admin.press("New key")
    page.locator("#key-name").fill(name)
    page.locator(".el-dialog:visible").get_by_role("button", name="Save").click()
    expect(page.locator("[data-secret]")).to_contain_text("mk_")
    page.locator(".el-dialog:visible").get_by_role("button", name="Close", exact=True).last.click()
    row = page.locator("tbody tr", has_text=name)
    expect(row).to_contain_text("Ada Admin")
    row.get_by_role("button", name="Revoke").click()
    page.locator(".el-message-box").get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked")


def test_r7_1_a_kind_of_order_is_tried_on_past_orders_before_it_applies(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    world.order(customer, (item, "1"))
    code = f"kind_{''.join(each for each in world.name('k') if each.isalnum())}".lower()
    mia = person("mia")
    page = mia.go("/admin/types")
    mia.press("New kind of order")
    page.get_by_label("Code").fill("Not a code")
    page.get_by_label("Name in English").fill("Paid first")
    page.get_by_label("Name in Chinese").fill("先款后货")
    _pick(page.get_by_role("combobox", name="Payment"), "In advance")
    mia.press("Try it")
    mia.sees("what is paid before it goes out needs no credit")
    page.locator("label", has_text="The credit limit is checked").click()
    mia.press("Try it")
    expect(page.locator("[data-trial]")).to_contain_text("orders would have gone differently")
    mia.press("Put it to work")
    expect(page.locator(".el-form-item__error").first).to_be_visible()
    page.get_by_label("Code").fill(code)
    mia.press("Put it to work")
    mia.sees("Version 1 applies from now on.")
    expect(page.locator("h1")).to_have_text("Paid first")
    (kind,) = world.system["mia"].every("/order-types", code=code)
    assert (kind["version"], kind["process"]["payment"]) == (1, "advance")
