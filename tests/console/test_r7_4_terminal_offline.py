"""R7.4, R3.6: the warehouse terminal without a connection: acts are kept, sent once and in order, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.console.person import PATIENCE_MS, Person
from tests.console.terminal import kept_offline
from tests.e2e.world import World

Enter = Callable[..., Person]


def _picks(world: World, note: Any) -> list[Any]:
    done = world.system["wim"].get(f"/deliveries/{note['id']}/fulfilment")
    return [each for each in done["picks"] if each["kind"] == "taken"]


def test_r7_4_a_pick_without_connection_is_done_once_when_it_is_back(person: Enter, world: World) -> None:
    order = world.order(world.customer(), (world.item(stock="5"), "2"))
    note = world.delivery(order)
    wim = person("wim", phone=True, installed=True)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    kept_offline(page)

    wim.context.set_offline(True)
    wim.press("Picked")
    wim.sees("Kept on this device and not sent yet")
    expect(page.locator(".page-head .tag")).to_have_text("Picked")
    page.reload()
    expect(page.locator("main#content h1")).to_contain_text(note["number"], timeout=PATIENCE_MS)
    wim.sees("1 not sent")
    assert world.delivery(order)["state"] == "ready"

    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_count(0, timeout=PATIENCE_MS)
    assert world.delivery(order)["state"] == "picked"
    assert [each["quantity"] for each in _picks(world, note)] == ["2"]


def test_r7_4_an_act_whose_answer_was_lost_is_not_done_twice(person: Enter, world: World) -> None:
    order = world.order(world.customer(), (world.item(stock="5"), "2"))
    note = world.delivery(order)
    wim = person("wim")
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    keys: list[str] = []

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    def note_key(request: Any) -> None:
        if request.url.endswith("/pick"):
            keys.append(request.headers["idempotency-key"])

    page.route("**/pick", lose, times=1)
    page.on("request", note_key)
    wim.press("Picked")
    expect(page.locator(".pending-mark")).to_be_visible()
    expect(page.locator(".pending-mark")).to_have_count(0, timeout=PATIENCE_MS)

    assert len(keys) >= 2
    assert len(set(keys)) == 1, "sent again under another key"
    assert len(_picks(world, note)) == 1


def test_r7_4_what_is_refused_later_stays_until_a_person_decides(person: Enter, world: World) -> None:
    order = world.order(world.customer(), (world.item(stock="5"), "2"))
    note = world.delivery(order)
    wim = person("wim", installed=True)
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    kept_offline(page)
    wim.context.set_offline(True)
    wim.press("Picked")
    wim.sees("Kept on this device")
    wim.press("Ship everything")
    expect(page.locator(".pending-mark")).to_have_text("2 not sent")
    world.ship(note)

    wim.page.reload()
    wim.context.set_offline(False)
    expect(page.locator(".pending-mark")).to_have_text("1 refused", timeout=PATIENCE_MS)
    page.locator(".pending-mark").click()
    pick, ship = page.locator("[data-act=pick]"), page.locator("[data-act=ship]")
    expect(pick).to_contain_text("cannot be picked")
    expect(ship).to_contain_text("Waits behind what was refused")
    for act in (ship, pick):
        act.get_by_role("button", name="Give up").click()
        page.locator(".el-message-box").get_by_role("button", name="Give up").click()
        expect(act).to_have_count(0)
    wim.sees("Everything has been sent.")


def test_r7_4_what_one_person_did_is_never_sent_by_another(person: Enter, world: World) -> None:
    order = world.order(world.customer(), (world.item(stock="5"), "2"))
    note = world.delivery(order)
    wim = person("wim")
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    page.route("**/pick", lambda route: route.abort())
    wim.press("Picked")
    expect(page.locator(".pending-mark")).to_be_visible()
    wim.log_out()
    page.unroute("**/pick")
    wim.log_in("admin")
    wim.go("/warehouse/deliveries")
    expect(page.locator(".pending-mark")).to_have_count(0)
    assert world.delivery(order)["state"] == "ready"
    wim.log_out()
    wim.log_in("wim")
    expect(page.locator(".pending-mark")).to_have_count(0)
    page.wait_for_timeout(300)
    assert world.delivery(order)["state"] == "picked"
