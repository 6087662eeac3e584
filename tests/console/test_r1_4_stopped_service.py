"""R1.4, R5.7: a service that is stopped costs the customer's page its own sections only, and they say since when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from libs.common.clock import SystemClock
from meridian.topography import SERVICES
from tests.console.desk_work import a_ticket, an_opportunity
from tests.console.person import Person
from tests.e2e.systems import System
from tests.e2e.world import World

Enter = Callable[..., Person]
Stop = Callable[[str], None]

SECTIONS = {
    "profile": "crm",
    "relationship": "crm",
    "sales": "sales",
    "deliveries": "inventory",
    "credit": "finance",
    "service": "service_desk",
}
"""Of which service each section is."""
HALF_A_MINUTE_MS = 31_000
"""After so long the page asks again by itself; while a service is silent, every five seconds."""
SOON_MS = 20_000


@pytest.fixture
def stop(system: System) -> Iterator[Stop]:
    """Give a way to stop the web process of a service; all run again after the test."""
    assert system.kill is not None
    assert system.revive is not None
    yield lambda service: system.kill(f"{service}-web") if system.kill else None
    system.revive()


@pytest.fixture
def customer(world: World) -> Any:
    """Give a customer of whom every service knows something."""
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "3"))
    world.ship(world.delivery(order))
    world.invoices(order)
    a_ticket(world, customer, item)
    an_opportunity(world, customer, item, "Pumps for the new hall")
    return customer


def section(page: Page, name: str) -> Locator:
    return page.locator(f"[data-section={name}]")


def expect_silent(page: Page, *services: str, within_ms: int = SOON_MS) -> None:
    """Look at every section: those of the named services say that nobody answers, all others are fresh."""
    for name, service in SECTIONS.items():
        state = "silent" if service in services else "fresh"
        expect(section(page, name)).to_have_attribute("data-state", state, timeout=within_ms)
        times = section(page, name).locator(".hold time")
        expect(times).to_have_count(1 if state == "silent" else 0)
    expect(page.locator("[data-missing]")).to_have_count(1 if services else 0)


def said_since(part: Locator) -> datetime:
    """Return since when a section says that nobody answers."""
    told = part.locator(".hold time").get_attribute("datetime")
    assert told is not None
    return datetime.fromisoformat(told).astimezone(UTC)


def test_r1_4_a_stopped_service_says_since_when_and_what_was_known_last(
    person: Enter, customer: Any, stop: Stop, system: System
) -> None:
    sam, path = person("sam"), f"/customers/{customer['id']}"
    sam.page.clock.install()
    page = sam.go(path)
    service = section(page, "service")
    expect(service).to_contain_text("Pump is loud and drips")
    expect_silent(page)

    before = SystemClock().now().replace(microsecond=0)
    stop("service_desk")
    page.clock.fast_forward(HALF_A_MINUTE_MS)
    expect_silent(page, "service_desk")
    assert before <= said_since(service) <= SystemClock().now()
    expect(service).to_contain_text("Not current")
    expect(service).to_contain_text(
        re.compile(r"No answer from Service desk\s+since \d+ \w+ \d{4}, \d\d:\d\d")
    )
    expect(service).to_contain_text(re.compile(r"Shown as it was at \d+ \w+ \d{4}, \d\d:\d\d"))
    expect(service).to_contain_text("Pump is loud and drips")
    expect(page.locator("[data-missing]")).to_contain_text("Service")
    expect(section(page, "sales")).to_contain_text("as of")
    expect(section(page, "credit")).to_contain_text("$300.00")

    assert system.revive is not None
    system.revive()
    expect_silent(page)
    expect(service).to_contain_text("Pump is loud and drips")
    expect(service).to_contain_text("as of")
    assert page.url.endswith(path)


def test_r1_4_a_page_opened_while_a_service_is_stopped_fills_by_itself(
    person: Enter, customer: Any, stop: Stop, system: System
) -> None:
    stop("service_desk")
    page = person("sam", language="zh", phone=True).go(f"/customers/{customer['id']}")
    service = section(page, "service")
    expect_silent(page, "service_desk")
    expect(service).to_contain_text(re.compile(r"售后服务无响应\s+自 \d{4}年\d+月\d+日 \d\d:\d\d 起"))
    expect(service).to_contain_text("服务恢复后将自动显示")
    expect(service).not_to_contain_text("Pump is loud and drips")

    assert system.revive is not None
    system.revive()
    expect(service).to_contain_text("Pump is loud and drips", timeout=SOON_MS)
    expect_silent(page)


def test_r1_4_each_service_costs_its_own_sections_only(
    person: Enter, customer: Any, stop: Stop, system: System
) -> None:
    mia = person("mia")
    assert system.revive is not None
    for each in SERVICES:
        stop(each)
        page = mia.go(f"/customers/{customer['id']}")
        expect_silent(page, each)
        system.revive()
        expect_silent(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(customer["name"])
        # What is asked for beside the page is back as well, without anybody pressing "Try again".
        expect(page.locator(".state-bad")).to_have_count(0, timeout=SOON_MS)
