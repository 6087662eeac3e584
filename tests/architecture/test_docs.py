"""The documents point to what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PAGES = sorted(
    path
    for folder in (
        "",
        "docs",
        "docs/console",
        "docs/decisions",
        "services/*",
        "gateway",
        "libs/common/*",
        "meridian",
        "examples/*",
    )
    for path in ROOT.glob(f"{folder}/*.md" if folder else "*.md")
)
_PROMISES = {"R1": 5, "R2": 4, "R3": 7, "R4": 5, "R5": 7, "R6": 5, "R7": 4, "R8": 1}


def broken_links(page: Path, text: str) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    inside = [
        link.partition("#")[0]
        for link in links
        if "://" not in link and not link.startswith(("#", "mailto:"))
    ]
    return [link for link in inside if not (page.parent / link).exists()]


def missing_paths(text: str) -> list[str]:
    """Return the paths from the root, in backquotes, that do not exist; ``<service>`` stands for each."""
    paths = re.findall(r"`([\w.<>-]+/[\w./<>-]*|[\w-]+\.md|\.importlinter)`", text)
    return [path for path in paths if not list(ROOT.glob(path.replace("<service>", "*").rstrip("/")))]


def missing_proofs(text: str) -> list[str]:
    """Return the tests named as proofs that do not exist."""
    missing = []
    for file, test in re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", text):
        path = ROOT / file
        if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(f"{file}::{test}")
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert not broken_links(page, page.read_text(encoding="utf-8"))


def test_the_tour_leads_to_places() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")

    assert len(re.findall(r"^\| .*\?", text, re.MULTILINE)) > 40
    assert not missing_paths(text)


def test_every_promise_is_listed_with_its_proof_or_as_open() -> None:
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (R\d\.\d) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE))

    assert set(rows) == {f"{group}.{n}" for group, count in _PROMISES.items() for n in range(1, count + 1)}
    assert not [number for number, proof in rows.items() if "`" not in proof and "not yet" not in proof]
    assert not missing_proofs(text)


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert re.findall(r"\]\((\d{4}-[^)]+)\)", index) == records


def test_each_word_of_the_glossary_stands_once_with_its_chinese() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
    words = [row[0] for row in rows if row[0] not in ("English", "---")]

    assert len(words) == len(set(words)) > 50
    assert not [row for row in rows if row[0] in words and not re.search(r"[\u4e00-\u9fff]", row[1])]


def test_what_leads_nowhere_is_seen() -> None:
    page = ROOT / "docs" / "tour.md"

    assert broken_links(page, "[x](nowhere.md) [y](glossary.md#z) [z](https://example.com/x)") == [
        "nowhere.md"
    ]
    assert missing_paths("`libs/common/money.py` `services/<service>/events.py` `libs/nowhere.py`") == [
        "libs/nowhere.py"
    ]
    assert missing_proofs("`tests/architecture/test_docs.py::test_nowhere` `tests/nowhere.py`") == [
        "tests/architecture/test_docs.py::test_nowhere",
        "tests/nowhere.py::",
    ]
