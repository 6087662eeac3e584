"""One run: clients at work, one fault in the middle of it, healing, settling, and the reckoning."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import arrivals
from tests.faults.kinds.base import HEALS_WITHIN_S, Fault, Strike
from tests.faults.market import open_market
from tests.faults.people import ENOUGH, Tally, clients
from tests.faults.reckoning import reckon
from tests.faults.site import Site
from tests.faults.table import Row
from tests.faults.traffic import Traffic, draw
from tests.faults.watch import Watch

LONGEST_HEALING_S = 240.0
CONTROL_HEALING_S = 45.0
_LOOK_S = 0.5


@dataclass(frozen=True)
class Task:
    """What to run: a fault, from which seed, over how many orders."""

    fault: Fault
    seed: int
    orders: int
    quick: bool = False

    @property
    def size(self) -> int:
        """How many orders the run takes: those of the task, or as many as the fault needs at most."""
        return min(self.orders, self.fault.most_orders or self.orders)


class Run:
    """One run over a standing system."""

    def __init__(self, site: Site, task: Task, say: Callable[[str], None]) -> None:
        self._site = site
        self._task = task
        self._say = say
        self._tally = Tally()

    def go(self) -> Row:
        """Do it and return the line of the table."""
        self._task.fault.open(self._site)
        try:
            self._site.wear(self._task.fault.outfit)
            return self._hurt()
        finally:
            self._task.fault.close(self._site)

    def _hurt(self) -> Row:
        started = time.monotonic()
        site, task = self._site, self._task
        lots = random.Random(f"{task.fault.id}-{task.seed}-{task.size}")
        name = f"{task.fault.id}-{task.seed}-{int(time.time())}"
        people = clients(site.target.gateway_url, site.passwords, Tally())
        market = open_market(name, people)
        before, marks = arrivals.made(site.databases), arrivals.marks(site.databases)
        workers = clients(site.target.gateway_url, site.passwords, self._tally)
        traffic = Traffic(
            name, draw(task.size, lots, market, task.fault.without), workers, market, self._tally
        )
        watch = Watch(site, self._tally)
        strike = Strike(site, lots, traffic, self._tally, self._say, quick=task.quick)
        watch.start()
        task.fault.begin(strike)
        traffic.start()
        try:
            task.fault.strike(strike)
            task.fault.repair(strike)
            healed = self._heal(traffic, marks)
            self._finish(traffic)
        finally:
            ENOUGH.set()
            traffic.close()
            ENOUGH.clear()
        settled = self._settle(marks)
        watch.stop()
        task.fault.after(strike, watch)
        reckon(site, traffic, self._tally, before)
        return self._row(strike, traffic, watch, healed, settled, time.monotonic() - started)

    def _heal(self, traffic: Traffic, marks: arrivals.Marks) -> float:
        """Return how long it took, from the end of the trouble, until all was well again.

        Well means: every process says that it is ready, what had been said before the end of the trouble has
        arrived everywhere, and an order has been finished since.
        """
        ended = time.monotonic()
        finished = traffic.finished
        debt = self._debt(marks)
        while time.monotonic() - ended < self._longest_s:
            moving = traffic.finished > finished or traffic.done()
            if debt is not None:
                now = self._debt(marks) if debt else arrivals.Debt(frozenset(), frozenset())
                debt = debt.left(now) if now is not None else debt
            else:
                debt = self._debt(marks)
            if moving and debt is not None and not debt and self._site.all_ready():
                seconds = time.monotonic() - ended
                self._say(f"healed {seconds:.1f} s after the end of the trouble")
                return seconds
            time.sleep(_LOOK_S)
        why = debt.told() if debt else "not ready, or no order was finished"
        self._tally.blame(f"not healed after {self._longest_s:.0f} s: {why}")
        return self._longest_s

    def _debt(self, marks: arrivals.Marks) -> arrivals.Debt | None:
        try:
            return arrivals.debt(self._site.databases, marks)
        except Exception:
            return None  # the run's own connections were cut as well; it looks again

    @property
    def _longest_s(self) -> float:
        """How long to wait for healing; what a control has lost does not come back."""
        return CONTROL_HEALING_S if self._task.fault.must_lose else LONGEST_HEALING_S

    def _finish(self, traffic: Traffic) -> None:
        told, began = 0, time.monotonic()
        while not traffic.done():
            if self._task.fault.must_lose and time.monotonic() - began > CONTROL_HEALING_S:
                return
            time.sleep(0.2)
            tenth = traffic.finished * 10 // traffic.total
            if tenth > told:
                told = tenth
                self._say(f"{traffic.finished} of {traffic.total} orders")

    def _settle(self, marks: arrivals.Marks) -> float:
        """Wait until nothing is on its way any more; return how long that took after the last client."""
        ended = time.monotonic()
        while time.monotonic() - ended < self._longest_s:
            debt = self._debt(marks)
            through = debt is not None and not debt
            if through and not arrivals.living_sagas(self._site.databases):
                return time.monotonic() - ended
            time.sleep(_LOOK_S)
        debt = self._debt(marks)
        sagas = arrivals.living_sagas(self._site.databases)
        told = debt.told() if debt is not None else "the databases do not answer"
        self._tally.blame(f"not settled after {self._longest_s:.0f} s: {told}, {len(sagas)} sagas alive")
        return self._longest_s

    def _row(
        self, strike: Strike, traffic: Traffic, watch: Watch, healed: float, settled: float, seconds: float
    ) -> Row:
        fault, faults = self._task.fault, list(self._tally.faults)
        if max(healed, settled) > HEALS_WITHIN_S:
            faults.append(f"healing took longer than {HEALS_WITHIN_S:.0f} s")
        return Row(
            fault=fault.id,
            says=fault.says,
            control=fault.must_lose,
            seed=self._task.seed,
            orders=traffic.total,
            ended=dict(sorted(traffic.outcome.ended.items())),
            blows=strike.blows,
            requests=self._tally.requests,
            retries=self._tally.retries,
            handled=watch.received("handled"),
            duplicates=watch.received("duplicates"),
            parked=watch.received("parked"),
            restarts=sum(self._site.supervisor.restarts.values()),
            heal_s=round(healed, 1),
            settle_s=round(settled, 1),
            seconds=round(seconds, 1),
            violations=faults,
            notes=strike.notes,
        )
