"""R7.4: from the quotation to the cash by clicks alone, each person at their own screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.conftest import in_both_shapes
from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


@in_both_shapes
def test_r7_4_from_quotation_to_cash_by_clicks(person: Enter, world: World) -> None:
    item = world.item(stock="10", price="100.00")
    customer = world.customer()
    order = _sell(person("sam"), customer["number"], item["sku"])
    _ship(person("wim"), order, item["sku"])
    _collect(person("fay"), world, customer["number"], order)


def _sell(sam: Person, customer: str, sku: str) -> str:
    page = sam.go("/quotations")
    sam.press("New quotation")
    sam.choose(page.get_by_role("combobox", name="Customer"), customer)
    line = page.locator("[data-line]").first
    sam.choose(line.get_by_role("combobox", name="Item"), sku)
    line.get_by_label("Quantity").fill("3")
    expect(page.locator(".totals .sum")).to_contain_text("300.00")
    expect(line).to_contain_text("In stock 10")
    sam.press("Issue quotation")
    sam.press("Send")
    sam.press("Accepted: make the order")
    page.wait_for_url(re.compile("/orders/"))
    heading = page.locator("h1")
    expect(heading).to_contain_text("Order ")
    expect(page.locator(".timeline li").first).to_be_visible()
    return heading.inner_text().removeprefix("Order ").strip()


def _ship(wim: Person, order: str, sku: str) -> None:
    """Two go today, one later: the rest gets a note of its own, which appears by itself."""
    page = wim.go("/warehouse/deliveries")
    page.locator("tbody tr", has_text=order).locator("a").first.click()
    wim.press("Picked")
    wim.sees("Picked.")
    page.get_by_label(f"Now {sku}").fill("2")
    wim.press("Ship these quantities")
    wim.sees("The rest waits on a note of its own.")
    page = wim.go("/warehouse/deliveries")
    page.locator("tbody tr", has_text=order).locator("a").first.click()
    wim.press("Ship everything")
    wim.sees("Shipped.")


def _collect(fay: Person, world: World, customer: str, order: str) -> None:
    orders = world.system["fay"].every("/orders", number=order)
    world.invoices(orders[0], 2)
    page = fay.go("/finance/payments")
    fay.press("Record a payment")
    fay.choose(page.get_by_role("combobox", name="Customer"), customer)
    page.locator("#amount").fill("300.00")
    page.locator("#payment-reference").fill(world.name("RE"))
    fay.press("Save")
    page.locator("[data-suggestion] button").first.click()
    fay.sees("Matched.")
    world.until(orders[0], "cash", payment_status="paid", state="done")
    page = fay.go(f"/orders/{orders[0]['id']}")
    expect(page.locator(".figures")).to_contain_text("Paid")
