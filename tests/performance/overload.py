"""Five times as much as can be done: the rest is refused at once, what is taken in gets done, and it passes.

First the highest rate is measured in a closed loop. Then cycles arrive at a multiple of it, each client giving up
when it is refused at the door, as a person would. At the end, as before the storm, arrivals come at half the highest
rate, until their times are usual again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.performance.cycle import Office, by_step
from tests.performance.figures import latencies, percentile, ratio, rounded
from tests.performance.load import OpenLoop
from tests.performance.measure import Watch, drain, orders_done
from tests.performance.o2c import Plan, audited, closed_loop
from tests.performance.system import Say, System

CALM_S = 30.0
RECOVERY_S = 60.0
SLICE_S = 5.0
USUAL = 1.2
STEP = "quotation"


@dataclass
class Storm:
    """How hard, and for how long."""

    times: float = 5.0
    seconds: float = 120.0
    rise_s: float = 30.0
    """After which goodput is measured, as a closed loop is after its warm-up."""

    seed: int = 1


def overload(system: System, plan: Plan, storm: Storm, say: Say) -> dict[str, Any]:
    """Measure the highest rate, then the storm, then what comes after it."""
    best = closed_loop(system, plan, say)
    rate = best.windows[-1].cycles_per_s
    calm_rate = rate / 2
    with system.target.opened() as databases:
        say(f"calm: {calm_rate:.2f} cycles/s arrive")
        usual, _ = _arrivals(system, calm_rate, CALM_S, storm.seed)
        drain(databases)
        say(f"storm: {storm.times * rate:.1f} cycles/s arrive for {storm.seconds:.0f} s")
        watch = Watch(databases, system.roots)
        office = Office(system, f"{time.time_ns():x}")
        load = OpenLoop(office, storm.times * rate, seed=storm.seed, patient=False)
        load.run(storm.rise_s)
        watch.restart()  # the first cycles have come to their end: from now on it is as in the closed loop
        load.run(storm.seconds - storm.rise_s)
        window, record = watch.window(), office.record.take()
        before, ended = orders_done(databases), time.monotonic()
        say(
            f"{window.cycles_per_s:.2f} cycles/s came to their end, {load.refused} of {load.arrived} were refused"
        )
        back_s = _recovery(system, calm_rate, percentile(usual, 0.95), storm.seed, ended, say)
        load.finish()
        drain(databases)
        office.close()
        violations = audited(databases, say)
        later = orders_done(databases) - before
    return {
        "highest_cycles_per_s": rounded(rate),
        "arrivals_per_s": rounded(storm.times * rate),
        "goodput_cycles_per_s": rounded(window.cycles_per_s),
        "goodput_ratio": ratio(window.cycles_per_s, rate),
        "arrived": load.arrived,
        "refused": load.refused,
        "finished_later": later,
        "refusals": latencies(record.refusals),
        "refusals_by_status": record.statuses,
        "without_retry_after": record.without_retry_after,
        "other_faults": len(load.faults),
        "first_faults": load.faults[:5],
        "usual_p95_ms": rounded(percentile(usual, 0.95) * 1000),
        "recovered_after_s": back_s,
        "client_cpu_ms_per_finished_cycle": window.as_json()["client_cpu_ms_per_cycle"],
        "cpu_ms_per_finished_cycle": window.as_json()["cpu_ms_per_cycle"],
        "audit_violations": violations,
        "steps": by_step(record.steps),
    }


def _arrivals(system: System, rate: float, seconds: float, seed: int) -> tuple[list[float], int]:
    """Let cycles arrive for a while; return how long the quotations took, and how many cycles failed."""
    office = Office(system, f"{time.time_ns():x}")
    load = OpenLoop(office, rate, seed=seed, most=200)
    load.run(seconds)
    load.finish()
    office.close()
    return office.record.take().steps.get(STEP, []), len(load.faults)


def _recovery(
    system: System, rate: float, usual_p95: float, seed: int, ended: float, say: Say
) -> float | None:
    """Return the seconds from the end of the storm until a slice of the calm is as usual; ``None`` when none is."""
    office = Office(system, f"{time.time_ns():x}")
    load = OpenLoop(office, rate, seed=seed, most=400)
    arrivals = threading.Thread(target=load.run, args=(RECOVERY_S,), daemon=True)
    arrivals.start()
    found = None
    while arrivals.is_alive() and found is None:
        time.sleep(SLICE_S)
        record = office.record.take()
        took = record.steps.get(STEP, [])
        refused = sum(number for name, number in record.statuses.items() if name.endswith(("429", "503")))
        now = percentile(took, 0.95) if took else float("inf")
        say(f"{time.monotonic() - ended:.0f} s later: p95 {now * 1000:.0f} ms, {refused} refused")
        if not refused and now <= USUAL * usual_p95:
            found = round(time.monotonic() - ended, 1)
    arrivals.join()
    load.finish()
    office.close()
    return found
