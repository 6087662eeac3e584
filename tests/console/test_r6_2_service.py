"""R6.2, R6.3: a ticket from the queue to its solution, by clicks."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.person import PATIENCE_MS, Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r6_2_a_ticket_is_worked_on_from_the_queue_to_its_solution(person: Enter, world: World) -> None:
    customer = world.customer()
    subject = world.name("Valve leaks")
    body = {"customer_id": customer["id"], "kind": "technical", "priority": "urgent", "subject": subject}
    ticket = world.system["sam"].post("/tickets", body, key=world.name("ticket"))
    sid = person("sid")
    page = sid.go("/service/tickets")
    row = page.locator("tbody tr", has_text=ticket["number"])
    expect(row).to_contain_text(subject)
    row.locator("a").first.click()
    sid.press("Take it")
    expect(page.locator(".facts")).to_contain_text("You")

    words = page.get_by_label("Your words")
    words.fill("Which valve is it?")
    sid.press("Send the reply")
    expect(page.locator("[data-side=agent]")).to_contain_text("Which valve is it?")
    expect(words).to_have_value("")
    page.locator(".el-radio-button", has_text="Internal note").click()
    words.fill("Third time this month")
    sid.press("Keep the note")
    expect(page.locator("[data-side=note]")).to_contain_text("Third time this month")
    seen = world.system["sam"].every(f"/tickets/{ticket['id']}/messages")
    assert [each["text"] for each in seen] == ["Which valve is it?"]

    sid.press("Resolve")
    page.locator(".el-message-box textarea").fill("New seal")
    page.locator(".el-message-box .el-button--primary").click()
    expect(page.locator(".written")).to_have_text("New seal")
    assert world.system["sam"].get(f"/tickets/{ticket['id']}")["state"] == "resolved"


def test_r6_2_a_chance_that_is_noticed_becomes_an_opportunity(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    world.ship(world.delivery(world.order(customer, (item, "1"))))
    body = {"customer_id": customer["id"], "kind": "technical", "subject": world.name("Old pump")}
    ticket = world.system["sid"].post("/tickets", body, key=world.name("ticket"))
    sid = person("sid")
    page = sid.go(f"/service/tickets/{ticket['id']}")
    expect(page.locator("[data-holdings]")).to_contain_text(item["sku"])
    sid.press("Note a chance")
    sid.choose(page.get_by_role("combobox", name="Item").first, item["sku"])
    page.get_by_label("What was noticed").fill("The seals are worn")
    page.locator("[data-findings]").get_by_role("button", name="Save").click()
    found = page.locator("[data-findings] li")
    expect(found).to_contain_text("The seals are worn")
    expect(found.locator("a")).to_be_visible(timeout=PATIENCE_MS)
    assert world.system["sam"].every("/opportunities", customer_id=customer["id"])


def test_r6_2_a_return_and_a_replacement_are_wanted_by_clicks(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    world.ship(world.delivery(world.order(customer, (item, "2"))))
    body = {"customer_id": customer["id"], "kind": "technical", "subject": world.name("It drips")}
    ticket = world.system["sid"].post("/tickets", body, key=world.name("ticket"))
    sid = person("sid")
    page = sid.go(f"/service/tickets/{ticket['id']}")
    expect(page.locator("[data-holdings]")).to_contain_text(item["sku"])
    linked = page.locator("[data-linked]")
    for wanted, state in (("Ask for a return", "Waits for approval"), ("Order a replacement", "Confirmed")):
        linked.get_by_role("button", name=wanted).click()
        sid.choose(linked.get_by_role("combobox"), item["sku"])
        linked.get_by_label("Reason").fill("The seal leaks")
        linked.get_by_role("button", name=wanted).click()
        expect(linked.locator("li").last).to_contain_text(state, timeout=PATIENCE_MS)
    linked.locator("li a").first.click()
    expect(page.locator("main")).to_contain_text(ticket["number"])
