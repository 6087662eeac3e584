"""R3.6: delivery notes appear at the terminal by themselves, over a stream that ends with its session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gateway.changes import hub
from tests.console.conftest import in_both_shapes
from tests.console.person import PATIENCE_MS, Person
from tests.e2e.systems import System
from tests.e2e.world import World

Enter = Callable[..., Person]
ASKED_EVERY_MS = 3000
"""How often the list is asked for without a stream."""


def _statuses(who: Person) -> list[int]:
    found: list[int] = []
    who.page.on("response", lambda each: found.append(each.status) if each.url.endswith("/changes") else None)
    return found


def _follows(page: Page, world: World) -> None:
    """Let a note come in, and see it without a reload."""
    page.evaluate("window.stays = true")
    order = world.order(world.customer(), (world.item(stock="5"), "1"))
    note = world.delivery(order)
    page.get_by_label("Number").fill(note["number"])
    expect(page.get_by_text(note["number"]).first).to_be_visible(timeout=PATIENCE_MS)
    assert page.evaluate("window.stays")


@in_both_shapes
def test_r3_6_a_note_appears_at_the_terminal_by_itself(person: Enter, world: World) -> None:
    wim = person("wim")
    page = wim.page
    heard: list[str] = []
    session = wim.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.eventSourceMessageReceived", lambda each: heard.append(each["data"]))
    _listens(wim)
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "/deliveries?" in each.url else None)
    page.wait_for_timeout(4 * ASKED_EVERY_MS)
    # The company is shared: notes of tests before may still come in, and each hint of one asks once.
    reasons = 1 + _hints(heard)
    assert len(asked) <= reasons, "with a stream the list is not asked for every few seconds"
    before = _hints(heard)
    _follows(page, world)
    for _ in range(PATIENCE_MS // 100):
        if _hints(heard) > before:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"no hint came, but {heard}")


def _listens(wim: Person) -> None:
    """Open the list, and be told of changes: pages that were left take nobody's room."""
    with wim.page.expect_response("**/api/v1/changes", timeout=PATIENCE_MS) as answer:
        wim.go("/warehouse/deliveries")
    assert answer.value.status == 200


def _hints(heard: list[str]) -> int:
    return sum("deliveries" in each for each in heard)


def test_r3_6_a_stream_does_not_survive_a_logout(person: Enter, system: System) -> None:
    wim = person("wim")
    wim.go("/warehouse/deliveries")
    wim.page.evaluate(
        """() => { const said = window.said = [], source = new EventSource('/api/v1/changes')
        source.onopen = () => said.push('open')
        source.onerror = () => said.push(String(source.readyState)) }"""
    )
    wim.page.wait_for_function("() => window.said.includes('open')", timeout=PATIENCE_MS)
    status = wim.page.evaluate(
        """async () => { const { csrf_token } = await (await fetch('/api/v1/auth/session')).json()
        const headers = { 'X-CSRF-Token': csrf_token }
        return (await fetch('/api/v1/auth/session', { method: 'DELETE', headers })).status }"""
    )
    assert status == 204
    wim.page.wait_for_function("() => window.said.includes('2')", timeout=PATIENCE_MS)


def test_r3_6_where_there_is_no_room_the_page_asks_by_itself(
    person: Enter, world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(hub.Hub, "open", _no_room)
    wim = person("wim")
    statuses = _statuses(wim)
    page = wim.go("/warehouse/deliveries")
    _follows(page, world)
    assert statuses
    assert set(statuses) == {503}


def _no_room(*_: object) -> None:
    raise hub.Full
