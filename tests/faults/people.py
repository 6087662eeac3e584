"""The clients of a run: patient, each act under its key until it is answered, and counting what that took."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import urllib3

from meridian.demo.gateway import ActFailed, Gateway, Person

PATIENCE_S = 300.0
_NOT_THERE_YET = frozenset({404, 409, 422})
_LONGEST_PAUSE_S = 1.0


ENOUGH = threading.Event()
"""Set when a run has seen what it wanted: whoever still waits gives up."""


class GaveUp(RuntimeError):
    """Something that should happen by itself did not; the text says what."""


class Tally:
    """What the clients saw: answers by status, calls that broke, and what was asked again because of that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.broken = 0
        self.faults: list[str] = []
        self.answered: dict[str, set[str]] = {}

    def count(self, status: int | None) -> None:
        """Count one call by its status; ``None`` when the connection broke or nothing came in time."""
        with self._lock:
            if status is None:
                self.broken += 1
            else:
                self.statuses[status] += 1

    def was_answered(self, kind: str, id_: str) -> None:
        """Remember that the making of something was answered with success."""
        with self._lock:
            self.answered.setdefault(kind, set()).add(id_)

    def blame(self, text: str) -> None:
        """Remember something that must not happen."""
        with self._lock:
            self.faults.append(text)

    @property
    def retries(self) -> int:
        """How many calls had to be made again."""
        again = sum(self.statuses[status] for status in (429, 500, 502, 503, 504))
        return self.broken + again

    @property
    def requests(self) -> int:
        """How many calls were made."""
        return self.broken + sum(self.statuses.values())


class Client(Person):
    """A person at the gateway who never gives up within ``PATIENCE_S`` and whose calls are counted."""

    def __init__(self, gateway: Gateway, username: str, password: str, tally: Tally) -> None:
        super().__init__(gateway, username, password)
        self._tally = tally

    def _once(
        self, method: str, path: str, body: Any, query: dict[str, str] | None, headers: dict[str, str] | None
    ) -> urllib3.BaseHTTPResponse | None:
        answer = super()._once(method, path, body, query, headers)
        self._tally.count(answer.status if answer is not None else None)
        if answer is not None and answer.status == 500:
            self._tally.blame(f"{method} {path} -> 500: {answer.data[:200]!r}")
            return None
        return answer

    def _act(self, method: str, path: str, **rest: Any) -> Any:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return super()._act(method, path, **rest)
            except TimeoutError:
                if time.monotonic() > until:
                    raise GaveUp(f"{method} {path} was not answered within {PATIENCE_S:.0f} s") from None


def clients(base_url: str, passwords: Mapping[str, str], tally: Tally) -> dict[str, Client]:
    """Return the people of the company, sharing one pool of connections."""
    gateway = Gateway(base_url)
    gateway.pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=urllib3.Timeout(connect=3, read=45))
    return {name: Client(gateway, name, password, tally) for name, password in passwords.items()}


def until(find: Callable[[], Any], what: str) -> Any:
    """Return what ``find`` gives as soon as it gives anything; ``GaveUp`` when it never does."""
    ends = time.monotonic() + PATIENCE_S
    delay = 0.05
    while not (found := find()):
        if time.monotonic() > ends or ENOUGH.is_set():
            raise GaveUp(f"{what} did not happen within {PATIENCE_S:.0f} s")
        time.sleep(delay)
        delay = min(delay * 1.5, _LONGEST_PAUSE_S)
    return found


def once_known(act: Callable[[], Any], what: str) -> Any:
    """Return what ``act`` gives, asked again while the service has not heard yet of what it is about."""

    def attempt() -> Any:
        try:
            return [act()]
        except ActFailed as refused:
            if refused.status in _NOT_THERE_YET:
                return None
            raise

    return until(attempt, what)[0]
