"""``python -m tests.faults``: run faults and write the table; a run that is interrupted keeps what has ended."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.faults import lanes, namespace, table
from tests.faults.registry import KINDS, NOT_RUN, QUICK, find
from tests.faults.run import Task


def main(arguments: list[str]) -> int:
    """Run what is asked for; return 1 when a run was not as wanted."""
    options = _options().parse_args(arguments)
    if options.list:
        for kind in KINDS:
            print(f"{kind.id:<6} {kind.says}")
        return 0
    try:
        namespace.require()
    except namespace.CannotRun as reason:
        print(reason, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    rows = _rows(_tasks(options), options)
    print("\n" + "\n".join(table.line(row) for row in table.merge([], rows)))
    failed = sum(not row.passed for row in rows)
    violations = sum(len(row.violations) for row in rows if not row.control)
    print(
        f"{len(rows)} runs in {(time.monotonic() - began) / 60:.1f} min, {violations} violations, "
        f"{failed} not as wanted; written to {options.write}"
    )
    return 1 if failed else 0


def _rows(tasks: list[Task], options: argparse.Namespace) -> list[table.Row]:
    """Run the tasks; each row is told and written as soon as there is one."""
    rows = []
    for row in lanes.run_all(tasks, min(options.lanes, len(tasks))):
        rows.append(table.dated(row, datetime.now(UTC).date()))
        print(f"[{len(rows)}/{len(tasks)}] {table.line(row)}", flush=True)
        for text in row.violations:
            print(f"    violation: {text}", flush=True)
        table.write(options.write, rows[-1:], NOT_RUN)
    return rows


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds of each fault, from 1 up")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--lanes", type=int, default=2, help="how many systems side by side")
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
