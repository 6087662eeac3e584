"""A person at a browser: what they do, and what their browser complains about."""

from __future__ import annotations

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.e2e.systems import System

DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000


def settled(page: Page) -> None:
    """Wait until the page's data is there."""
    expect(page.locator("main#content h1")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".el-skeleton")).to_have_count(0, timeout=PATIENCE_MS)


class Person:
    """One login in a browser of its own."""

    def __init__(
        self,
        browser: Browser,
        system: System,
        *,
        phone: bool,
        language: str,
        installed: bool = False,
        zone: str | None = None,
    ) -> None:
        self.url = str(system.target.gateway_url)
        self.passwords = {name: each.password for name, each in system.people.items()}
        self.context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN" if language == "zh" else "en-GB",
            reduced_motion="reduce",
            timezone_id=zone,
            # A test that answers for the server must be asked itself, and not the worker that keeps the page.
            service_workers="allow" if installed else "block",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal that the page shows is logged by the browser as well; whatever else it calls an error is one.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"outside address {request.url}")

    def log_in(self, name: str) -> None:
        """Log in as a person would."""
        self.page.goto(f"{self.url}/login")
        self.page.locator("#username").fill(name)
        self.page.locator("#password").fill(self.passwords[name])
        self.page.locator("form button[type=submit]").click()
        expect(self.page.locator("main#content h1")).to_be_visible(timeout=PATIENCE_MS)

    def log_out(self) -> None:
        """Log out, and wait until the page asks who comes next."""
        self.press("Log out")
        expect(self.page.locator("#username")).to_be_visible(timeout=PATIENCE_MS)

    def go(self, path: str) -> Page:
        """Open an address and wait until its data is there."""
        self.page.goto(self.url + path)
        settled(self.page)
        return self.page

    def press(self, name: str) -> None:
        """Press a button by what it says."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def choose(self, box: Locator, text: str) -> None:
        """Type into a field that finds things, and take the first."""
        box.click()
        box.fill(text)
        self.page.locator(
            ".el-select-dropdown:visible .el-select-dropdown__item", has_text=text
        ).first.click()

    def sees(self, text: str) -> None:
        """Wait until a text is there."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.complaints, self.complaints
