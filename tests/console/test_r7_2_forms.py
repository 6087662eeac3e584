"""R7.2: a company adds a field to its documents by clicks, in both languages, and tries it before it applies."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r7_2_a_field_is_defined_tried_and_put_to_work_by_clicks(person: Enter, world: World) -> None:
    mia, name = person("mia"), world.name("Hazard")
    page = mia.go("/admin/forms")
    page.locator("main").get_by_role("link", name="Item", exact=True).click()
    mia.press("Change the fields")
    mia.sees("Fields of: Item")
    field = page.locator("[data-field]").last
    field.get_by_label("Name in English").first.fill(name)
    field.get_by_role("combobox", name="What it holds").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="One of several").click()
    for place, (english, chinese) in enumerate((("High", "高"), ("Low", "低")), start=1):
        field.get_by_label(f"Choice {place} in English").fill(english)
        field.get_by_label(f"Choice {place} in Chinese").fill(chinese)
    expect(page.get_by_role("button", name="Put it to work")).to_be_disabled()
    mia.press("Try it")
    expect(field.locator(".el-form-item__error")).to_be_visible()
    field.get_by_label("Name in Chinese").first.fill("危险等级")
    mia.press("Try it")
    expect(page.locator("[data-trial]")).to_contain_text("Nothing lacks")
    mia.press("Put it to work")
    mia.sees("applies from now on.")
    row = page.locator("tbody tr", has_text=name)
    expect(row).to_contain_text("High, Low")
    (form,) = world.system["mia"].get("/inventory-forms?document=item")["items"]
    made = form["fields"][-1]
    assert made["label"] == {"en": name, "zh": "危险等级"}
    assert [each["key"] for each in made["options"]] == ["high", "low"]

    mia.press("Change the fields")
    page.locator("[data-field]").last.get_by_text("Retired: not asked any more").click()
    mia.press("Try it")
    mia.press("Put it to work")
    expect(row).to_contain_text("Inactive")
    page.get_by_role("combobox", name="Version").click(force=True)
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item").nth(1).click()
    expect(row).to_contain_text("Active")
