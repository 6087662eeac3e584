"""The tree keeps to the house's rules, and each rule is shown to bite."""

from __future__ import annotations

import re
import statistics
from pathlib import PurePath

import pytest

from tests.architecture.rules import MEDIAN_FUNCTION_LINES, RULES, Rule, functions
from tests.architecture.tree import ROOT, SERVICES, source_files

_EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    """Give what each rule finds; each file is read and parsed once for all of them."""
    found: dict[str, list[str]] = {rule.name: [] for rule in RULES}
    for path in source_files(tests=True):
        text = (ROOT / path).read_text(encoding="utf-8")
        for rule in RULES:
            found[rule.name] += rule.find(path, text)
    return found


@_EVERY_RULE
def test_the_tree_keeps_the_rule(rule: Rule, faults: dict[str, list[str]]) -> None:
    assert not faults[rule.name], "\n".join(faults[rule.name])


@_EVERY_RULE
def test_the_rule_bites(rule: Rule) -> None:
    path, text = rule.broken

    assert list(rule.find(PurePath(path), text)), "the rule lets its own bad sample pass"


@_EVERY_RULE
def test_the_rule_spares_what_is_sound(rule: Rule) -> None:
    path, text = rule.sound

    assert not list(rule.find(PurePath(path), text))


def test_most_functions_are_short() -> None:
    lengths = [
        length
        for path in source_files()
        for _, _, length in functions((ROOT / path).read_text(encoding="utf-8"))
    ]

    assert statistics.median(lengths) < MEDIAN_FUNCTION_LINES


def decision_faults(names: list[str], texts: dict[str, str]) -> list[str]:
    """Return what is wrong with a list of decision records: names, twin numbers, gaps, missing sections."""
    numbers = [name[:4] for name in names if re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)]
    faults = [
        f"{name}: not NNNN-some-words.md" for name in names if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)
    ]
    if sorted(numbers) != [f"{n:04d}" for n in range(1, len(numbers) + 1)]:
        faults.append(f"the numbers must run 0001, 0002, ... each once: {sorted(numbers)}")
    for name in names:
        missing = [
            part for part in ("## Context", "## Decision", "## Consequences") if part not in texts[name]
        ]
        faults.extend(f"{name}: no {part}" for part in missing)
    return faults


def test_each_decision_has_its_own_number() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert files
    assert not decision_faults(
        [file.name for file in files], {file.name: file.read_text("utf-8") for file in files}
    )


def test_a_twin_number_is_seen() -> None:
    text = "## Context\n## Decision\n## Consequences\n"
    names = ["0001-one.md", "0001-two.md"]

    assert decision_faults(names, dict.fromkeys(names, text))
    assert not decision_faults(["0001-one.md", "0002-two.md"], {"0001-one.md": text, "0002-two.md": text})
    assert decision_faults(["0001-one.md"], {"0001-one.md": "# One\n"})


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_is_the_only_truth_of(service: str) -> None:
    first = (ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8").strip()

    assert re.fullmatch(r'"""[^\n]+ only truth of [^\n]+\."""', first), "one sentence, nothing else"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_page_of_its_own(service: str) -> None:
    page = (ROOT / "services" / service / "README.md").read_text(encoding="utf-8").lower()

    missing = [word for word in ("own", "publish", "subscri", "http", "hurts") if word not in page]
    assert not missing, f"services/{service}/README.md says nothing about: {missing}"
