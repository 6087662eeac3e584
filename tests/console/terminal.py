"""What a scanner types, and a page that a service worker keeps."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotYet

from tests.console.person import PATIENCE_MS, settled

FILES_PATIENCE_MS = 30_000
LOADS = 4
_KEPT = "() => navigator.serviceWorker.controller !== null"
_KEYS = """keys => keys.forEach(key => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))"""


def scan(page: Page, code: str) -> None:
    """Type as a scanner does: at once, with an Enter. The browser does it in one go, however busy the machine is.

    Into a field nothing is written so: keys that are told to a page are heard and not typed. A page hears nothing
    until it shows what the last scan was.
    """
    expect(page.locator(".scan p")).to_be_visible(timeout=PATIENCE_MS)
    page.evaluate(_KEYS, [*code, "Enter"])


def kept_offline(page: Page) -> None:
    """Wait until the page would open without a connection: every file of the console has been brought by then.

    A page that was on its way while the worker took over belongs to nobody until it is loaded once more.
    """
    for _ in range(LOADS):
        try:
            page.wait_for_function(_KEPT, timeout=FILES_PATIENCE_MS)
        except NotYet:
            page.reload()
        else:
            break
    page.wait_for_function(_KEPT, timeout=FILES_PATIENCE_MS)
    settled(page)
