"""Each part names what it imports, everything named is pinned, and every pin carries its hashes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES, SOURCE_FOLDERS, source_files

PARTS = (*(f"services/{service}" for service in SERVICES), "gateway", "libs/common", "meridian")
LOCKS = ("runtime", "dev")


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it, without extras."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def imported(text: str) -> set[str]:
    """Return the top-level packages that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(SOURCE_FOLDERS)


def declared(part: str) -> set[str]:
    """Return the distributions that a part's pyproject.toml names."""
    project = tomllib.loads((ROOT / part / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normal(re.split(r"[\s<>=!~;]", requirement)[0]) for requirement in project["dependencies"]}


def locked(name: str) -> dict[str, int]:
    """Return every pinned distribution of a lock with the number of its hashes."""
    pins: dict[str, int] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([A-Za-z0-9._-]+)==[^\s;]+", line):
            current = normal(pin[1])
            pins[current] = 0
        elif "--hash=sha256:" in line:
            pins[current] += 1
    return pins


@pytest.mark.parametrize("part", PARTS)
def test_a_part_names_what_it_imports(part: str) -> None:
    files = [path for path in source_files() if path.is_relative_to(part)]
    owners = packages_distributions()
    packages = set().union(*(imported((ROOT / path).read_text(encoding="utf-8")) for path in files))

    missing = {name for name in packages if not {normal(owner) for owner in owners[name]} & declared(part)}

    assert files
    assert not missing, f"{part}/pyproject.toml does not name {sorted(missing)}"


@pytest.mark.parametrize("part", PARTS)
def test_what_a_part_names_is_pinned(part: str) -> None:
    foreign = {name for name in declared(part) if not name.startswith("meridian-")}

    assert foreign <= set(locked("runtime"))


def test_an_import_is_found_wherever_it_stands() -> None:
    text = "import os\nimport a.b\ndef f():\n    from c.d import e\nfrom libs.common import money\nfrom . import x\n"

    assert imported(text) == {"a", "c"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    pins = locked(lock)

    assert len(pins) > 30
    assert not [name for name, hashes in pins.items() if hashes == 0]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_get_packages_from(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")

    assert not re.findall(r"^\s*-(?!-hash=)\S+|\S*://\S*", text, re.MULTILINE)


def test_the_development_lock_contains_the_runtime_lock() -> None:
    def lines(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^[A-Za-z0-9._-]+==\S+", text, re.MULTILINE))

    assert lines("runtime") <= lines("dev")


def test_each_part_is_a_distribution_of_its_own() -> None:
    names = [
        tomllib.loads(Path(ROOT / part / "pyproject.toml").read_text("utf-8"))["project"]["name"]
        for part in PARTS
    ]

    assert len(set(names)) == len(PARTS)
    assert all(name.startswith("meridian") for name in names), (
        "an own prefix: never looked up in a public index"
    )
