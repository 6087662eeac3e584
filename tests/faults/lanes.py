"""Several systems side by side, each in namespaces of its own: most of a fault is waiting, and another can use it."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tests.faults import namespace
from tests.faults.registry import find
from tests.faults.run import Task
from tests.faults.table import Row

_ROW = "ROW "
_INSIDE = "tests.faults.inside"


def line_of(task: Task) -> str:
    """Return a task as the line that asks for it."""
    about = {"fault": task.fault.id, "seed": task.seed, "orders": task.orders, "quick": task.quick}
    return json.dumps(about) + "\n"


def task_of(line: str) -> Task:
    """Return the task that a line asks for."""
    about = json.loads(line)
    return Task(find(about["fault"])(), about["seed"], about["orders"], about["quick"])


def answer_of(row: Row) -> str:
    """Return a row as the line that answers a task."""
    return _ROW + json.dumps(asdict(row), ensure_ascii=False)


def row_of(line: str) -> Row | None:
    """Return the row that a line answers with; nothing for a line that was only said."""
    return Row(**json.loads(line.removeprefix(_ROW))) if line.startswith(_ROW) else None


def broken(task: Task, why: str) -> Row:
    """Return the row of a run that did not come to its end."""
    fault = task.fault
    text = f"the run broke: {why}"[:500]
    return Row(fault.id, fault.says, False, task.seed, task.size, violations=[text])


def run_all(tasks: Sequence[Task], count: int) -> Iterator[Row]:
    """Run the tasks in ``count`` systems and yield each row as its run ends."""
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    rows: queue.SimpleQueue[Row] = queue.SimpleQueue()
    for _ in range(count):
        threading.Thread(target=_work, args=(waiting, rows), daemon=True).start()
    for _ in tasks:
        yield rows.get()


def _work(waiting: queue.SimpleQueue[Task], rows: queue.SimpleQueue[Row]) -> None:
    inside: _Inside | None = None
    while (task := _next(waiting)) is not None:
        inside = inside or _Inside()
        row = inside.run(task)
        if row is None:
            inside.end()
            row, inside = broken(task, "its processes ended"), None
        rows.put(row)
    if inside is not None:
        inside.end()


def _next(waiting: queue.SimpleQueue[Task]) -> Task | None:
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return None


class _Inside:
    """The process that holds one system."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            namespace.command(_INSIDE), env=namespace.environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, task: Task) -> Row | None:
        """Return the row of ``task``; what is said meanwhile is printed. Nothing when the process ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended: there is no answer either
            self._process.stdin.write(line_of(task))
            self._process.stdin.flush()
        for line in self._process.stdout:
            if row := row_of(line):
                return row
            sys.stdout.write(line)
            sys.stdout.flush()
        return None

    def end(self) -> None:
        """Let it end its system; what it says at the end nobody needs."""
        self._process.communicate()
