"""R4.4: from the bank's file to matched payments, by clicks; and what cannot be read is named by its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from services.finance.tests.statements import a_statement, an_entry
from tests.console.books_work import a_bank_file, a_bank_line
from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def an_invoice(world: World, customer: Any = None) -> Any:
    """Return an invoice of 200.00 that nobody paid."""
    customer = customer or world.customer()
    order = world.order(customer, (world.item(stock="5"), "2"))
    world.ship(world.delivery(order))
    (invoice,) = world.invoices(order)
    return invoice


def _take_in(fay: Person, name: str, content: str) -> Locator:
    fay.press("Take in a file")
    dialog = fay.page.get_by_role("dialog")
    dialog.get_by_label("File of the bank").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    return dialog


def _send(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Take in a file").click()


def _state(world: World, invoice: Any) -> Any:
    return world.system["fay"].get(f"/invoices/{invoice['id']}")["payment_state"]


def test_r4_4_a_camt_file_brings_lines_and_a_suggestion_is_taken(person: Enter, world: World) -> None:
    invoice, reference = an_invoice(world), world.name("B")
    day = f"{world.system.today:%Y-%m-%d}"
    file = a_statement(
        an_entry("200.00", on=day, ref=reference, text=f"Pays {invoice['number']}"), number=world.name("S")
    )
    fay = person("fay")
    page = fay.go("/finance/bank")
    _send(_take_in(fay, "statement.xml", file))
    fay.sees("1 new lines, 0 known before.")
    page.get_by_role("link", name=reference, exact=True).click()
    suggestion = page.locator("[data-suggestion]").first
    expect(suggestion).to_contain_text(invoice["number"])
    expect(page.locator("[data-section=guesses]")).to_contain_text("by an invoice that the text names")
    suggestion.get_by_role("button", name="Take this").click()
    fay.sees("Recorded as PAY-")
    expect(page.locator("[data-section=guesses]")).to_have_count(0)
    assert _state(world, invoice) == "paid"


def test_r4_4_a_row_of_a_table_that_cannot_be_read_is_named_and_nothing_is_kept(
    person: Enter, world: World
) -> None:
    reference = world.name("B")
    bad = a_bank_file(world, f"12.00,Rent,{reference},Quay", "12.x0,Rent,B-2,Quay")
    fay = person("fay")
    fay.go("/finance/bank")
    dialog = _take_in(fay, "bank.csv", bad)
    dialog.get_by_label("Our account (IBAN)").fill("DE02120300000000202051")
    dialog.get_by_label("Currency").fill("usd")
    _send(dialog)
    expect(dialog.locator(".el-form-item__error")).to_contain_text(
        "line 3, column 'amount': '12.x0' is no amount of USD"
    )
    assert world.system["fay"].every("/bank-lines", reference=reference) == []
    expect(dialog.get_by_label("Our account (IBAN)")).to_have_value("DE02120300000000202051")
    good = bad.replace("12.x0", "12.50")
    dialog.get_by_label("File of the bank").set_input_files(
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": good.encode()}
    )
    _send(dialog)
    fay.sees("2 new lines, 0 known before.")


def test_r4_4_every_row_that_cannot_be_read_is_named_with_its_column_and_cure(
    person: Enter, world: World
) -> None:
    bad = a_bank_file(world, "12.x0,Rent,B-1,Quay", "13.00,Rent,B-2,Quay", "much,Rent,B-3,Quay")
    fay = person("fay", phone=True)
    page = fay.go("/finance/bank")
    dialog = _take_in(fay, "bank.csv", bad)
    dialog.get_by_label("Our account (IBAN)").fill("DE02120300000000202051")
    dialog.get_by_label("Currency").fill("usd")
    _send(dialog)
    expect(dialog.locator(".el-form-item__error")).to_contain_text("2 faults in the file")
    wrong = dialog.locator("[data-wrong-rows] li")
    expect(wrong).to_have_count(2)
    expect(wrong.first).to_contain_text("line 2, column 'amount': '12.x0' is no amount of USD")
    expect(wrong.first).to_contain_text("say in csv.decimal")
    expect(wrong.last).to_contain_text("line 4, column 'amount': 'much'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_r4_4_a_line_is_shared_out_by_hand(person: Enter, world: World) -> None:
    customer = world.customer()
    first, second = an_invoice(world, customer), an_invoice(world, customer)
    line = a_bank_line(world, first | {"number": "nothing of ours", "total": {"amount": "250.00"}})
    fay = person("fay")
    page = fay.go(f"/finance/bank/{line['id']}")
    by_hand = page.locator("[data-section=by-hand]")
    fay.choose(by_hand.get_by_role("combobox", name="Customer"), customer["number"])
    by_hand.get_by_role("button", name=f"Match {first['number']}").click()
    by_hand.get_by_role("button", name=f"Match {second['number']}").click()
    expect(by_hand.get_by_label(f"Amount for {second['number']}")).to_have_value("50")
    by_hand.get_by_label(f"Amount for {second['number']}").fill("50.01")
    expect(by_hand.get_by_role("button", name="Record the payment")).to_be_disabled()
    by_hand.get_by_label(f"Amount for {second['number']}").fill("20.25")
    expect(by_hand.get_by_role("status")).to_contain_text("29.75")
    by_hand.get_by_role("button", name="Record the payment").click()
    fay.sees("Recorded as PAY-")
    assert (_state(world, first), _state(world, second)) == ("paid", "partial")
    _share_the_rest(page, second)
    assert world.system["fay"].get(f"/invoices/{second['id']}")["open"]["amount"] == "150.00"


def _share_the_rest(page: Page, invoice: Any) -> None:
    page.locator(".facts a[href*=payments]").click()
    by_hand = page.locator("[data-section=by-hand]")
    by_hand.get_by_role("button", name=f"Match {invoice['number']}").click()
    by_hand.get_by_role("button", name="Match", exact=True).click()
    expect(by_hand).to_have_count(0)


def test_r4_4_a_line_is_left_alone_with_a_reason_and_taken_up_again(person: Enter, world: World) -> None:
    line = a_bank_line(world, an_invoice(world))
    fay = person("fay", phone=True)
    page = fay.go(f"/finance/bank/{line['id']}")
    fay.press("Leave it alone")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Leave it alone")).to_be_disabled()
    dialog.get_by_label("Why it is no payment of a customer").fill("A grant of the city")
    dialog.get_by_role("button", name="Leave it alone").click()
    expect(page.locator(".facts")).to_contain_text("A grant of the city")
    assert world.system["fay"].get(f"/bank-lines/{line['id']}")["line"]["state"] == "ignored"
    fay.press("Look at it after all")
    expect(page.locator("[data-section=guesses]")).to_be_visible()


def test_r4_4_a_bank_that_is_out_of_reach_says_so(person: Enter) -> None:
    fay = person("fay")
    fay.page.route("**/api/v1/bank-lines*", lambda route: route.abort())
    page = fay.go("/finance/bank")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/api/v1/bank-lines*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
