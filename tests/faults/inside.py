"""``python -m tests.faults.inside``: one system in namespaces of its own; runs the tasks that come in, one a line."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tests.faults import lanes, table
from tests.faults.run import Run, Task
from tests.faults.site import Site, standing


def main() -> None:
    """Run each task of the standard input and answer it with its row, until there are no more."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ending cleans up, whoever asks for it
    with _standard_input_alone() as asked:
        run_all(lanes.task_of(line) for line in asked)


def _standard_input_alone() -> TextIO:
    """Return the standard input under another number: what this process starts must not read from it."""
    alone = os.fdopen(os.dup(0))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return alone


def run_all(tasks: Iterable[Task]) -> None:
    """Run the tasks; a system in which something went wrong is not used again."""
    with ExitStack() as stack:
        site: Site | None = None
        for task in tasks:
            say = _teller(task)
            say(f"{task.fault.says} (seed {task.seed}, {task.size} orders)")
            if site is None:
                site = stack.enter_context(_fresh_site(say))
            row = _run(site, task, say)
            print(lanes.answer_of(row), flush=True)
            if row.violations:
                stack.close()
                site = None


def _run(site: Site, task: Task, say: Callable[[str], None]) -> table.Row:
    site.supervisor.restarts.clear()
    try:
        return Run(site, task, say).go()
    except Exception as error:
        traceback.print_exc()
        return lanes.broken(task, f"{type(error).__name__}: {error}")


@contextmanager
def _fresh_site(say: Callable[[str], None]) -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="meridian-faults-"))
    folder.chmod(0o755)
    try:
        with standing(folder, say) as site:
            yield site
    finally:
        kept = _keep_logs(folder)
        shutil.rmtree(folder, ignore_errors=True)
        say(f"logs are kept in {kept}")


def _keep_logs(folder: Path) -> Path:
    kept = Path("var/faults/logs") / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{folder.name[-4:]}"
    kept.mkdir(parents=True, exist_ok=True)
    for pattern in ("home/logs/*.log", "postgres/postgres.log", "rabbitmq/log/*.log"):
        for file in folder.glob(pattern):
            shutil.copy(file, kept / file.name)
    return kept


def _teller(task: Task) -> Callable[[str], None]:
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} {task.fault.id:<5} {text}", flush=True)

    return say


if __name__ == "__main__":
    main()
