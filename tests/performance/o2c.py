"""Cycles per second and what they cost: a closed loop over a running system, measured after a warm-up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from libs.common.clock import SystemClock
from libs.common.db import Database
from meridian.audit import audit
from tests.performance.cycle import Chooses, Office, Record, by_step
from tests.performance.figures import median_of, merged, spread
from tests.performance.load import ClosedLoop
from tests.performance.measure import Watch, Window, drain
from tests.performance.profiles import Profiles
from tests.performance.recipe import Recipe, recipe_of, take_patterns
from tests.performance.statements import Statements
from tests.performance.system import Say, System
from tests.performance.tally import Tally, tally

LONGEST_WARM_UP_S = 90.0


@dataclass(frozen=True)
class Plan:
    """How hard and how long; the warm-up lasts longer when the first cycles take longer."""

    in_flight: int = 64
    warm_up_s: float = 15.0
    window_s: float = 75.0
    runs: int = 1
    wait_s: int = 0


@dataclass
class Measured:
    """What came out."""

    windows: list[Window] = field(default_factory=list)
    steps: list[dict[str, list[float]]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    drain_s: float = 0.0
    tally: Tally | None = None
    violations: int = 0
    recipe: Recipe | None = None

    def add(self, window: Window, record: Record) -> None:
        """Take in a window."""
        self.windows.append(window)
        self.steps.append(record.steps)
        for name, number in record.statuses.items():
            self.statuses[name] = self.statuses.get(name, 0) + number

    def as_json(self) -> dict[str, Any]:
        """Return the medians over the windows, their spread, and the latencies of all of them."""
        runs = [window.as_json() for window in self.windows]
        return {
            "cycles_per_s": median_of(runs, "cycles_per_s"),
            "cpu_ms_per_cycle": median_of(runs, "cpu_ms_per_cycle"),
            "client_cpu_ms_per_cycle": median_of(runs, "client_cpu_ms_per_cycle"),
            "cycles_per_s_spread": spread([run["cycles_per_s"] for run in runs]),
            "steps": by_step(merged(self.steps)),
            "events_per_cycle": self.tally.messages_per_cycle if self.tally else None,
            "other_answers": self.statuses,
            "faults": len(self.faults),
            "first_faults": self.faults[:5],
            "drain_s": round(self.drain_s, 1),
            "audit_violations": self.violations,
            "runs": runs,
        }


def warm_up(watch: Watch, plan: Plan, say: Say) -> None:
    """Wait until the flow is even: all begin at once, and go in waves until each has come to its end twice."""
    started = time.monotonic()
    time.sleep(plan.warm_up_s)
    while watch.window().cycles < 2 * plan.in_flight and time.monotonic() - started < LONGEST_WARM_UP_S:
        time.sleep(1.0)
    say(f"warm after {time.monotonic() - started:.0f} s")


class Looking:
    """What else looks at the system during a window; nothing in a run whose figures count."""

    def __init__(self, profiles: Profiles | None = None, statements: Statements | None = None) -> None:
        self._profiles = profiles
        self._statements = statements

    def begin(self, system: System, seconds: float) -> None:
        """Begin to look, for ``seconds``."""
        if self._statements is not None:
            self._statements.begin()
        if self._profiles is not None:
            self._profiles.start(system, seconds)

    def end(self, window: Window, say: Say) -> None:
        """Say what was seen."""
        if self._statements is not None:
            say(self._statements.report(window.cycles))
        if self._profiles is not None:
            self._profiles.finish(say)


def closed_loop(
    system: System,
    plan: Plan,
    say: Say,
    *,
    choose: Chooses | None = None,
    looking: Looking | None = None,
    measured: Measured | None = None,
) -> Measured:
    """Run the load, measure its windows, let everything come to its end, and audit; add it to ``measured``."""
    measured = measured or Measured()
    looking = looking or Looking()
    with system.target.opened() as databases:
        before = tally(databases)
        office = Office(system, f"{time.time_ns():x}", choose=choose, wait_s=plan.wait_s)
        load = ClosedLoop(office, plan.in_flight)
        load.start()
        watch = Watch(databases, system.roots)
        warm_up(watch, plan, say)
        for _ in range(plan.runs):
            measured.add(*_window(system, office, watch, plan, looking, say))
        patterns = None if databases["sales"].is_sqlite else take_patterns(databases)
        load.stop()
        measured.drain_s = max(measured.drain_s, drain(databases))
        office.close()
        measured.faults += load.faults
        time.sleep(2.0)  # PostgreSQL counts rows with a delay of up to a second
        measured.tally = tally(databases).since(before)
        if patterns is not None:
            measured.recipe = recipe_of(databases, measured.tally, patterns)
        measured.violations += audited(databases, say)
    return measured


def _window(
    system: System, office: Office, watch: Watch, plan: Plan, looking: Looking, say: Say
) -> tuple[Window, Record]:
    office.record.take()
    watch.restart()
    looking.begin(system, plan.window_s)
    time.sleep(plan.window_s)
    window, record = watch.window(), office.record.take()
    looking.end(window, say)
    say(f"{window.cycles_per_s:.2f} cycles/s, {window.as_json()['cpu_ms_per_cycle']} ms CPU per cycle")
    return window, record


def audited(databases: Mapping[str, Database], say: Say) -> int:
    """Return how many violations ``meridian audit`` finds, and say which."""
    report = audit(databases, now=SystemClock().now())
    if report.violations:
        say(report.as_text())
    return report.violations
