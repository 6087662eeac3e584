"""No fault is left out in silence."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT
from tests.faults.registry import KINDS, NOT_RUN, QUICK, find
from tests.faults.stories import STORIES
from tests.faults.traffic import draw_names

PAGE = ROOT / "docs" / "operations" / "faults.md"
PLANNED = [f"F{number}" for number in range(1, 31)]
GATE = {"F1", "F2", "F7", "F9", "F10", "F17", "F20"}


@pytest.mark.parametrize("name", PLANNED)
def test_each_planned_fault_is_run_or_has_a_reason(name: str) -> None:
    assert name in {kind.id for kind in KINDS} or NOT_RUN.get(name)


def test_names_are_used_once_and_say_what_happens() -> None:
    names = [kind.id for kind in KINDS]
    assert len(set(names)) == len(names)
    assert all(kind.says for kind in KINDS)


def test_the_gate_runs_its_seven() -> None:
    assert {kind.id for kind in QUICK} == GATE


def test_controls_exist_and_are_marked() -> None:
    assert {kind.id for kind in KINDS if kind.must_lose} == {kind.id for kind in KINDS if kind.id[0] == "C"}
    assert sum(kind.must_lose for kind in KINDS) >= 3


def test_an_unknown_fault_is_told_what_there_is() -> None:
    with pytest.raises(ValueError, match="F9"):
        find("F99")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_changed_workers_have_their_entry(kind: type) -> None:
    from tests.faults.outfit import Outfit

    outfit: Outfit = kind.outfit  # type: ignore[attr-defined]
    for name, alter in outfit.alter.items():
        command = alter(program(name)).command
        if command[1:2] == ["-m"] and command[2].startswith("tests."):
            path = ROOT / (command[2].replace(".", "/") + ".py")
            assert path.exists(), command
            assert command[3] == name.removesuffix("-worker")


def program(name: str):
    """Return a program as the local shape has it."""
    from meridian.local.processes import Program

    return Program(name, ["python", "-m", "x"], {"MERIDIAN_WORKER_HEALTH_PORT": "1"})


def test_every_story_has_a_share_unless_it_is_left_out() -> None:
    import random

    names = draw_names(3000, random.Random(1), without=("with_ticket",))
    assert set(names) == set(STORIES) - {"with_ticket"}


def test_the_same_seed_draws_the_same_work() -> None:
    import random

    assert draw_names(50, random.Random("x")) == draw_names(50, random.Random("x"))


def test_the_page_for_operators_names_every_make_target() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for target in re.findall(
        r"^(faults[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    ):
        assert f"make {target}" in page
