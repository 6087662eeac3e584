"""The production shape over servers of its own, with a supervisor, and ways to reach into it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import urllib3
from sqlalchemy.engine import make_url

from libs.common.db import Database
from meridian.company import Company
from meridian.dead_letters import DeadLetters
from meridian.local import control
from meridian.local.shape import programs
from meridian.target import Target
from tests.e2e.systems import COMPANY, silent
from tests.faults.network import Network
from tests.faults.outfit import DEATHS, PLAIN, SWITCHES, Outfit
from tests.faults.servers import AMQP_URL, POSTGRES_URL, OwnPostgres, OwnRabbit, own_servers, wait_for
from tests.faults.supervisor import Supervisor

PREFIX = "faults"
BROKER = f"{AMQP_URL}/{PREFIX}"
"""The broker as the run itself reaches it: as a user who may do everything."""

READY_S = 120.0


@dataclass
class Site:
    """One running system. ``databases`` are opened by the run itself, beside those of the processes."""

    home: Path
    target: Target
    postgres: OwnPostgres
    rabbit: OwnRabbit
    supervisor: Supervisor
    network: Network
    passwords: dict[str, str]
    databases: dict[str, Database]
    outfit: Outfit = PLAIN
    _pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=2.0, maxsize=4)
    )

    def wear(self, outfit: Outfit) -> None:
        """Run the processes in ``outfit``: those that were kept running as in production, or all of them anew."""
        if outfit is not PLAIN or self.outfit is not PLAIN:
            self.supervisor.stop_all()
            self.outfit = outfit
            shutil.rmtree(self.home / DEATHS, ignore_errors=True)
        self.supervisor.keep(self.outfit.dress(programs(self.target)))
        wait_for(self.all_ready, f"not all processes became ready (logs in {self.home / 'logs'})", READY_S)

    def health_urls(self) -> dict[str, str]:
        """Return where each process answers for its health, by its name."""
        urls = {"gateway": self.target.gateway_url}
        urls |= {f"{name}-web": url for name, url in self.target.service_urls.items()}
        return urls | {f"{name}-worker": url for name, url in self.worker_urls().items()}

    def worker_urls(self) -> dict[str, str]:
        """Return the health port of each service's worker."""
        return {name: f"http://127.0.0.1:{port}" for name, port in self.target.worker_ports.items()}

    def is_ready(self, name: str) -> bool:
        """Tell whether a process says that it can do its work."""
        try:
            url = f"{self.health_urls()[name]}/health/ready"
            return self._pool.request("GET", url).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def all_ready(self) -> bool:
        """Tell whether every process says so."""
        return all(self.is_ready(name) for name in self.health_urls())

    def fetch(self, url: str) -> str | None:
        """Return the text at ``url``, or nothing when there is no answer."""
        try:
            answer = self._pool.request("GET", url)
        except urllib3.exceptions.HTTPError:
            return None
        return answer.data.decode() if answer.status == 200 else None

    def dead_letters(self) -> DeadLetters:
        """Give what waits for a person, in databases and on the broker."""
        return DeadLetters(self.target, self.databases)

    @contextlib.contextmanager
    def sql(self, store: str = "") -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """Give a connection of the server's owner to the database of ``store``, each statement by itself."""
        url = POSTGRES_URL
        if store:
            url = f"{POSTGRES_URL.rpartition('/')[0]}/{self.database_name(store)}"
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def database_name(self, store: str) -> str:
        """Return what the database of ``store`` is called on the server."""
        return str(make_url(self.target.database_urls[store]).database)

    def switch(self, name: str) -> Path:
        """Return the file whose being there tells changed workers to misbehave."""
        folder = self.home / SWITCHES
        folder.mkdir(exist_ok=True)
        return folder / name


@contextlib.contextmanager
def standing(folder: Path, say: Callable[[str], None]) -> Iterator[Site]:
    """Give a running system below ``folder``; everything of it is ended afterwards."""
    os.environ["MERIDIAN_POSTGRES_URL"], os.environ["MERIDIAN_AMQP_URL"] = POSTGRES_URL, AMQP_URL
    with own_servers(folder) as (postgres, rabbit), contextlib.ExitStack() as stack:
        home = folder / "home"
        target = control.prepare(home, silent, prefix=PREFIX)
        # The run itself does to the broker what no user of the system may.
        rabbit.control("set_permissions", "-p", PREFIX, "guest", ".*", ".*", ".*")
        logins = Company(target).ensure(COMPANY, say=silent)
        supervisor = Supervisor(home)
        stack.callback(supervisor.end)
        databases = target.databases(pool_size=2)
        for database in databases.values():
            stack.callback(database.close)
        network = Network()
        stack.callback(network.mend)
        passwords = {login.username: login.password for login in logins}
        site = Site(home, target, postgres, rabbit, supervisor, network, passwords, databases)
        site.wear(PLAIN)
        say(f"{len(supervisor.names())} processes run over their own PostgreSQL and RabbitMQ")
        yield site
