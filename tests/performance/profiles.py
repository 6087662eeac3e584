"""Where a process's time goes: py-spy beside a measured window. It slows what it looks at: such a run is no figure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.performance.system import Say, System

FORMATS = {"flamegraph": "svg", "speedscope": "json", "raw": "txt"}
FOLDER = Path("var/bench/profiles")
RATE_HZ = 397  # not a divisor of anything that happens regularly


class Profiles:
    """The profilers of one window."""

    def __init__(self, names: Sequence[str], kind: str) -> None:
        self._names = names
        self._kind = kind
        self._running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(self, system: System, seconds: float) -> None:
        """Begin to look at each process, for ``seconds``."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in self._names:
            if name not in system.roots:
                raise ValueError(f"there is no process {name}; there are {', '.join(sorted(system.roots))}")
            file = FOLDER / f"{name}.{FORMATS[self._kind]}"
            command = [
                _program(), "record", "--pid", str(system.roots[name]), "--subprocesses", "--nonblocking", "--gil",
                "--rate", str(RATE_HZ), "--duration", str(int(seconds)), "--format", self._kind,
                "--output", str(file),
            ]  # fmt: skip
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            self._running.append((process, file))

    def finish(self, say: Say) -> None:
        """Wait for the profilers and say where their files are."""
        for process, file in self._running:
            process.wait(timeout=120)
            say(f"profile: {file}")
        self._running = []


def _program() -> str:
    beside = Path(sys.executable).parent / "py-spy"
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    assert found is not None, "py-spy is among the packages of requirements/dev.txt"
    return found
