"""What a container engine does for a service: start it, and start it again when it has died."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from meridian.local.processes import Processes, Program
from tests.faults.servers import family, send

RESTART_DELAY_S = 0.5
_LOOK_S = 0.1


class Supervisor:
    """Keeps programs running; it knows nothing of what is done to them."""

    def __init__(self, home: Path) -> None:
        self._processes = Processes(home)
        self._wanted: dict[str, Program] = {}
        self._held: set[str] = set()
        self._died: dict[str, float] = {}
        self._lock = threading.RLock()
        self._ending = threading.Event()
        self.restarts: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def keep(self, programs: Sequence[Program]) -> None:
        """Keep exactly these running."""
        with self._lock:
            self._wanted = {program.name: program for program in programs}
            self._held.clear()
            self._died.clear()
            for program in programs:
                self._processes.start(program)

    def stop_all(self) -> None:
        """Ask all to end, and do not start them again."""
        with self._lock:
            self._wanted = {}
            self._processes.stop_all()

    def names(self) -> list[str]:
        """Return what is kept running."""
        return sorted(self._wanted)

    def pid(self, name: str) -> int | None:
        """Return the process id of a program, while it runs."""
        return self._processes.pid(name)

    def kill(self, name: str) -> None:
        """End a program with all its processes as a power cut would; it is started again."""
        self._signal(name, signal.SIGKILL)

    def terminate(self, name: str) -> None:
        """Ask a program to end; it is started again."""
        pid = self.pid(name)
        if pid is not None:
            os.kill(pid, signal.SIGTERM)

    def freeze(self, name: str) -> None:
        """Let a program hang."""
        pid = self.pid(name)
        send(family(pid) if pid else [], signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on."""
        pid = self.pid(name)
        send(family(pid) if pid else [], signal.SIGCONT)

    @contextlib.contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep a program down while the block runs."""
        with self._lock:
            self._held.add(name)
            self.kill(name)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(name)

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self.pid(name)
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_S):
            with self._lock:
                for program in self._wanted.values():
                    self._look(program)

    def _look(self, program: Program) -> None:
        if self._processes.alive(program.name) or program.name in self._held:
            return
        now = time.monotonic()
        died = self._died.setdefault(program.name, now)
        if now - died >= RESTART_DELAY_S:
            del self._died[program.name]
            self.restarts[program.name] += 1
            self._processes.start(program)

    def end(self) -> None:
        """Stop watching and stop everything."""
        self._ending.set()
        self._thread.join(5)
        self.stop_all()
