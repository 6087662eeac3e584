"""The loops of a worker, and the threads they run in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from libs.common.inbox import Receiver
from libs.common.worker.jobs import JobRunner

log = logging.getLogger(__name__)
_TICK_S = 1.0
_LONGEST_WAIT_S = 2.0
_SHORTEST_WAIT_S = 0.05
_AFTER_TROUBLE_S = 5.0

Loop = Callable[[threading.Event], None]


def retry_parked(receiver: Receiver) -> Loop:
    """Return the loop that tries parked messages when their time comes."""

    def run(stopping: threading.Event) -> None:
        while not stopping.is_set():
            receiver.something_parked.clear()
            try:
                receiver.retry_due()
                wait = _seconds_until_due(receiver)
            except Exception:
                log.exception("parked messages of %s could not be tried", receiver.consumer)
                stopping.wait(_AFTER_TROUBLE_S)
                continue
            if not stopping.is_set():
                receiver.something_parked.wait(wait)

    return run


def _seconds_until_due(receiver: Receiver) -> float:
    due = receiver.next_due()
    if due is None:
        return _LONGEST_WAIT_S
    left = (due - receiver.database.clock.now()).total_seconds()
    return min(max(left, _SHORTEST_WAIT_S), _LONGEST_WAIT_S)


def run_jobs(runner: JobRunner) -> Loop:
    """Return the loop that runs jobs when they are due."""

    def run(stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                runner.run_due()
            except Exception:
                log.exception("jobs could not be looked at")
                stopping.wait(_AFTER_TROUBLE_S)
            stopping.wait(_TICK_S)
        try:
            runner.release()
        except Exception:
            log.warning(
                "the leases of jobs could not be given back; they run out by themselves", exc_info=True
            )

    return run


class Crew:
    """The threads of a worker: started together, stopped together, and all of them missed when one dies."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.failed = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wakes: list[Callable[[], None]] = []

    def start(self, name: str, loop: Loop, wake: Callable[[], None] | None = None) -> None:
        """Run ``loop`` in a thread; ``wake`` is called when it is time to stop, to end a wait."""
        thread = threading.Thread(target=self._run, args=(name, loop), name=name, daemon=True)
        self._threads.append(thread)
        if wake is not None:
            self._wakes.append(wake)
        thread.start()

    def _run(self, name: str, loop: Loop) -> None:
        try:
            loop(self.stopping)
        except BaseException:
            log.critical("%s died", name, exc_info=True)
            self.failed.set()
            self.stopping.set()
            raise

    def alive(self) -> bool:
        """Tell whether every thread still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, timeout: float) -> bool:
        """Ask every loop to finish and wait for them; ``False`` when one did not within ``timeout`` seconds."""
        self.stopping.set()
        for wake in self._wakes:
            wake()
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)
