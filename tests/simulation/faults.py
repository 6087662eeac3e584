"""What goes wrong inside a process: it dies before or after a commit, its database is busy or gone, a handler fails.

Production code knows nothing of this: the one function that commits, the one that waits and the one that calls
handlers are wrapped while a simulation runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from libs.common.db import database as commits
from libs.common.inbox import receiver as handling
from libs.common.messaging import relay as relaying
from meridian.audit import run as auditing
from tests.simulation.plant import Plant

DIES_BEFORE, DIES_AFTER, BUSY, NO_DISK = "dies before", "dies after", "busy at", "disk error at"
KINDS = (DIES_BEFORE, DIES_AFTER, BUSY, NO_DISK)


class Crash(BaseException):
    """The process is gone: nothing in it may catch this."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class BrokenHandler(RuntimeError):
    """A handler fails because somebody shipped a bad version of it."""


@dataclass
class Faults:
    """What shall go wrong next, and what has; ``touched`` are the services that have committed in this step."""

    plant: Plant
    kind: str | None = None
    at_commit: int = 0
    commits: int = 0
    struck: str | None = None
    broken: dict[tuple[str, str], int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def arm(self, kind: str | None, at_commit: int = 1) -> None:
        """Let ``kind`` happen at the ``at_commit``-th commit from now on, once."""
        self.kind, self.at_commit, self.commits, self.struck = kind, at_commit, 0, None
        self.touched.clear()

    def heal(self) -> None:
        """Let nothing more go wrong."""
        self.arm(None)
        self.broken.clear()

    def _service(self, connection: Connection) -> str:
        # A connection for writing has an engine of its own over the same pool.
        return next(
            name
            for name, database in self.plant.databases.items()
            if database.engine.pool is connection.engine.pool
        )

    def commit(self, connection: Connection) -> None:
        """Commit, or let the armed fault happen instead or afterwards."""
        service = self._service(connection)
        self.commits += 1
        due = self.kind if self.commits == self.at_commit else None
        if due is not None:
            self.struck = f"{due} commit {self.commits} in {service}"
        if due == DIES_BEFORE:
            raise Crash(service)
        if due == BUSY:
            raise _database_error(sqlite3.SQLITE_BUSY)
        if due == NO_DISK:
            raise _database_error(sqlite3.SQLITE_IOERR)
        _commit(connection)
        self.touched.add(service)
        if due == DIES_AFTER:
            raise Crash(service)

    def run(self, tx: Any, message: Any, calls: Sequence[Any]) -> None:
        """Call the handlers, unless they are broken just now."""
        if (tx.service, message.type) in self.broken:
            raise BrokenHandler(f"{tx.service} cannot handle {message.type} in this version")
        _run(tx, message, list(calls))

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Put the wrappers in place for as long as the block runs."""
        with (
            patch.object(commits, "_commit", self.commit),
            patch.object(commits, "pause", _no_pause),
            patch.object(auditing, "pause", _no_pause),
            patch.object(handling, "_run", self.run),
            patch.object(relaying, "log", _Silent()),
        ):
            yield


class _Silent:
    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_kwargs: None


_commit = commits._commit
_run = handling._run


def _no_pause(_seconds: float) -> None:
    return None


def _database_error(code: int) -> OperationalError:
    error = sqlite3.OperationalError("simulated")
    error.sqlite_errorcode = code
    return OperationalError("COMMIT", {}, error)
