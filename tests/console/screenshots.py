"""Takes pictures of the console in front of a company with a year behind it and a day's work on its desks.

python -m tests.console.screenshots docs/console            the pictures that are kept, and no others
python -m tests.console.screenshots FOLDER all              every screen, both languages, desk and phone
python -m tests.console.screenshots FOLDER order figures    the named screens, likewise

Names and what is shown are the same in every run; only days and times move on.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from libs.common.clock import SystemClock
from tests.console.person import Person
from tests.console.pictures import KEPT, Picture, every
from tests.console.screens import settled
from tests.console.working_day import a_working_day
from tests.console.year import write_year
from tests.e2e.systems import System, start_embedded

ROOT = Path(__file__).resolve().parents[2]
COLOURS = 256
TALLEST = 1700
"""A picture of a whole page is cut here: below it nobody looks at it in a document."""
NEXT_LOOK_MS = 31_000
"""After so long the customer's page asks its services again."""


def main() -> None:
    """Write the pictures that are asked for into the folder that is named."""
    folder, asked = Path(sys.argv[1]), set(sys.argv[2:])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [each for each in every() if asked == {"all"} or each.screen in asked] if asked else list(KEPT)
    if not asked:
        for old in set(folder.glob("*.png")) - {folder / each.name for each in wanted}:
            old.unlink()
    subprocess.run([ROOT / "deploy" / "setup" / "console.sh"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        today = SystemClock().now().date()
        system = start_embedded(Path(home, "system"), write_year(Path(home, "company"), today))
        documents = a_working_day(system)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env={**os.environ, "LANGUAGE": "en_GB"},
        )
        for one in _by_person(wanted):
            _take(browser, system, documents, folder, one)
        browser.close()
        system.stop()


def _by_person(pictures: Iterable[Picture]) -> list[list[Picture]]:
    """Put together what one login sees; who stops a service comes last."""
    together: dict[tuple[object, ...], list[Picture]] = {}
    for each in pictures:
        key = (each.stopped or "", each.who, each.language, each.phone)
        together.setdefault(key, []).append(each)
    return [together[key] for key in sorted(together, key=lambda key: bool(key[0]))]


def _take(
    browser: Browser, system: System, documents: dict[str, str], folder: Path, pictures: list[Picture]
) -> None:
    first = pictures[0]
    person = Person(browser, system, phone=first.phone, language=first.language)
    person.log_in(first.who)
    if first.stopped:
        person.page.clock.install()
    for each in pictures:
        page = person.go(each.path.format(**documents))
        settled(page)
        if each.stopped:
            _stop(system, page, each.stopped)
        if each.whole:
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size(first.size | {"height": min(height, TALLEST)})
            settled(page)
        _write(page.screenshot(), folder / each.name)
        page.set_viewport_size(first.size)
    if first.stopped and system.revive:
        system.revive()
    person.leave()


def _stop(system: System, page: Page, service: str) -> None:
    """Stop a service, and wait until the page says so and shows it."""
    if system.kill:
        system.kill(f"{service}-web")
    page.clock.fast_forward(NEXT_LOOK_MS)
    expect(page.locator("[data-state=silent]").first).to_be_visible()


def _write(png: bytes, to: Path) -> None:
    """Keep a picture with a palette: a screen has few colours, and a third of the size tells them all."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(to, optimize=True)


if __name__ == "__main__":
    main()
