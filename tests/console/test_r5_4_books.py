"""R5.4, R1.5: an invoice in full, from a sum of the ledger down to its document, and what the figures propose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.books_work import a_credit_note
from tests.console.person import Person
from tests.e2e.test_overview import in_figures
from tests.e2e.world import World, usd

Enter = Callable[..., Person]


def _half_paid(world: World) -> Any:
    """Return an invoice of 200.00 of which 50.00 is paid."""
    item, customer = world.item(stock="5"), world.customer()
    order = world.order(customer, (item, "2"))
    world.ship(world.delivery(order))
    (invoice, *_) = world.invoices(order)
    part = {"amount": "50.00", "currency": "USD"}
    paid = {
        "customer_id": customer["id"],
        "amount": part,
        "reference": invoice["number"],
        "allocations": [{"invoice_id": invoice["id"], "amount": part}],
    }
    world.system["fay"].post("/payments", paid, key=world.name("pay"))
    return invoice


def test_r5_4_an_invoice_tells_what_it_charges_and_what_settled_it(person: Enter, world: World) -> None:
    invoice = _half_paid(world)
    fay = person("fay")
    page = fay.go("/finance/invoices")
    page.get_by_role("link", name=invoice["number"], exact=True).click()
    expect(page.locator("h1")).to_have_text(f"Invoice {invoice['number']}")
    expect(page.locator(".figures")).to_contain_text("150.00")
    expect(page.locator("[data-section=settled]")).to_contain_text("50.00")
    expect(page.locator("[data-section=reminders]")).to_contain_text("Nobody was reminded")
    address = page.locator("a", has_text="As PDF").get_attribute("href")
    paper = page.request.get(f"{fay.url}{address}")
    assert paper.body().startswith(b"%PDF")
    page.get_by_role("link", name=invoice["customer_number"]).click()
    expect(page.locator("h1")).to_have_text("Statement of account")
    expect(page.locator(".records")).to_contain_text(f"Invoice {invoice['number']}")


def test_r5_4_a_credit_note_tells_what_it_takes_back_and_settles(person: Enter, world: World) -> None:
    invoice = _half_paid(world)
    note = a_credit_note(world, invoice, "30.00")
    fay = person("fay")
    page = fay.go(f"/finance/invoices/{invoice['id']}")
    page.get_by_role("link", name=f"Credit note {note['number']}").click()
    expect(page.locator("h1")).to_have_text(f"Credit note {note['number']}")
    expect(page.locator(".records").first).to_contain_text("Price only")
    expect(page.locator(".totals .sum")).to_contain_text("30.00")
    settled = page.locator("[data-section=settled]")
    expect(settled).to_contain_text("30.00")
    settled.get_by_role("link", name=invoice["number"]).click()
    expect(page.locator(".figures")).to_contain_text("120.00")


def test_r5_4_a_sum_of_the_ledger_leads_to_its_documents(person: Enter, world: World) -> None:
    invoice = _half_paid(world)
    fay = person("fay")
    page = fay.go("/finance/ledger")
    expect(page.locator(".tag-good")).to_have_text("In balance")
    page.get_by_role("link", name="Trade receivables").first.click()
    page.get_by_role("link", name=f"Invoice {invoice['number']}").click()
    expect(page.locator("h1")).to_have_text(f"Invoice {invoice['number']}")
    page.locator(".facts a[href*=entries]").click()
    expect(page.locator("[data-entry]").first).to_contain_text("200.00")


def test_r1_4_customers_are_sorted_by_a_figure(person: Enter, world: World) -> None:
    invoice = _half_paid(world)
    in_figures(world, {"id": invoice["customer_id"]}, revenue=usd("200.00"))
    mia = person("mia")
    page = mia.go("/customers/overview")
    rows = page.locator(".records tbody tr")
    row = rows.filter(has=page.locator(f"a[href$='{invoice['customer_id']}']"))
    expect(row).to_contain_text("200.00")
    page.get_by_role("combobox", name="Segment").press("Enter")
    page.locator(".el-select-dropdown:visible").get_by_text("Lost", exact=True).click()
    expect(row).to_have_count(0)


def test_r1_5_what_the_figures_propose_is_on_one_page(person: Enter) -> None:
    mia = person("mia")
    page = mia.go("/customers/proposals")
    for section in ("terms", "budgets", "offers"):
        expect(page.locator(f"[data-section={section}]")).to_be_visible()
    expect(page.locator("[role=alert]")).to_have_count(0)
    expect(page.locator(".side .place-here")).to_have_text("Proposals")
