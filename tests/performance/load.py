"""Two ways to put load on: a closed loop (a fixed number in flight) and an open one (arrivals that do not wait)."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.performance.client import Broken
from tests.performance.cycle import Lost, Office, Refused


class ClosedLoop:
    """``in_flight`` people, each beginning the next cycle when the last one has come to its payment."""

    def __init__(self, office: Office, in_flight: int, *, most: int | None = None, first: int = 0) -> None:
        self._office = office
        self._serials = iter(range(first, first + most)) if most is not None else count(first)
        self._ending = threading.Event()
        self.faults: list[str] = []
        self._threads = [
            threading.Thread(target=self._run, name=f"cycle-{place}", daemon=True)
            for place in range(in_flight)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        connection = self._office.system.connect()
        while not self._ending.is_set() and (serial := next(self._serials, None)) is not None:
            try:
                self._office.cycle(serial, connection)
            except (Refused, Lost, Broken) as fault:
                self.faults.append(str(fault))
                self._ending.wait(0.5)
        connection.close()

    def stop(self) -> None:
        """Begin nothing more, and let every cycle that is under way come to its end."""
        self._ending.set()
        self.join()

    def join(self) -> None:
        """Wait until nothing more is begun and all that was begun has come to its end."""
        for thread in self._threads:
            thread.join(timeout=180)


class OpenLoop:
    """Arrivals at a rate, at random moments (Poisson); the time of each cycle counts from when it should have begun."""

    def __init__(
        self, office: Office, per_second: float, *, seed: int, most: int = 1500, patient: bool = True
    ) -> None:
        self._office = office
        self._rate = per_second
        self._chance = random.Random(seed)
        self._patient = patient
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="arrival")
        self.faults: list[str] = []
        self.refused = 0
        self.arrived = 0

    def run(self, seconds: float) -> None:
        """Let cycles arrive for ``seconds``; those under way go on."""
        due = time.perf_counter()
        ends = due + seconds
        while due < ends:
            due += self._chance.expovariate(self._rate)
            pause = due - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            self._pool.submit(self._arrive, self.arrived, due)
            self.arrived += 1

    def _arrive(self, serial: int, due: float) -> None:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._office.system.connect()
        try:
            self._office.cycle(serial, self._local.connection, began=due, patient=self._patient)
        except Refused as refused:
            if refused.step == "quotation" and refused.answer.status in (429, 503):
                self.refused += 1
            else:
                self.faults.append(str(refused))
        except (Lost, Broken) as fault:
            self.faults.append(str(fault))

    def finish(self) -> None:
        """Wait for the cycles under way."""
        self._pool.shutdown(wait=True)
