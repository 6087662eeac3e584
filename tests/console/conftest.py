"""A browser before a system in one process: what a person would see, clicked through as they would."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

from tests.console.person import PATIENCE_MS, Person
from tests.e2e.conftest import SHAPES, started
from tests.e2e.systems import System
from tests.e2e.world import World

ROOT = Path(__file__).resolve().parents[2]
in_both_shapes = pytest.mark.parametrize("system", SHAPES, indirect=True)
BUILT = ROOT / "gateway" / "console" / "dist" / "index.html"


def chromium_path() -> str:
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
    path = chromium_path()
    subprocess.run([ROOT / "deploy" / "setup" / "console.sh"], check=True, cwd=ROOT, timeout=900)
    # Whatever is waited for may take as long as on a host with several of these at once.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        found = launched(playwright.chromium, path)
        yield found
        found.close()


def launched(chromium: BrowserType, path: str, *flags: str) -> Browser:
    """Start a browser without a window, of a kind of its own where flags make it one."""
    return chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", *flags])


@pytest.fixture(scope="session")
def embedded_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system in this process."""
    with started("embedded", tmp_path_factory.mktemp("console")) as system:
        yield system


@pytest.fixture(scope="session")
def production_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system of many processes, over PostgreSQL and RabbitMQ."""
    with started("production", tmp_path_factory.mktemp("production")) as system:
        yield system


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest) -> System:
    """Give the embedded system, or to a test with ``in_both_shapes`` each shape in turn; each is started once."""
    found: System = request.getfixturevalue(f"{getattr(request, 'param', 'embedded')}_system")
    return found


@pytest.fixture
def world(system: System) -> World:
    return World(system)


@pytest.fixture
def person(browser: Browser, system: System) -> Iterator[Callable[..., Person]]:
    """Give people who are logged in, each in a browser of their own; a page that complained fails the test."""
    present: list[Person] = []

    def enter(name: str, *, phone: bool = False, language: str = "en", **more: Any) -> Person:
        made = Person(browser, system, phone=phone, language=language, **more)
        present.append(made)
        made.log_in(name)
        return made

    yield enter
    for each in present:
        each.leave()
