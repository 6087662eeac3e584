"""R3.1, R4.5: a seller takes a quotation back with the reason; a credit note is printed as an invoice is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.books_work import a_credit_note
from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r3_1_a_seller_takes_a_quotation_back_and_says_why(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    body = {"customer_id": customer["id"], "lines": [{"item_id": item["id"], "quantity": "1"}]}
    made = world.system["sam"].post("/quotations", body, key=world.name("quote"))
    sam = person("sam", phone=True)
    page = sam.go(f"/quotations/{made['id']}")
    sam.press("Close without order")
    dialog = page.locator(".el-dialog:visible")
    send = dialog.get_by_role("button", name="Close without order")
    expect(send).to_be_enabled()
    dialog.locator("label", has_text="We take it back").click()
    expect(dialog).to_contain_text("the customer can no longer accept it")
    expect(send).to_be_disabled()
    dialog.get_by_label("Why it came to nothing").fill("A wrong price")
    send.click()
    expect(page.locator(".page-head")).to_contain_text("Cancelled")
    sam.sees("A wrong price")
    expect(page.get_by_role("button", name="Close without order")).to_have_count(0)
    assert world.system["sam"].get(f"/quotations/{made['id']}")["state"] == "cancelled"


def test_r4_5_a_credit_note_is_printed_in_the_readers_language(person: Enter, world: World) -> None:
    item = world.item(stock="5")
    order = world.order(world.customer(), (item, "1"))
    world.ship(world.delivery(order))
    (invoice, *_) = world.invoices(order)
    note = a_credit_note(world, invoice, "5.00")
    fay = person("fay", language="zh")
    page = fay.go(f"/finance/credit-notes/{note['id']}")
    link = page.locator(f"a[href*='/credit-notes/{note['id']}/pdf']")
    expect(link).to_have_attribute("href", f"/api/v1/credit-notes/{note['id']}/pdf?language=zh-CN")
    shown = fay.context.request.get(fay.url + str(link.get_attribute("href")))
    assert (shown.status, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.body().startswith(b"%PDF-")
