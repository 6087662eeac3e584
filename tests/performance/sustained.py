"""Ten minutes at 70 % of the highest rate, with people looking at pages: no errors, memory flat, prompt invoices."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.performance import cpu
from tests.performance.cycle import Office, by_step
from tests.performance.figures import latencies, ratio, rounded
from tests.performance.histories import NOTE, ORDER, between, told_so_far
from tests.performance.load import OpenLoop
from tests.performance.measure import Watch, drain
from tests.performance.o2c import Plan, audited, closed_loop
from tests.performance.system import Say, System
from tests.performance.views import readers, share_of_slowest

SAMPLE_S = 5.0
SETTLED_AFTER_S = 120.0
MIB = 1024 * 1024


@dataclass
class Endurance:
    """How long, at which share of the highest rate, and how often each page is looked at."""

    minutes: float = 10.0
    share: float = 0.7
    looks_per_s: float = 1.0
    seed: int = 1


class Memory:
    """The resident memory of each family of processes, sampled."""

    def __init__(self, system: System) -> None:
        self._roots = system.roots
        self._ending = threading.Event()
        self._started = time.monotonic()
        self.samples: list[tuple[float, dict[str, int]]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._ending.wait(SAMPLE_S):
            found = cpu.memory(self._roots, cpu.snapshot())
            self.samples.append((time.monotonic() - self._started, found))

    def stop(self) -> None:
        """Sample no more."""
        self._ending.set()
        self._thread.join()

    def growth(self, settled_after_s: float) -> dict[str, dict[str, float | None]]:
        """Return for each family its MiB when settled and at the end (means of a tenth), and the growth."""
        settled = [sample for at, sample in self.samples if at >= settled_after_s]
        few = max(1, len(settled) // 10)
        return {name: _growth([sample[name] for sample in settled], few) for name in self._roots if settled}


def _growth(values: list[int], few: int) -> dict[str, float | None]:
    first, last = sum(values[:few]) / few, sum(values[-few:]) / few
    return {"mib_settled": rounded(first / MIB), "mib_end": rounded(last / MIB), "ratio": ratio(last, first)}


def sustained(system: System, plan: Plan, endurance: Endurance, say: Say) -> dict[str, Any]:
    """Measure the highest rate, then go on at a share of it."""
    highest = closed_loop(system, plan, say).windows[-1].cycles_per_s
    rate, seconds = endurance.share * highest, endurance.minutes * 60
    say(f"{rate:.2f} cycles/s arrive for {endurance.minutes:g} minutes")
    with system.target.opened() as databases:
        watch, memory = Watch(databases, system.roots), Memory(system)
        before = {service: told_so_far(databases, service) for service, _ in (ORDER, NOTE)}
        office = Office(system, f"{time.time_ns():x}")
        looking = readers(system, endurance.looks_per_s) if endurance.looks_per_s else {}
        ends = time.monotonic() + seconds
        threads = [
            threading.Thread(target=reader.run, args=(ends,), daemon=True) for reader in looking.values()
        ]
        for thread in threads:
            thread.start()
        load = OpenLoop(office, rate, seed=endurance.seed, most=600)
        load.run(seconds)
        window = watch.window()
        memory.stop()
        for thread in threads:
            thread.join()
        load.finish()
        drained = drain(databases)
        office.close()
        record = office.record.take()
        noted = latencies(between(databases, ORDER, NOTE, before))
        violations = audited(databases, say)
    settled = min(SETTLED_AFTER_S, seconds / 5)
    return {
        "highest_cycles_per_s": rounded(highest),
        "arrivals_per_s": rounded(rate),
        "cycles_per_s": rounded(window.cycles_per_s),
        "cpu_ms_per_cycle": window.as_json()["cpu_ms_per_cycle"],
        "arrived": load.arrived,
        "finished": record.finished,
        "errors": len(load.faults) + sum(record.statuses.values()),
        "other_answers": record.statuses,
        "first_faults": load.faults[:5],
        "steps": by_step(record.steps),
        "order_placed_to_delivery_note_by_history": noted,
        "pages": {name: reader.as_json() for name, reader in looking.items()},
        "customer_360_p95_by_slowest_call": share_of_slowest(looking),
        "memory": memory.growth(settled),
        "drain_s": rounded(drained),
        "audit_violations": violations,
    }
