"""The console's rooms: features do not know each other, lower rooms know nothing of higher ones, nothing grows large.

Also what is built of it: the lock names no place, and no file names an address outside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.api.console import AREAS
from tests.architecture.tree import ROOT

CONSOLE = ROOT / "gateway" / "console"
SOURCES = CONSOLE / "src"
ROOMS = ("api", "ui", "features", "app")
"""From below to above: each may import what stands before it, and itself."""

COMPONENT_LINES = 250
FILE_LINES = 400
_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""")
_ADDRESS = re.compile(r"""https?://(?!127\.0\.0\.1|localhost|www\.w3\.org/)[^\s'"`]+""")


def files() -> list[Path]:
    """Return what people wrote of the console; what is generated from the contracts is not theirs."""
    written = [path for path in SOURCES.rglob("*") if path.suffix in (".ts", ".vue", ".css")]
    return sorted(path.relative_to(SOURCES) for path in written if path.name != "schema.d.ts")


def imported(path: Path, text: str) -> Iterator[Path]:
    """Yield the files of the console that a file imports, below ``src``."""
    for name in _IMPORT.findall(text):
        if name.startswith("@/"):
            yield Path(name[2:])
        elif name.startswith("."):
            yield Path(*_resolved((path.parent / name).parts))


def _resolved(parts: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for part in parts:
        if part == "..":
            found.pop()
        elif part != ".":
            found.append(part)
    return found


def faults(path: Path, text: str) -> Iterator[str]:
    """Find imports that a room must not have, and a file that has become several."""
    mine = path.parts[0]
    for other in imported(path, text):
        room = other.parts[0]
        if mine in ROOMS and room in ROOMS and ROOMS.index(room) > ROOMS.index(mine):
            yield f"{path}: {mine} imports {other}"
        if mine == room == "features" and other.parts[1] != path.parts[1]:
            yield f"{path}: a feature imports another, {other}"
    most = COMPONENT_LINES if path.suffix == ".vue" else FILE_LINES
    if text.count("\n") > most:
        yield f"{path}: {text.count(chr(10))} lines, {most} at most"
    for address in _ADDRESS.findall(text):
        yield f"{path}: an address outside, {address}"


def test_the_rooms_of_the_console_are_kept() -> None:
    found = [
        fault for path in files() for fault in faults(path, (SOURCES / path).read_text(encoding="utf-8"))
    ]

    assert len(files()) > 40
    assert found == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("features/home/A.vue", "import B from '@/features/orders/B.vue'"),
        ("features/home/A.vue", "import B from '../orders/B.vue'"),
        ("features/home/A.vue", "const B = () => import('@/features/orders/B.vue')"),
        ("ui/A.vue", "import B from '@/features/orders/B.vue'"),
        ("ui/A.vue", "import { router } from '../app/router'"),
        ("api/a.ts", "import { t } from '@/ui/language'"),
        ("features/home/A.vue", "import { router } from '@/app/router'"),
        ("features/home/A.vue", "line\n" * 251),
        ("ui/fonts.css", "@import url('https://fonts.example/a.css')"),
    ],
)
def test_the_rules_bite(path: str, text: str) -> None:
    assert list(faults(Path(path), text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("features/home/A.vue", "import B from './B.vue'\nimport { t } from '@/ui/language'"),
        ("app/router.ts", "const B = () => import('@/features/orders/B.vue')"),
    ],
)
def test_what_is_allowed_passes(path: str, text: str) -> None:
    assert not list(faults(Path(path), text))


def test_each_text_is_there_in_both_languages() -> None:
    words = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCES / "ui" / "words").glob("*.ts"))
    pairs = re.findall(r"""^  '[^']+': \['((?:[^'\\]|\\.)*)', '((?:[^'\\]|\\.)*)'\]""", words, re.MULTILINE)

    assert len(pairs) > 250
    assert len(pairs) == len(re.findall(r"^  '[^']+': \[", words, re.MULTILINE))
    assert not [pair for pair in pairs if not all(text.strip() for text in pair)]


def test_the_gateway_serves_every_area_of_the_router() -> None:
    router = (SOURCES / "app" / "router.ts").read_text(encoding="utf-8")
    areas = set(re.findall(r"path: '/([a-z]+)", router))

    assert len(areas) > 10
    assert areas <= set(AREAS)


def test_the_lock_pins_every_package_and_names_no_place() -> None:
    lock = json.loads((CONSOLE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}

    assert len(packages) > 50
    assert not [name for name, each in packages.items() if "resolved" in each]
    assert not [name for name, each in packages.items() if "integrity" not in each]
