"""A browser before a system in one process: what a person would see, clicked through as they would."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.console.person import Person
from tests.e2e.systems import System, start_embedded
from tests.e2e.world import World

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "gateway" / "console" / "dist" / "index.html"


def _chromium() -> str:
    named = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(named).is_file():
        _absent(f"there is no browser at {named}; install chromium, or name one in CHROMIUM")
    return named


def _absent(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a browser without a window; the console is built first where it has to be."""
    path = _chromium()
    subprocess.run([ROOT / "deploy" / "setup" / "console.sh"], check=True, cwd=ROOT, timeout=900)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system in this process."""
    running = start_embedded(tmp_path_factory.mktemp("console"))
    yield running
    running.stop()


@pytest.fixture
def world(system: System) -> World:
    return World(system)


@pytest.fixture
def person(browser: Browser, system: System) -> Iterator[Callable[..., Person]]:
    """Give people who are logged in, each in a browser of their own; a page that complained fails the test."""
    present: list[Person] = []

    def enter(name: str, *, phone: bool = False, language: str = "en") -> Person:
        made = Person(browser, system, phone=phone, language=language)
        present.append(made)
        made.log_in(name)
        return made

    yield enter
    for each in present:
        each.leave()
