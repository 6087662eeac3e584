"""R1.4: figures are drawn, and whoever does not see the drawing has its numbers and its rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.console.person import Person
from tests.console.screens import settled
from tests.e2e.world import World, usd

Enter = Callable[..., Person]


def _strokes(drawing: Locator) -> set[str]:
    """Return the colours of the lines of a drawing."""
    found = drawing.locator("path").evaluate_all("all => all.map((one) => one.getAttribute('stroke'))")
    return {each for each in found if each}


def test_r1_4_revenue_is_a_line_with_its_numbers_and_its_rows(person: Enter, world: World) -> None:
    item, customer = world.item(stock="5"), world.customer()
    world.order(customer, (item, "2"))
    mia = person("mia")
    figure = mia.go("/figures").locator("[data-figure=revenue_months]")
    expect(figure.locator(".drawing svg")).to_be_visible()
    expect(figure.locator(".drawing")).to_have_attribute("aria-hidden", "true")

    figure.locator("summary").click()
    expect(figure.locator("tbody tr")).to_have_count(12)
    newest = figure.locator("tbody tr").last
    expect(newest).to_contain_text(f"{world.system.today:%Y-%m}")
    expect(newest.locator("td")).not_to_have_text("US$0.00")
    with mia.page.expect_download() as given:
        figure.get_by_role("button", name="Order revenue by month: rows as CSV").click()
    text = Path(str(given.value.path())).read_text(encoding="utf-8")
    assert f'"{world.system.today:%Y-%m}","' in text.splitlines()[-1]
    assert text.splitlines()[-1].endswith(' USD"')


def test_r1_4_a_salesperson_bears_a_name(person: Enter, world: World) -> None:
    world.order(world.customer(), (world.item(stock="5"), "2"))
    mia = person("mia")
    revenue = mia.go("/figures").locator("[data-figure=revenue]")
    expect(revenue).to_contain_text("Sam ")
    expect(revenue).not_to_contain_text("A colleague")


def test_r1_4_a_chart_follows_the_theme(person: Enter) -> None:
    mia = person("mia")
    drawing = mia.go("/figures").locator("[data-figure=revenue_months] .drawing")
    expect(drawing.locator("svg")).to_be_visible()
    assert "#1f5fbf" in _strokes(drawing)
    mia.press("Dark")
    expect(drawing.locator("path[stroke='#6ea3f0']").first).to_be_attached()
    assert "#1f5fbf" not in _strokes(drawing)


def test_r1_4_what_draws_is_loaded_only_where_something_is_drawn(person: Enter) -> None:
    mia, loaded = person("mia"), list[str]()
    mia.page.on("response", lambda answer: loaded.append(Path(answer.url).name))
    settled(mia.go("/orders"))
    assert any(name.endswith(".js") for name in loaded)
    assert not [name for name in loaded if name.startswith("engine-")]
    expect(mia.go("/figures").locator(".drawing svg").first).to_be_visible()
    assert [name for name in loaded if name.startswith("engine-")]


def test_r1_3_figures_are_of_a_team_where_they_can_and_say_so_where_not(person: Enter, world: World) -> None:
    mia = world.system["mia"]
    name = world.name("Nobody yet")
    mia.post("/sales-teams", {"name": name, "manager_id": None, "members": []}, key=name)
    world.order(world.customer(), (world.item(stock="5"), "2"))
    seen = person("mia")
    page = seen.go("/figures")
    again, process, products, kept = (
        page.locator(f"[data-figure={figure}]")
        for figure in ("repurchase", "process", "products", "on_time_in_full")
    )
    expect(again.locator("li")).to_have_count(2)
    expect(again.locator("li strong").last).not_to_have_text("0")
    expect(products.locator("li").first).to_be_visible()

    seen.choose(page.get_by_role("combobox", name="Team"), name)
    expect(again.locator("li strong")).to_have_text(["0", "0"])
    expect(page.locator("[data-figure=segments] li strong").first).to_have_text(re.compile(r"\$0\.00$"))
    expect(kept).to_contain_text("of all teams and campaigns")
    for narrowed in (again, process, products):
        expect(narrowed).not_to_contain_text("of all teams and campaigns")
    expect(products.locator("li")).to_have_count(0)
    expect(products).not_to_contain_text("of who is in the team now")
    expect(process).to_contain_text("of who is in the team now")
    expect(process.locator("li strong")).to_have_text(["0"] * 4)
    expect(page.locator("[data-figure=cohorts]")).not_to_contain_text("%")


def test_r1_4_what_lies_dead_is_an_amount_for_who_may_know_it(person: Enter, world: World) -> None:
    wim = world.system["wim"]
    item, place = world.item(), wim.every("/warehouses")[0]["id"]
    line = {"item_id": item["id"], "quantity": "3", "unit_cost": usd("40.00")}
    day = (world.system.today - timedelta(days=100)).isoformat()
    received = {"warehouse_id": place, "received_on": day, "lines": [line]}
    wim.post("/receipts", received, key=world.name("receipt"))
    mia = person("mia")
    page = mia.go("/figures")
    page.get_by_role("combobox", name="Dashboard of").press("Enter")
    page.locator(".el-select-dropdown:visible").get_by_text("The company", exact=True).click()
    dead = page.locator("[data-figure=moving] li", has_text="Not sold")
    expect(dead).to_contain_text(re.compile(r"% · \D*\$[1-9]"))
    here = person("wim").go("/figures").locator("[data-figure=moving] li", has_text="Not sold")
    expect(here).to_contain_text("%")
    expect(here).not_to_contain_text("$")
