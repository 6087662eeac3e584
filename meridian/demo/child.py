"""The embedded system as a process of its own, started again when it is killed: a crash is part of the demo."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from meridian.topography import ROOT

MOST_RESTARTS = 20
_FIRST_PORT = 18_000
_LAST_PORT = 30_000


def free_port(room: int = 1) -> int:
    """Return the first of ``room`` neighbouring ports that nobody listens on at the moment.

    They lie below the range from which the system takes the ports of outgoing connections: while a server is
    being started again, its port could otherwise be taken, even by the client that tries to reach it.
    """
    start = _FIRST_PORT + os.getpid() * 37 % (_LAST_PORT - _FIRST_PORT)
    for step in range(_LAST_PORT - _FIRST_PORT):
        port = _FIRST_PORT + (start - _FIRST_PORT + step) % (_LAST_PORT - _FIRST_PORT)
        if all(_is_free(port + place) for place in range(room)):
            return port
    raise OSError(f"no {room} free ports between {_FIRST_PORT} and {_LAST_PORT}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class ServingChild:
    """``meridian run`` over the files in ``home``, kept running until the block ends."""

    def __init__(self, home: Path, *, say: Callable[[str], None]) -> None:
        self._home = home
        self._say = say
        self._port = free_port()
        self._ending = threading.Event()
        self.restarts = 0
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
            _forget(self._process)
        self._watcher.join(timeout=5)

    def kill(self) -> None:
        """End the process as a power cut would (SIGKILL); it is started again."""
        process = self._process
        assert process is not None
        process.kill()
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "meridian",
            "run",
            "--quiet",
            "--until-stdin-closes",
            "--home",
            str(self._home.resolve()),
            "--port",
            str(self._port),
        ]
        with (self._home / "server.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)  # nosec B603

    def _watch(self) -> None:
        for _ in range(MOST_RESTARTS):
            assert self._process is not None
            status = self._process.wait()
            if self._ending.is_set():
                return
            _forget(self._process)
            self._say(f"\nthe system ended with status {status}; starting it again over the same files")
            self.restarts += 1
            self._process = self._start()


def _forget(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe whose end tells the child that its parent is gone."""
    if process.stdin is not None:
        process.stdin.close()
