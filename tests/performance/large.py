"""Orders of a thousand lines beside orders of three: each kind alone, one after another, and against the usual load."""

from __future__ import annotations

import time
from typing import Any

from tests.performance import cpu
from tests.performance.cycle import LINES, Chooses, Office, by_step, spread_out
from tests.performance.figures import ratio, rounded
from tests.performance.hot import MANY_LINES, many_lines
from tests.performance.load import ClosedLoop
from tests.performance.measure import Watch, drain
from tests.performance.o2c import Plan, audited, closed_loop
from tests.performance.system import Say, System

SMALL_ORDERS = 40
LARGE_ORDERS = 10
WARM_UP = 3
_CALLS = ("quotation", "send", "accept", "ship", "payment")


def large(system: System, plan: Plan, say: Say) -> dict[str, Any]:
    """Measure small and large orders one by one, then small ones as many as usual."""
    small = one_by_one(system, spread_out(system), LINES, SMALL_ORDERS, say)
    long = one_by_one(system, many_lines(system), MANY_LINES, LARGE_ORDERS, say)
    usual = closed_loop(system, plan, say).as_json()
    with system.target.opened() as databases:
        violations = audited(databases, say)
    lines = usual["cycles_per_s"] * LINES
    return {
        "lines_ratio": ratio(long["lines_per_s"], lines),
        "lines_ratio_one_by_one": ratio(long["lines_per_s"], small["lines_per_s"]),
        "call_p50_times_small": {name: _times(long, small, name) for name in _CALLS},
        "accept_p50_by_usual_load": ratio(
            long["steps"]["accept"]["p50_ms"], usual["steps"]["accept"]["p50_ms"]
        ),
        "cpu_ms_per_line": {"large": long["cpu_ms_per_line"], "small": small["cpu_ms_per_line"]},
        "usual_lines_per_s": rounded(lines),
        "large": long,
        "small": small,
        "usual": usual,
        "audit_violations": violations,
    }


def _times(long: dict[str, Any], small: dict[str, Any], call: str) -> float | None:
    return ratio(long["steps"][call]["p50_ms"], small["steps"][call]["p50_ms"])


def one_by_one(system: System, choose: Chooses, lines: int, orders: int, say: Say) -> dict[str, Any]:
    """Do ``orders`` cycles, each after the last, some before them unmeasured; return times and CPU per line."""
    office = Office(system, f"{time.time_ns():x}", choose=choose)
    with system.target.opened() as databases:
        _run(office, WARM_UP)
        drain(databases)
        office.record.take()
        watch = Watch(databases, system.roots)
        faults = _run(office, orders, first=WARM_UP)
        drain(databases)
        window = watch.window()
    office.close()
    record = office.record.take()
    say(f"{record.finished} orders of {lines} lines in {window.seconds:.1f} s")
    done = record.finished * lines
    return {
        "lines": lines,
        "finished": record.finished,
        "faults": faults[:5],
        "lines_per_s": rounded(done / window.seconds),
        "cpu_ms_per_line": rounded(cpu.total(window.cpu_ms.values()) / done) if done else None,
        "steps": by_step(record.steps),
    }


def _run(office: Office, orders: int, *, first: int = 0) -> list[str]:
    load = ClosedLoop(office, 1, most=orders, first=first)
    load.start()
    load.join()
    return load.faults
