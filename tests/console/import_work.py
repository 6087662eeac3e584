"""Files that an administrator brings in, and the steps of the page that takes them."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect

from tests.console.person import Person

Rows = Sequence[Sequence[str]]
CUSTOMER = ("number", "name", "currency", "city")


def a_file(header: Sequence[str], rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as a file; their cells hold neither quotes nor separators."""
    return "".join(f"{separator.join(row)}\r\n" for row in (header, *rows)).encode(encoding)


def customers(stem: str, number: int) -> list[list[str]]:
    """Return rows of so many customers, each with a number of its own."""
    return [[f"{stem}-{n}", f"Quay Works {n}", "USD", "Rotterdam"] for n in range(number)]


def choose(who: Person, kind: str, content: bytes, name: str = "rows.csv") -> Page:
    """Open the page of a kind, unless it is open, and choose a file."""
    path = f"/admin/imports/{kind}"
    if not who.page.url.endswith(path):
        who.go(path)
    who.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    return who.page


def look(who: Person) -> Locator:
    """Ask what would come of the file, and wait for the answer."""
    section = who.page.locator("[data-section=look]")
    section.get_by_role("button", name="Look").click()
    found = section.locator("[data-look]")
    expect(found).to_be_visible()
    return found


def figure(found: Locator, label: str) -> Locator:
    """Return a figure of a look by what it is called."""
    return found.locator(".figure", has_text=label).locator("strong")
