"""R3.1: a promotion is written, looked at and ended by clicks, and the next quotation is given what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r3_1_a_promotion_is_written_and_ended_by_clicks(person: Enter, world: World) -> None:
    item, customer = world.item(stock="9"), world.customer()
    mia, name = person("mia"), world.name("Three for two")
    page = mia.go("/admin/promotions")
    mia.press("New promotion")
    page.get_by_label("Name", exact=True).fill(name)
    mia.choose(page.get_by_role("combobox", name="Customer"), customer["number"])
    page.locator("label", has_text="Buy some, get some free").click()
    mia.choose(page.locator("[data-gift]").get_by_role("combobox", name="Item"), item["sku"])
    page.get_by_label("Get free").fill("none")
    mia.press("Put it to work")
    expect(page.locator("[data-gift] .el-form-item__error")).to_be_visible()
    page.get_by_label("Get free").fill("1")
    mia.press("Put it to work")
    expect(page.locator("[data-gift]")).to_have_text("Buy 2, get 1 free")
    assert _given(world, customer, item) == "100.00"

    mia.press("End it")
    page.get_by_label("Last day").fill("2020-01-31")
    page.locator(".el-dialog:visible").get_by_role("button", name="End it").click()
    mia.sees("It is given until")
    expect(page.locator("section", has_text="Versions")).to_contain_text("Version 2")
    assert _given(world, customer, item) == "0.00"


def test_r3_1_a_price_is_tried_with_the_promotions_that_the_quotations_had(
    person: Enter, world: World
) -> None:
    item, customer, name = world.item(stock="9"), world.customer(), world.name("Spring")
    gift = {"free_units": {"buy": "2", "free": "1", "items": [item["id"]]}}
    offered = {"name": name, "currency": "USD", "customer_id": customer["id"]} | gift
    world.system["mia"].post("/promotions", offered, key=world.name("promotion"))
    world.order(customer, (item, "3"))
    mia = person("mia")
    page = mia.go("/admin/policies/new")
    page.get_by_label("Name", exact=True).fill(world.name("For Harbor"))
    mia.choose(page.get_by_role("combobox", name="Customer"), customer["number"])
    line = page.locator("[data-price]").first
    mia.choose(line.get_by_role("combobox", name="Item"), item["sku"])
    line.get_by_label("Price").fill("80.50")
    mia.press("Try it")
    trial = page.locator("[data-trial]")
    expect(trial).to_contain_text("-$39.00 altogether")
    expect(trial.locator("[data-shares]")).to_contain_text("-$58.50 by the price")
    expect(trial.locator("[data-shares]")).to_contain_text(f"+$19.50 by {name}")
    expect(trial.locator("li")).to_contain_text(f"{name} took off $100.00, would take off $80.50")
    mia.press("Put it to work")
    mia.sees("Version 1 applies from now on.")
    lines = [{"item_id": item["id"], "quantity": "3"}]
    body = {"customer_id": customer["id"], "lines": lines}
    (now,) = world.system["mia"].post("/price-policies/try", body, key=world.name("try"))["lines"]
    assert now["amount"]["amount"] == "161.00", "200.00 less the 39.00 that the trial told"


def _given(world: World, customer: Any, item: Any) -> str:
    """Return what a quotation of three would be given by promotions."""
    lines = [{"item_id": item["id"], "quantity": "3"}]
    body = {"customer_id": customer["id"], "lines": lines}
    (line,) = world.system["mia"].post("/price-policies/try", body, key=world.name("try"))["lines"]
    return str(line["promotion"]["amount"])
