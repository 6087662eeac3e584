"""The table of runs keeps what it is given and says plainly what went wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.faults import table
from tests.faults.table import Row

GOOD = Row("F9", "the broker dies", False, seed=1, orders=300, blows=3, retries=7, duplicates=13, heal_s=8.4)
BAD = replace(GOOD, fault="F10", violations=["I9 every_message_arrived in across: 2 (a, b)"])
CONTROL = replace(BAD, fault="C1", control=True)


def test_a_run_passes_without_violations_and_a_control_with_a_broken_invariant() -> None:
    assert GOOD.passed
    assert not BAD.passed
    assert CONTROL.passed
    assert not replace(GOOD, control=True).passed
    assert not replace(CONTROL, violations=["not healed after 45 s"]).passed, "slowness is no loss"


def test_runs_of_the_same_fault_and_seed_are_replaced_and_others_kept(tmp_path: Path) -> None:
    table.write(tmp_path, [GOOD, BAD], {})
    table.write(tmp_path, [replace(GOOD, seed=2), replace(BAD, violations=[])], {"F99": "no such thing"})
    document = json.loads((tmp_path / table.DATA).read_text())
    assert [(run["fault"], run["seed"]) for run in document["runs"]] == [("F9", 1), ("F9", 2), ("F10", 1)]
    assert document["runs"][2]["violations"] == []
    assert document["not_run"] == {"F99": "no such thing"}
    assert document["machine"]["cores"]


def test_the_page_shows_runs_controls_remarks_and_what_was_not_run(tmp_path: Path) -> None:
    table.write(tmp_path, [GOOD, BAD, CONTROL], {"F99": "no such thing"})
    page = (tmp_path / table.PAGE).read_text()
    assert "2 runs and 1 controls" in page
    assert "1 violations, 1 not as wanted" in page
    assert "| F9 | the broker dies | 1 | 300 | 3 | 7 | 13 | 0 | 8.4 | 0 | ok |" in page
    assert "lost, as it must" in page
    assert "F10, seed 1: violation: I9 every_message_arrived" in page
    assert "F99: no such thing" in page


def test_faults_are_listed_in_the_order_of_their_numbers() -> None:
    rows = table.merge([], [replace(GOOD, fault=name) for name in ("F10", "F9b", "F2", "F9")])
    assert [row.fault for row in rows] == ["F2", "F9", "F9b", "F10"]
