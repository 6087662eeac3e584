"""What the runs inside their namespaces are asked and answer comes through as it was said."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.faults import lanes, namespace
from tests.faults.registry import KINDS, find
from tests.faults.run import Task
from tests.faults.table import Row

ROW = Row("F9", "the broker dies – 断电", False, seed=2, orders=60, violations=["I9: a\nb"], notes=["x"])

ANSWERS = """
import sys
from tests.faults import lanes
from tests.faults.table import Row
for line in sys.stdin:
    task = lanes.task_of(line)
    if task.seed == 13:
        break
    print("said meanwhile", flush=True)
    print(lanes.answer_of(Row(task.fault.id, task.fault.says, False, task.seed, task.size)), flush=True)
"""


def tasks(*seeds: int) -> list[Task]:
    return [Task(find("F9")(), seed, 60) for seed in seeds]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each lane be a process that answers at once, and ends without a word at seed 13."""
    monkeypatch.setattr(namespace, "command", lambda _module: [sys.executable, "-c", ANSWERS])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_task_is_asked_for_in_a_line(kind: type) -> None:
    asked = Task(kind(), 3, 60, quick=True)
    found = lanes.task_of(lanes.line_of(asked))
    assert (type(found.fault), found.seed, found.orders, found.quick) == (kind, 3, 60, True)


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize("count", [1, 3])
def test_each_task_has_its_row_however_many_run_side_by_side(count: int) -> None:
    assert sorted(row.seed for row in lanes.run_all(tasks(1, 2, 3, 4), count)) == [1, 2, 3, 4]


@pytest.mark.usefixtures("answering")
def test_a_run_whose_processes_end_is_told_and_the_next_begins_anew() -> None:
    rows = {row.seed: row for row in lanes.run_all(tasks(1, 13, 2), 1)}
    assert rows[13].violations == ["the run broke: its processes ended"]
    assert rows[1].passed
    assert rows[2].passed


def test_a_row_survives_its_line() -> None:
    line = lanes.answer_of(ROW)
    assert "\n" not in line
    assert lanes.row_of(line) == ROW
    assert lanes.row_of("12.3 F9 broker killed") is None


def test_the_processes_of_a_lane_end_with_the_one_that_started_it() -> None:
    words = namespace.command("tests.faults.inside")
    assert words[: words.index("unshare")] == ["setpriv", "--pdeathsig", "KILL", "--"]
    assert "--kill-child" in words
    assert subprocess.run([sys.executable, "-c", "import tests.faults.inside"], check=False).returncode == 0
