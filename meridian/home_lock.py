"""One process per home: two systems over the same files would do everything twice."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from libs.common.clock import pause

PATIENCE_S = 15.0


class HomeTaken(RuntimeError):
    """Another process serves from these files; the message says which."""


@contextmanager
def alone_in(home: Path, *, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold ``home`` for this process; ``HomeTaken`` when another one keeps it for longer than ``patience_s``.

    The lock ends with the process, however it ends.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+", encoding="utf-8") as file:
        until = time.monotonic() + patience_s
        while not _try(file.fileno()):
            if time.monotonic() >= until:
                file.seek(0)
                raise HomeTaken(
                    f"process {file.read().strip() or 'unknown'} serves from {home}; stop it first"
                )
            pause(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
