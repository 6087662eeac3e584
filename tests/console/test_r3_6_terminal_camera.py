"""R3.6: picking by camera in a browser that reads no codes by itself, and what is said where there is no camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.conftest import chromium_path, launched
from tests.console.fake_camera import CODES, FILM_S, film
from tests.console.person import PATIENCE_MS, Person
from tests.console.warehouse_work import a_count
from tests.e2e.systems import System
from tests.e2e.world import World

Enter = Callable[..., Person]
READS_NOTHING = "delete globalThis.BarcodeDetector"
READS_ONE_KIND = """globalThis.BarcodeDetector = class {
    static getSupportedFormats = async () => ['qr_code']
    detect = async () => []
}"""
MANY = "40"
FAILS = "void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{}')))"
REFUSALS = {
    "NotFoundError": ("This device has no camera", "未找到摄像头"),
    "NotAllowedError": ("The camera may not be used", "摄像头未获授权"),
    "NotReadableError": ("Another program uses the camera", "摄像头正被其他程序占用"),
}


@pytest.fixture(scope="module")
def before_a_camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser whose camera is a film of codes."""
    shown = film(tmp_path_factory.mktemp("film") / "codes.y4m")
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    found = launched(
        browser.browser_type, chromium_path(), *flags, f"--use-file-for-fake-video-capture={shown}"
    )
    yield found
    found.close()


@pytest.fixture(scope="module")
def shelf(system: System) -> list[Any]:
    """Put an item for each code on the shelf."""
    world = World(system)
    return [world.item(sku=code, stock="50") for code in CODES]


def test_r3_6_what_a_camera_shows_is_picked_where_the_browser_reads_no_codes(
    before_a_camera: Browser, system: System, world: World, shelf: list[Any]
) -> None:
    by_hand = world.item(stock="5")
    first, *others = shelf
    lines = [(first, MANY), *((item, "1") for item in [*others, by_hand])]
    note = world.delivery(world.order(world.customer(), *lines))
    wim = Person(before_a_camera, system, phone=True, language="en")
    wim.context.add_init_script(READS_NOTHING)
    fetched: list[str] = []
    wim.page.on("request", lambda each: fetched.append(each.url))
    wim.log_in("wim")
    page = wim.go(f"/warehouse/deliveries/{note['id']}")
    assert not _readers(fetched), "the reader is fetched only when a camera opens"
    wim.press("Camera")
    began = time.monotonic()
    rest = page.get_by_label(f"Now {by_hand['sku']}")
    expect(rest).to_have_value("0", timeout=2 * PATIENCE_MS)
    for item in others:
        expect(page.get_by_label(f"Now {item['sku']}")).to_have_value("1", timeout=2 * PATIENCE_MS)
    now = page.get_by_label(f"Now {first['sku']}")
    expect(now).not_to_have_value("0", timeout=2 * PATIENCE_MS)
    shown = 1 + (time.monotonic() - began) / FILM_S
    assert int(now.input_value()) <= 2 * shown, "what is held before the camera is one scan"
    assert len(_readers(fetched)) == 1
    expect(page.locator(".camera-said")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("video")).to_have_count(0)
    now.fill(MANY)
    rest.fill("1")
    wim.press("Picked")
    wim.sees("Picked.")
    assert world.system["wim"].get(f"/deliveries/{note['id']}")["state"] == "picked"
    wim.leave()


def _readers(urls: list[str]) -> list[str]:
    return [url for url in urls if "/pictureReader-" in url]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_r3_6_why_a_camera_shows_nothing_is_said(person: Enter, world: World, language: str) -> None:
    page = _at_a_sheet(person("wim", language=language), world, READS_NOTHING)
    for error, (english, chinese) in REFUSALS.items():
        page.evaluate(FAILS.format(error))
        page.locator(".scan button").click()
        expect(page.get_by_role("alert")).to_contain_text(chinese if language == "zh" else english)
        page.keyboard.press("Escape")
        expect(page.get_by_role("alert")).to_have_count(0)


def test_r3_6_a_browser_without_a_camera_says_so(person: Enter, world: World) -> None:
    page = _at_a_sheet(person("wim"), world, READS_NOTHING)
    page.locator(".scan button").click()
    expect(page.get_by_role("alert")).to_contain_text(REFUSALS["NotFoundError"][0])


def test_r3_6_a_browser_that_reads_some_codes_only_fetches_a_reader_and_says_when_it_cannot(
    before_a_camera: Browser, system: System, world: World
) -> None:
    wim = Person(before_a_camera, system, phone=False, language="en")
    wim.log_in("wim")
    page = _at_a_sheet(wim, world, READS_ONE_KIND)
    page.route("**/pictureReader-*", lambda route: route.abort())
    page.locator(".scan button").click()
    expect(page.get_by_role("alert")).to_contain_text("The reader of codes could not be loaded")
    wim.context.close()


def _at_a_sheet(wim: Person, world: World, script: str) -> Page:
    wim.context.add_init_script(script)
    return wim.go(f"/warehouse/counts/{a_count(world, world.item(stock='1'))['id']}")


def test_r3_6_why_there_is_no_camera_without_https_is_said(person: Enter, world: World) -> None:
    hidden = """Object.defineProperty(globalThis, 'isSecureContext', { value: false })
        Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined })"""
    page = _at_a_sheet(person("wim"), world, hidden)
    expect(page.locator(".scan")).to_contain_text("at an https address only")
    expect(page.locator(".scan button")).to_have_count(0)
