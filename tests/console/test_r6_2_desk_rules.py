"""R6.2: who is on duty, which ticket goes where and what is promised are set by clicks, and stay what was set."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]
SETTINGS = ("/desk-roster", "/ticket-routing", "/sla-policy")


@pytest.fixture
def kept(world: World) -> Iterator[None]:
    """Put back what the whole desk is set to."""
    mia = world.system["mia"]
    before = {path: mia.get(path) for path in SETTINGS}
    yield
    for path, setting in before.items():
        body: dict[str, Any] = {name: value for name, value in setting.items() if name != "version"}
        if path == "/desk-roster":
            told = ("on_duty_today", "on_duty_now", "open_tickets", "open_weight")
            body = {"people": [{n: v for n, v in each.items() if n not in told} for each in body["people"]]}
        mia.put(path, body)


@pytest.mark.usefixtures("kept")
def test_r6_2_the_roster_is_written_by_clicks(person: Enter, world: World) -> None:
    mia = person("mia")
    page = mia.go("/admin/roster")
    mia.press("Add somebody")
    card = page.locator("[data-person]").last
    card.get_by_role("combobox", name="Who", exact=True).click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="Sid").first.click()
    card.get_by_text("Sat", exact=True).click()
    card.get_by_role("button", name="Add an absence").click()
    card.get_by_label("Away from").fill("2031-05-03")
    card.get_by_label("Away until").fill("2031-05-01")
    mia.press("Apply from now on")
    expect(card.locator(".line-bad")).to_contain_text("ends before it begins")
    card.get_by_label("Away until").fill("2031-05-04")
    mia.press("Apply from now on")
    expect(card).to_contain_text(re.compile(r"Open tickets: \d"))
    who = world.system["mia"].get("/desk-roster")["people"][-1]
    assert (who["weekdays"][-1], who["absences"][0]["until"]) == ("saturday", "2031-05-04")


@pytest.mark.usefixtures("kept")
def test_r6_2_hours_on_duty_are_written_by_clicks(person: Enter, world: World) -> None:
    mia = person("mia")
    page = mia.go("/admin/roster")
    mia.press("Add somebody")
    card = page.locator("[data-person]").last
    card.get_by_role("combobox", name="Who", exact=True).click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="Sid").first.click()
    expect(card.locator("[data-day=monday]")).to_contain_text("The whole day")
    card.get_by_text("Sat", exact=True).click()
    saturday = card.locator("[data-day=saturday]")
    saturday.get_by_role("button", name="Add hours").click()
    saturday.get_by_label("Opens").fill("22:00")
    saturday.get_by_label("Closes").fill("06:00")
    mia.press("Apply from now on")
    expect(saturday.locator(".line-bad")).to_contain_text("over midnight")
    saturday.get_by_label("Closes").fill("24:00")
    mia.press("Apply from now on")
    mia.sees("applies from now on.")
    roster = world.system["mia"].get("/desk-roster")
    assert roster["people"][-1]["hours"] == {"saturday": [{"opens": "22:00", "closes": "24:00"}]}
    assert roster["zone"] is not None
    page.reload()
    expect(
        page.locator("[data-person]").last.locator("[data-day=saturday]").get_by_label("Closes")
    ).to_have_value("24:00")
    days = page.locator("[data-person]").last.get_by_role("group", name="Days of the week")
    days.get_by_text("Sat", exact=True).click()
    mia.press("Apply from now on")
    mia.sees("applies from now on.")
    assert world.system["mia"].get("/desk-roster")["people"][-1]["hours"] == {}


@pytest.mark.usefixtures("kept")
def test_r6_2_a_rule_of_routing_is_written_by_clicks(person: Enter, world: World) -> None:
    word, mia = world.name("drip"), person("mia")
    page = mia.go("/admin/routing")
    mia.press("Add a rule")
    rule = page.locator("[data-rule]").last
    rule.get_by_label("Name").fill("Leaks")
    rule.get_by_role("combobox", name="Has one of the words").click(force=True)
    page.keyboard.type(word)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=word).click()
    page.keyboard.press("Escape")
    rule.get_by_role("combobox", name="Then it is of the kind").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="Quality").click()
    mia.press("Apply from now on")
    mia.sees("applies from now on.")
    made = world.system["mia"].get("/ticket-routing")["rules"][-1]
    assert (made["words"], made["kind"], made["queue"]) == ([word], "quality", None)


@pytest.mark.usefixtures("kept")
def test_r6_2_promises_and_hours_are_set_and_nobody_writes_over_another(person: Enter, world: World) -> None:
    mia = person("mia")
    page = mia.go("/admin/sla")
    mia.press("Add a promise before these")
    promise = page.locator("[data-target]").first
    promise.get_by_role("combobox", name="Priority").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="Urgent").click()
    page.keyboard.press("Escape")
    promise.get_by_role("spinbutton", name="Answered within").fill("90")
    promise.get_by_role("spinbutton", name="Solved within").fill("30")
    mia.press("Apply from now on")
    expect(promise.locator(".el-form-item__error")).to_contain_text("solved before it is answered")
    promise.get_by_role("spinbutton", name="Solved within").fill("300")
    page.locator("[data-day=saturday]").get_by_role("button", name="Add hours").click()
    mia.press("Apply from now on")
    mia.sees("applies from now on.")
    policy = world.system["mia"].get("/sla-policy")
    assert policy["targets"][0]["resolution_minutes"] == 300
    assert policy["calendar"]["week"]["saturday"] == [{"opens": "09:00", "closes": "17:00"}]

    body = {name: value for name, value in policy.items() if name != "version"}
    world.system["mia"].put("/sla-policy", body | {"warn_percent": 66})
    mia.press("Apply from now on")
    mia.press("Drop mine and read the newest")
    expect(page.get_by_role("spinbutton", name="Warn when")).to_have_value("66")
