"""The system and its floor in turn: what changes on the machine during a run then touches both alike."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.performance.figures import rounded, spread
from tests.performance.floor import floor_as_json, measure_floor
from tests.performance.measure import Window
from tests.performance.o2c import Looking, Measured, Plan, closed_loop
from tests.performance.system import Say, System


def in_turn(
    opened: Callable[[], AbstractContextManager[tuple[System, dict[str, Any]]]],
    plan: Plan,
    home: Path,
    say: Say,
    looking: Callable[[], Looking],
) -> tuple[Measured, dict[str, Any], dict[str, Any]]:
    """Measure ``plan.runs`` rounds: a window of the system, then one of the floor, on servers that are new each time.

    New, because servers that have worked do other work besides: they tidy up what the last one left, and after a
    checkpoint they log whole pages. Returns the system's, the floor's, and what is to be said about the run.
    """
    measured, floors, once = Measured(), list[Window](), replace(plan, runs=1)
    said: dict[str, Any] = {}
    for _ in range(plan.runs):
        with opened() as (system, about):
            said = about
            closed_loop(system, once, say, looking=looking(), measured=measured)
            if measured.recipe is None:
                raise ValueError("the embedded shape has no broker, and so no floor")
            system.stop_services()
            floors += measure_floor(measured.recipe, once, system.servers, home, say)
        shutil.rmtree(home, ignore_errors=True)
    assert measured.recipe is not None
    return measured, floor_as_json(floors, measured.recipe), said


def beside(found: dict[str, Any], floor: dict[str, Any]) -> dict[str, Any]:
    """Return the ratios of the system to its floor: of each round, and the median over the rounds."""
    pairs = list(zip(found["runs"], floor["runs"], strict=True))
    speeds = [system["cycles_per_s"] / bare["cycles_per_s"] for system, bare in pairs]
    costs = [bare["cpu_ms_per_cycle"] / system["cpu_ms_per_cycle"] for system, bare in pairs]
    return {
        "ratio": rounded(statistics.median(speeds), 3),
        "cpu_ratio": rounded(statistics.median(costs), 3),
        "ratio_spread": spread(speeds),
        "cpu_ratio_spread": spread(costs),
    }
