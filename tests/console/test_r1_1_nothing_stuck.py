"""R1.1: what could not be handled is seen with its reason and sent again, and what the audit found is seen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.console.admin_work import a_parked_message, an_audit
from tests.console.person import Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def test_r1_1_an_administrator_sends_a_message_again(person: Enter, world: World) -> None:
    world.item()
    parked = a_parked_message(world.system)
    admin = person("admin")
    admin.page.locator(".side").get_by_text("Administration").click()
    admin.page.get_by_role("link", name="Messages set aside").click()
    row = admin.page.locator("tbody tr", has=admin.page.locator(f"a[href*='{parked}']"))
    expect(row).to_contain_text("Nobody here knows this kind")
    expect(row).to_contain_text("Waits for a person")
    row.locator("a").first.click()
    expect(admin.page.get_by_label("What it says")).to_contain_text("inventory.item.registered.v1")
    admin.press("Send again")
    dialog = admin.page.locator(".el-dialog:visible")
    send = dialog.get_by_role("button", name="Send again")
    expect(send).to_be_disabled()
    dialog.get_by_label("Why is it sent again?").fill("The service knows it now")
    send.click()
    admin.sees("It is being tried again.")
    expect(row).to_have_count(0, timeout=30_000)


def test_r1_1_the_last_audit_is_shown_with_its_checks(person: Enter, world: World) -> None:
    an_audit(world.system)
    admin = person("admin", language="zh", phone=True)
    page = admin.go("/admin/audits")
    expect(page.locator(".figure", has_text="违反次数")).to_contain_text("0")
    expect(page.locator("tbody tr", has_text="I5").first).to_contain_text("通过")
    page.get_by_text("仅显示违反项").click()
    admin.sees("没有违反项。")


def test_r1_1_whoever_is_no_administrator_is_shown_none_of_it(person: Enter) -> None:
    wim, fay = person("wim"), person("fay")
    expect(wim.page.locator(".side")).to_contain_text("Deliveries")
    expect(wim.page.locator(".side")).not_to_contain_text("Administration")
    page = fay.go("/admin")  # finance has its approval flows there, and no messages
    expect(page.locator("main")).to_contain_text("Approval flows")
    expect(page.locator("main")).not_to_contain_text("Messages set aside")
    for each in (wim, fay):
        expect(each.go("/admin/messages").locator(".state-bad")).to_be_visible()
