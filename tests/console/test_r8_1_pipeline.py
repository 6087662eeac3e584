"""R8.1, R5.6, R6.1: from a lead to the quotation, what is offered, and units by their serials; by clicks."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from meridian.demo.people import wait_for
from tests.console.desk_work import a_lead, an_opportunity
from tests.console.person import PATIENCE_MS, Person
from tests.e2e.test_recommendations import a_better_one
from tests.e2e.test_serials import tracked_item
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r8_1_a_card_is_dragged_and_moved_by_keys_and_won(person: Enter, world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    title = world.name("New hall")
    made = an_opportunity(world, customer, item, title)
    sam = person("sam")
    page = sam.go("/opportunities")
    card = page.locator(f"[data-card={made['number']}]")
    card.drag_to(page.locator("[data-stage=qualified]"))
    expect(page.locator("[data-stage=qualified]")).to_contain_text(title)
    button = page.locator("[data-stage=qualified]").get_by_role("button", name=f"Move {title} to Proposition")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-stage=proposition]")).to_contain_text(title)
    assert world.system["sam"].get(f"/opportunities/{made['id']}")["stage"] == "proposition"

    page.locator("[data-stage=proposition]").get_by_role("link", name=title).click()
    page.get_by_label("Next step").fill("Send the drawing")
    sam.press("Save")
    sam.sees("The next step is kept.")
    sam.press("Won")
    expect(page.locator("[data-quotation]")).to_be_visible(timeout=PATIENCE_MS)
    assert world.system["sam"].get(f"/opportunities/{made['id']}")["next_step"] == "Send the drawing"


def test_r8_1_a_lead_is_qualified_from_its_page(person: Enter, world: World) -> None:
    lead = a_lead(world, world.name("Quay Works"))
    sam = person("sam", phone=True)
    sam.go(f"/leads/{lead['id']}")
    sam.press("Qualify")
    sam.page.wait_for_url(re.compile("/opportunities/"))
    assert world.system["sam"].get(f"/leads/{lead['id']}")["state"] == "qualified"


def test_r5_6_what_is_offered_is_seen_counted_and_refused(person: Enter, world: World) -> None:
    customer, item, better = world.customer(), world.item(stock="9"), world.item()
    a_better_one(world, item, better)
    world.order(customer, (item, "1"))
    sam = world.system["sam"]
    wait_for(lambda: sam.every("/recommendations", customer_id=customer["id"], state="open"), "the offer")
    seller = person("sam")
    page = seller.go(f"/customers/{customer['id']}")
    offer = page.locator(f"[data-offer='{better['sku']}']")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Not this").click()
    page.locator(".el-dialog .el-select__wrapper").click()
    page.locator(".el-select-dropdown__item:visible", has_text="Too expensive").click()
    page.locator(".el-dialog").get_by_role("button", name="Not this").click()
    expect(offer).to_have_count(0)
    (told,) = sam.every("/recommendations", customer_id=customer["id"], state="dismissed")
    assert told["reason"] == "too_expensive"
    assert told["shown_at"] is not None


def test_figures_are_shown_and_their_rows_are_had_as_csv(person: Enter, world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    an_opportunity(world, customer, item, world.name("New hall"))
    mia = person("mia")
    page = mia.go("/figures")
    pipeline = page.locator("[data-figure=pipeline]")
    expect(pipeline).to_contain_text("New")
    with page.expect_download() as loaded:
        pipeline.get_by_role("button").click()
    text = loaded.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith('"New","')
    assert "USD" in text


def test_r1_4_teams_and_moving_items_are_drawn(person: Enter, world: World) -> None:
    customer, item = world.customer(), world.item(stock="5")
    members = [world.system["sam"].get("/auth/me")["id"]]
    name = world.name("North")
    world.system["mia"].post("/sales-teams", {"name": name, "members": members}, key=world.name("team"))
    order = world.order(customer, (item, "3"))
    world.until(order, "the confirmation", state="confirmed")
    world.ship(world.delivery(order))
    page = person("mia").go("/figures")
    expect(page.locator("[data-figure=teams]")).to_contain_text(name)
    expect(page.locator("[data-figure=campaigns]")).to_contain_text("None")
    page = person("wim").go("/figures")
    expect(page.locator("[data-figure=moving]")).to_contain_text("Fast")


def test_r6_1_units_are_received_and_picked_by_serial(person: Enter, world: World) -> None:
    item, customer = tracked_item(world, "serial"), world.customer()
    stem = world.name("SN").replace("-", "")
    first, second = f"{stem}1", f"{stem}2"
    wim = person("wim")
    page = wim.go("/warehouse/receive")
    line = page.locator("[data-line]").first
    wim.choose(line.get_by_role("combobox", name="Item"), item["sku"])
    line.get_by_label("Quantity").fill("2")
    page.get_by_label(f"Serials of {item['sku']}").fill(f"{first}, {second}")
    wim.press("Book the receipt")
    wim.sees("is booked")
    order = world.order(customer, (item, "1"))
    note = world.delivery(order)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    page.get_by_label(f"Serials of {item['sku']}").fill(second)
    wim.press("Picked")
    wim.sees("Picked.")
    expect(page.locator("tbody")).to_contain_text(second)
    wim.press("Ship everything")
    wim.sees("Shipped.")
    (gone,) = world.system["sid"].every("/serials", item_id=item["id"], customer_id=customer["id"])
    assert gone["serial"] == second
