"""Starting, finding and stopping the processes of the production shape, each with its log and its process id."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from libs.common.clock import pause


@dataclass(frozen=True)
class Program:
    """One process: its name, its command, and the environment it reads."""

    name: str
    command: list[str]
    environment: dict[str, str]


class Processes:
    """The processes whose ids and logs are kept in ``home``."""

    def __init__(self, home: Path) -> None:
        self._pids = home / "pids"
        self._logs = home / "logs"

    def start(self, program: Program) -> bool:
        """Start ``program`` unless it runs already; tell whether it was started."""
        if self.alive(program.name):
            return False
        for folder in (self._pids, self._logs):
            folder.mkdir(parents=True, exist_ok=True)
        pid = _spawn(program, self._logs / f"{program.name}.log")
        record = {"pid": pid, "started": _start_time(pid)}
        (self._pids / f"{program.name}.json").write_text(json.dumps(record), encoding="utf-8")
        return True

    def alive(self, name: str) -> bool:
        """Tell whether the process of that name, and not another one with its id, is running."""
        return self.pid(name) is not None

    def pid(self, name: str) -> int | None:
        """Return the id of the running process of that name."""
        try:
            record = json.loads((self._pids / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        started = _start_time(record["pid"])
        return record["pid"] if started is not None and started == record["started"] else None

    def names(self) -> list[str]:
        """Return the names of all processes that were started and not yet stopped."""
        return sorted(path.stem for path in self._pids.glob("*.json")) if self._pids.exists() else []

    def stop_all(self, patience_s: float = 30.0) -> list[str]:
        """Ask every process to end, and end those that do not; return their names."""
        names = self.names()
        for name in names:
            self._signal(name, signal.SIGTERM)
        until = time.monotonic() + patience_s
        while any(self.alive(name) for name in names) and time.monotonic() < until:
            pause(0.1)
        for name in names:
            self._signal(name, signal.SIGKILL)
            (self._pids / f"{name}.json").unlink()
        return names

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self.pid(name)
        if pid is not None:
            try:
                os.killpg(pid, number)
            except ProcessLookupError:
                return


def _spawn(program: Program, log: Path) -> int:
    """Start ``program`` in a session of its own, its output appended to ``log``; return its process id.

    It is meant to outlive this process, so nothing here waits for it or holds on to it.
    """
    output = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.posix_spawn(
        program.command[0],
        program.command,
        os.environ | program.environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), output, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _start_time(pid: int) -> str | None:
    """Return when the process began, in clock ticks since boot (field 22 of /proc/<pid>/stat), or ``None``.

    Ids are used again; the start time tells our process from a stranger's.
    """
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if after_name[0] == "Z" else after_name[19]
