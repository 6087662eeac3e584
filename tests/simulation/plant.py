"""The system that is simulated: the five services as they are wired for production, over SQLite in memory-backed files.

It is built once per process and put back to the same beginning for each seed: building the web applications costs
more than a whole run.
"""

from __future__ import annotations

import gc
import itertools
import shutil
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from libs.common.db import Database, migrate
from libs.common.inbox import Receiver
from libs.common.messaging.embedded import EmbeddedBus
from libs.common.testing import ManualClock
from libs.common.testing.web import ApiClient, api_client
from libs.common.web import SigningKeys
from libs.common.worker import JobRunner
from libs.common.worker.mechanism_jobs import MECHANISM_JOBS
from meridian.topography import SERVICES, migrations_of
from meridian.wiring import PARTS

OPENING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_MEMORY = Path("/dev/shm")
_FIRST_ID_OF_A_RUN = 1_000_000
_SECOND = "00000000-0000-7000-8000-0000000000bb"


class CountedIds:
    """Valid ids that count up from ``first``, over all services together."""

    def __init__(self, first: int = 1) -> None:
        self._count = itertools.count(first)

    def new(self) -> str:
        """Return the next id."""
        return f"00000000-0000-7000-8000-{next(self._count):012d}"


class Plant:
    """The databases, web applications, receivers and job runners of all services."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="meridian-simulation-", dir=_MEMORY if _MEMORY.is_dir() else None
        )
        self.folder = Path(self._folder.name)
        self.clock = ManualClock(OPENING)
        self.databases = {
            service: Database(self._url(service), service=service, clock=self.clock) for service in SERVICES
        }
        for database in self.databases.values():
            event.listen(database.engine, "connect", _do_not_wait_for_the_disk)
            migrate(database, migrations_of(database.service))
        keys = SigningKeys.fresh(clock=ManualClock(OPENING))
        self.second: dict[str, str] = {}
        self.clients = {service: self._client(service, keys) for service in SERVICES}
        self._eyes: dict[str, sqlite3.Connection] = {}
        self.restart()
        gc.freeze()  # what stands for good need not be looked through again and again

    def _url(self, service: str) -> str:
        return f"sqlite:///{self.folder / service}.db"

    def _client(self, service: str, keys: SigningKeys) -> ApiClient:
        app = PARTS[service].create_app(self.databases[service], keys.verifier())
        client = api_client(app, keys, name="Simulated")
        self.second[service] = api_client(app, keys, subject=_SECOND, name="Second").token()
        token = client.token()
        client.token = lambda: token
        return client

    def restart(self, *services: str) -> None:
        """Forget what the processes of ``services`` (of all, if none is named) had in their memory."""
        if not services:
            self.receivers: dict[str, Receiver] = {}
            self.runners: dict[str, JobRunner] = {}
            self.caretakers: dict[str, JobRunner] = {}
            self._lives = dict.fromkeys(SERVICES, 0)
        for service in services or SERVICES:
            self._lives[service] += 1
            database, part = self.databases[service], PARTS[service]
            self.receivers[service] = Receiver(database, part.subscriptions)
            owner = f"{service}-{self._lives[service]}"
            self.runners[service] = JobRunner(database, part.jobs, owner)
            # Apart from the service's own, because they run once a day and would fill the story.
            self.caretakers[service] = JobRunner(database, MECHANISM_JOBS, owner)
        self.bus = EmbeddedBus(
            self.databases, {service: PARTS[service].subscriptions for service in SERVICES}
        )
        self.bus.receivers = self.receivers

    def remember(self) -> None:
        """Keep the present state as the beginning of every run."""
        self._close_eyes()
        for service, database in self.databases.items():
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.engine.dispose()
            shutil.copyfile(self.folder / f"{service}.db", self.folder / f"{service}.start")
        self._begun = self.clock.now()

    def reset(self) -> None:
        """Go back to the remembered state; the ids of the run begin anew."""
        self._close_eyes()
        self.clock, ids = ManualClock(self._begun), CountedIds(_FIRST_ID_OF_A_RUN)
        for service, database in self.databases.items():
            database.engine.dispose()
            database.clock, database.ids = self.clock, ids
            database._listeners.clear()
            for suffix in ("-wal", "-shm"):
                (self.folder / f"{service}.db{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self.folder / f"{service}.start", self.folder / f"{service}.db")
        self.restart()

    def rows(self, service: str, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return what ``statement`` finds, as somebody sees it who looks at the screen."""
        if service not in self._eyes:
            self._eyes[service] = sqlite3.connect(self.folder / f"{service}.db", isolation_level=None)
        return self._eyes[service].execute(statement, parameters).fetchall()

    def _close_eyes(self) -> None:
        for connection in self._eyes.values():
            connection.close()
        self._eyes.clear()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(seconds=seconds))

    def close(self) -> None:
        """Close every file and remove it."""
        self._close_eyes()
        for database in self.databases.values():
            database.close()
        self._folder.cleanup()


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
