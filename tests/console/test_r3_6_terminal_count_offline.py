"""R3.6, R7.4: a stock count is opened, counted and closed without a connection; all of it is sent once, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.console.person import PATIENCE_MS, Person
from tests.console.terminal import kept_offline, scan
from tests.console.warehouse_work import a_count
from tests.e2e.world import World

Enter = Callable[..., Person]


def _found(page: Page, sku: str, *counts: str) -> None:
    for count in counts:
        scan(page, sku)
        expect(page.locator(".scan p")).to_have_text(f"{sku}: {count} found")


def _close(page: Page) -> Locator:
    return page.get_by_role("button", name="Close the count")


def _sheet(world: World, page: Page) -> Any:
    return world.system["wim"].get(f"/stock-counts/{_id(page)}")


def _id(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def test_r3_6_a_count_is_opened_counted_twice_and_closed_without_a_connection(
    person: Enter, world: World
) -> None:
    item = world.item(stock="3")
    wim = person("wim", phone=True, installed=True)
    page = wim.go("/warehouse/counts")
    kept_offline(page)
    sent: list[tuple[str, str]] = []
    wim.press("Open a count")
    wim.choose(page.get_by_role("combobox", name="Item"), item["sku"])

    wim.context.set_offline(True)
    wim.press("Begin counting")
    page.wait_for_url("**/warehouse/counts/*-*")
    wim.sees("Kept on this device and not sent yet")
    expect(_close(page)).to_be_disabled()
    for _ in range(2):
        _found(page, item["sku"], "1", "2")
        wim.press("Enter what was found")
        expect(page.locator("tbody tr").filter(has_text=item["sku"])).to_contain_text("Not sent")
    _close(page).click()
    expect(page.locator(".pending-mark")).to_have_text("4 not sent")
    page.reload()
    expect(page.locator("main#content h1")).to_contain_text(item["sku"], timeout=PATIENCE_MS)
    count = _id(page)
    assert not world.found(world.system["wim"], f"/stock-counts/{count}")

    page.on("request", lambda each: sent.append((each.method, each.url.rsplit("/", 1)[1])))
    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator(".page-head .tag")).to_have_text("Booked")
    acts = [name for method, name in sent if method == "POST"]
    assert acts == ["stock-counts", "counted", "counted", "close"]
    assert _sheet(world, page)["state"] == "posted"
    (here,) = world.system["wim"].every("/stock", item_id=item["id"])
    assert here["on_hand"] == "2"


def test_r3_6_what_was_scanned_before_an_opening_was_sent_is_on_its_sheet(
    person: Enter, world: World
) -> None:
    item = world.item(stock="3")
    wim = person("wim", installed=True)
    page = _counted_offline(wim, item["sku"])
    page.go_back()
    expect(page.locator("tbody tr").filter(has_text=f"MAIN {item['sku']}")).to_contain_text("Not sent")
    page.go_forward()

    wim.context.set_offline(False)
    expect(page.locator("h1")).to_contain_text("SC-", timeout=PATIENCE_MS)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("2")
    wim.press("Enter what was found")
    expect(page.locator("tbody tr")).to_contain_text("Count again")
    assert _sheet(world, page)["lines"][0]["counted"] == "2"


def test_r3_6_an_opening_whose_answer_was_lost_opens_one_count(person: Enter, world: World) -> None:
    item = world.item(stock="3")
    wim = person("wim")
    page = wim.go("/warehouse/counts")
    sent: list[Any] = []

    def lose(route: Any) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append((route.request.headers["idempotency-key"], route.request.post_data_json["id"]))
        route.fetch()
        return route.abort() if len(sent) == 1 else route.continue_()

    page.route("**/api/v1/stock-counts", lose)
    wim.press("Open a count")
    wim.choose(page.get_by_role("combobox", name="Item"), item["sku"])
    wim.press("Begin counting")
    page.wait_for_url("**/warehouse/counts/*-*")
    expect(page.locator(".pending-mark")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("h1")).to_contain_text("SC-")
    assert len(sent) >= 2
    assert {each for _, each in sent} == {_id(page)}
    assert len(set(sent)) == 1, "sent again under another key"


def test_r3_6_an_opening_that_is_refused_keeps_what_was_counted_until_it_may_be_sent(
    person: Enter, world: World
) -> None:
    item = world.item()
    place = _a_place(world, item, "2")
    wim = person("wim", installed=True)
    page = wim.go("/warehouse/counts")
    kept_offline(page)
    wim.press("Open a count")
    box = page.get_by_role("combobox", name="Item")
    box.fill(item["sku"])
    expect(page.get_by_role("option", name=item["sku"])).to_be_visible()
    box.press("Escape")
    page.locator(".el-select", has_text="MAIN").click()
    page.get_by_role("option", name=place["code"]).click()

    wim.context.set_offline(True)
    wim.press("Begin counting")
    page.wait_for_url("**/warehouse/counts/*-*")
    scan(page, "SOMETHING")
    expect(page.locator(".scan p")).to_contain_text("SOMETHING is not on the sheet.")
    _found(page, item["sku"], "1", "2")
    wim.press("Enter what was found")
    _close(page).click()
    expect(page.locator(".pending-mark")).to_have_text("3 not sent")
    other = a_count(world, item, place=place)

    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_text("1 refused", timeout=PATIENCE_MS)
    wim.sees("another open count holds some of it")
    count = _id(page)
    page.locator(".pending-mark").click()
    opening = page.locator("[data-act=open_count]")
    expect(opening).to_contain_text("another open count holds some of it")
    for behind in ("count", "close_count"):
        expect(page.locator(f"[data-act={behind}]")).to_contain_text("Waits behind what was refused")
    world.system["wim"].post(f"/stock-counts/{other['id']}/cancel", {"reason": "Twice"}, key=other["id"])
    opening.get_by_role("button", name="Try again").click()
    wim.sees("Everything has been sent.")
    after = world.system["wim"].get(f"/stock-counts/{count}")
    assert (after["state"], after["lines"][0]["counted"]) == ("posted", "2")


def test_r3_6_an_opening_that_is_given_up_takes_what_hangs_on_it_along(person: Enter, world: World) -> None:
    item = world.item(stock="3")
    wim = person("wim", installed=True)
    page = _counted_offline(wim, item["sku"])
    wim.press("Enter what was found")
    count = _id(page)
    expect(page.locator(".pending-mark")).to_have_text("2 not sent")
    page.locator(".pending-mark").click()
    page.locator("[data-act=open_count]").get_by_role("button", name="Give up").click()
    expect(page.locator(".el-message-box")).to_contain_text("with what was done on it (1)")
    page.locator(".el-message-box").get_by_role("button", name="Give up").click()
    wim.sees("Everything has been sent.")
    wim.context.set_offline(False)
    wim.go("/warehouse/counts")
    assert not world.found(world.system["wim"], f"/stock-counts/{count}")


def test_r3_6_a_closing_that_is_refused_says_why_and_the_count_goes_on(person: Enter, world: World) -> None:
    item = world.item(stock="3")
    sheet = a_count(world, item)
    wim = person("wim", installed=True)
    page = wim.go(f"/warehouse/counts/{sheet['id']}")
    kept_offline(page)
    wim.context.set_offline(True)
    _found(page, item["sku"], "1", "2")
    wim.press("Enter what was found")
    _close(page).click()
    expect(page.locator(".pending-mark")).to_have_text("2 not sent")

    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_text("1 refused", timeout=PATIENCE_MS)
    wim.sees("are not counted to the end")
    page.locator(".pending-mark").click()
    page.locator("[data-act=close_count]").get_by_role("button", name="Give up").click()
    page.locator(".el-message-box").get_by_role("button", name="Give up").click()
    wim.sees("Everything has been sent.")
    page = wim.go(f"/warehouse/counts/{sheet['id']}")
    expect(page.locator("tbody tr")).to_contain_text("Count again")
    _found(page, item["sku"], "1", "2")
    wim.press("Enter what was found")
    # The button is off again until the list tells what the answer told.
    expect(page.locator("tbody tr")).not_to_contain_text("Count again", timeout=PATIENCE_MS)
    expect(page.locator("tbody tr")).to_contain_text("Counted", timeout=PATIENCE_MS)
    _close(page).click()
    wim.sees("its differences are booked")


def _a_place(world: World, item: Any, quantity: str) -> Any:
    """Set up a warehouse where nothing but so much of an item lies."""
    wim, code = world.system["wim"], world.name("SHED")
    place = wim.post("/warehouses", {"code": code, "name": "Shed"}, key=code)
    lines = [{"item_id": item["id"], "quantity": quantity}]
    wim.post("/receipts", {"warehouse_id": place["id"], "lines": lines}, key=world.name("receipt"))
    return place


def _counted_offline(wim: Person, sku: str) -> Page:
    """Open a count of an item without a connection, and find two of it."""
    page = wim.go("/warehouse/counts")
    kept_offline(page)
    wim.press("Open a count")
    wim.choose(page.get_by_role("combobox", name="Item"), sku)
    wim.context.set_offline(True)
    wim.press("Begin counting")
    page.wait_for_url("**/warehouse/counts/*-*")
    _found(page, sku, "1", "2")
    return page
