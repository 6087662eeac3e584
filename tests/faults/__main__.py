"""``python -m tests.faults``: run faults one after another and write the table."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.faults import namespace, table
from tests.faults.registry import KINDS, NOT_RUN, QUICK, find
from tests.faults.run import Run, Task
from tests.faults.site import Site, standing

QUICK_ORDERS = 300


def main(arguments: list[str]) -> int:
    """Run what is asked for; return 1 when a run was not as wanted."""
    options = _options().parse_args(arguments)
    if options.list:
        for kind in KINDS:
            print(f"{kind.id:<6} {kind.says}")
        return 0
    try:
        namespace.enter()
    except namespace.CannotRun as reason:
        print(reason, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ending cleans up, whoever asks for it
    rows = []
    for row in _run_all(_tasks(options)):
        rows.append(table.dated(row, datetime.now(UTC).date()))
        table.write(
            options.write, rows[-1:], NOT_RUN
        )  # at once: a night's work must not hang on its last run
    print("\n" + "\n".join(table.line(row) for row in rows))
    failed = sum(not row.passed for row in rows)
    violations = sum(len(row.violations) for row in rows if not row.control)
    print(f"{len(rows)} runs, {violations} violations, {failed} not as wanted; written to {options.write}")
    return 1 if failed else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds of each fault, from 1 up")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--only", default="", help="faults to run, separated by commas; all when left out")
    parser.add_argument("--quick", action="store_true", help="the seven of the gate, shorter troubles")
    parser.add_argument("--write", type=Path, default=Path("var/faults"), help="the folder of table and page")
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    return parser


def _tasks(options: argparse.Namespace) -> list[Task]:
    kinds = [find(name.strip()) for name in options.only.split(",") if name.strip()]
    kinds = kinds or (list(QUICK) if options.quick else list(KINDS))
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    return [Task(kind(), seed, options.orders, options.quick) for kind in kinds for seed in seeds]


def _run_all(tasks: list[Task]) -> Iterator[table.Row]:
    """Run the tasks; a system in which something went wrong is not used again."""
    with ExitStack() as stack:
        site: Site | None = None
        for number, task in enumerate(tasks, 1):
            say = _teller(f"[{number}/{len(tasks)}] {task.fault.id}")
            say(f"{task.fault.says} (seed {task.seed}, {task.size} orders)")
            if site is None:
                site = stack.enter_context(_fresh_site(say))
            row = _run(site, task, say)
            say(table.line(row))
            for text in row.violations:
                say(f"  violation: {text}")
            yield row
            if row.violations:
                stack.close()
                site = None


def _run(site: Site, task: Task, say: Callable[[str], None]) -> table.Row:
    site.supervisor.restarts.clear()
    try:
        return Run(site, task, say).go()
    except Exception as error:
        traceback.print_exc()
        text = f"the run broke: {type(error).__name__}: {error}"
        fault = task.fault
        return table.Row(fault.id, fault.says, False, task.seed, task.size, violations=[text[:500]])


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
    kept = Path("var/faults/logs") / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept.mkdir(parents=True, exist_ok=True)
    for pattern in ("home/logs/*.log", "postgres/postgres.log", "rabbitmq/log/*.log"):
        for file in folder.glob(pattern):
            shutil.copy(file, kept / file.name)
    return kept


def _teller(prefix: str) -> Callable[[str], None]:
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} {prefix} {text}", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
