"""The embedded system as a process of its own, started again when it is killed: a crash is part of the demo."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from meridian.topography import ROOT

MOST_RESTARTS = 20


def free_port() -> int:
    """Return a port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServingChild:
    """``meridian run`` over the files in ``home``, kept running until the block ends."""

    def __init__(self, home: Path, *, say: Callable[[str], None]) -> None:
        self._home = home
        self._say = say
        self._port = free_port()
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="watch-child", daemon=True)

    @property
    def address(self) -> str:
        """Where the child listens."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> ServingChild:
        self._process = self._start()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._watcher.join(timeout=5)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "meridian",
            "run",
            "--quiet",
            "--home",
            str(self._home.resolve()),
            "--port",
            str(self._port),
        ]
        with (self._home / "server.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _watch(self) -> None:
        for _ in range(MOST_RESTARTS):
            assert self._process is not None
            status = self._process.wait()
            if self._ending.is_set():
                return
            self._say(f"\nthe system ended with status {status}; starting it again over the same files")
            self._process = self._start()
