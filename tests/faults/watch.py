"""What is looked at while a run goes on: invariants that hold at every moment, and messages that came twice."""

from __future__ import annotations

import re
import threading
from collections import Counter

from sqlalchemy import text

from meridian.audit.run import QUERIES
from tests.faults.people import Tally
from tests.faults.site import Site

ALWAYS_EVERY_S = 5.0
_METERS_EVERY_S = 1.0
_ALWAYS = (
    ("inventory", "I01_stock_is_within_bounds"),
    ("finance", "I05_exposure_is_within_the_limit"),
)
_RECEIVED = re.compile(
    r'^meridian_messages_received_total\{outcome="(?P<outcome>\w+)",[^}]*\} (?P<count>[\d.e+]+)$',
    re.MULTILINE,
)


class Watch:
    """Looks every second at the workers' meters and every five at the invariants that may never be broken."""

    def __init__(self, site: Site, tally: Tally) -> None:
        self._site = site
        self._tally = tally
        self._last: dict[str, Counter[str]] = {}
        self._received: Counter[str] = Counter()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self.looks = 0

    def start(self) -> None:
        """Begin to look; what was counted before does not count."""
        self._read_meters()
        self._received.clear()
        self._thread.start()

    def stop(self) -> None:
        """Look a last time."""
        self._ending.set()
        self._thread.join(30)
        self._read_meters()

    def received(self, outcome: str) -> int:
        """Return how many messages had this outcome: ``handled``, ``duplicates``, ``parked`` or ``dead``.

        Workers count in memory: what one counted in its last second before it was killed is not seen.
        """
        return int(self._received[outcome])

    def _run(self) -> None:
        turn = 0
        while not self._ending.wait(_METERS_EVERY_S):
            self._read_meters()
            if turn % int(ALWAYS_EVERY_S) == 0:
                self._look_at_invariants()
            turn += 1

    def _read_meters(self) -> None:
        for service, url in self._site.worker_urls().items():
            page = self._site.fetch(f"{url}/metrics")
            if page is not None:
                self._add(service, page)

    def _add(self, service: str, page: str) -> None:
        now = Counter({found["outcome"]: float(found["count"]) for found in _RECEIVED.finditer(page)})
        before = self._last.get(service, Counter())
        began_anew = any(now[outcome] < before[outcome] for outcome in before)
        self._received.update(now if began_anew else {key: now[key] - before[key] for key in now})
        self._last[service] = now  # type: ignore[assignment]

    def _look_at_invariants(self) -> None:
        for store, name in _ALWAYS:
            _, _, statement = (QUERIES / store / f"{name}.sql").read_text(encoding="utf-8").partition("\n")
            try:
                with self._site.databases[store].reading() as connection:
                    offenders = list(connection.execute(text(statement)).scalars())
            except Exception:
                continue  # the database is the victim just now; there is nothing to look at
            self.looks += 1
            if offenders:
                self._tally.blame(f"{name} was broken during the run: {offenders[:3]}")
