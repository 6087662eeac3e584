"""A system to put load on, in either shape, with its people, its catalogue and its processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from meridian.company import Company
from meridian.demo.child import ServingChild, free_port
from meridian.demo.gateway import Gateway, Person
from meridian.local import control
from meridian.local.processes import Processes
from meridian.target import Target, embedded_target
from tests.performance.client import Connection
from tests.performance.company import PEOPLE, write_company
from tests.performance.servers import Servers

PREFIX = "meridian_bench"
SHAPES = ("production", "embedded")
FRESH_S = 10.0
Say = Callable[[str], None]


@dataclass
class Tokens:
    """The people's tokens; a token lasts some minutes, so it is asked for again when it is refused."""

    address: str
    passwords: dict[str, str]
    _tokens: dict[str, str] = field(default_factory=dict)
    _renewed: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, username: str) -> str:
        """Return a token of ``username``."""
        if username not in self._tokens:
            self.renew(username)
        return self._tokens[username]

    def renew(self, username: str) -> None:
        """Log in once more, unless somebody just did: dozens see a token refused at once, and logins are counted."""
        with self._lock:
            if time.monotonic() - self._renewed.get(username, -FRESH_S) >= FRESH_S:
                self._log_in(username)
                self._renewed[username] = time.monotonic()

    def _log_in(self, username: str) -> None:
        connection = Connection(self.address)
        body = {"username": username, "password": self.passwords[username]}
        answer = connection.call("POST", "/auth/login", "", body)
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{username} cannot log in: {answer.status} {answer.body[:200]!r}")
        self._tokens[username] = answer.json()["access_token"]


@dataclass
class Catalogue:
    """What the load is about."""

    customers: list[str]
    items: list[str]


@dataclass
class System:
    """A running system: where it answers, who works in it, and which processes it is made of."""

    shape: str
    target: Target
    tokens: Tokens
    catalogue: Catalogue
    roots: dict[str, int]

    @property
    def servers(self) -> dict[str, int]:
        """The first processes of the database and the broker."""
        return {name: pid for name, pid in self.roots.items() if name in ("postgresql", "rabbitmq")}

    def stop_services(self) -> None:
        """Stop the product's own processes, so that the servers are free for something else."""
        Processes(self.target.home).stop_all()

    def connect(self) -> Connection:
        """Return a connection of one's own to the gateway."""
        return Connection(self.target.gateway_url)


@contextmanager
def running(
    shape: str, home: Path, data: Path, say: Say, settings: Mapping[str, str] | None = None
) -> Iterator[System]:
    """Start a system of ``shape`` with the benchmark's company in it, and remove it at the end.

    ``settings`` are options of the PostgreSQL that the production shape runs on.
    """
    with _embedded(home, say) if shape == "embedded" else _production(home, data, say, settings) as system:
        for name, _, _ in PEOPLE:
            system.tokens.of(name)
        yield system


@contextmanager
def _production(home: Path, data: Path, say: Say, settings: Mapping[str, str] | None) -> Iterator[System]:
    with Servers(data, settings) as servers:
        say(f"PostgreSQL on port {servers.postgres.port}, RabbitMQ on {servers.rabbitmq.port}")
        quiet = lambda _line: None  # noqa: E731
        try:
            target = control.up(home, quiet, prefix=PREFIX, first_port=free_port(room=20))
            passwords = _company(target, home)
            roots = processes(home) | {
                "postgresql": servers.postgres.process.pid,
                "rabbitmq": servers.rabbitmq.process.pid,
            }
            yield _system("production", target, passwords, roots)
        finally:
            Processes(home).stop_all()


@contextmanager
def _embedded(home: Path, say: Say) -> Iterator[System]:
    target = embedded_target(home)
    passwords = _company(target, home)
    with ServingChild(home, say=say) as child:
        Gateway(child.address).wait_until_ready()
        assert child._process is not None
        served = Target(
            home=home, gateway_url=child.address, database_urls=target.database_urls, currency=target.currency
        )
        yield _system("embedded", served, passwords, {"meridian": child._process.pid})


def _company(target: Target, home: Path) -> dict[str, str]:
    folder = write_company(home / "company")
    logins = Company(target).ensure(folder, say=lambda _line: None)
    return {login.username: login.password for login in logins}


def processes(home: Path) -> dict[str, int]:
    """Return the first process of each program of a production shape."""
    kept = Processes(home)
    return {name: pid for name in kept.names() if (pid := kept.pid(name)) is not None}


def _system(shape: str, target: Target, passwords: dict[str, str], roots: dict[str, int]) -> System:
    gateway = Gateway(target.gateway_url)
    gateway.wait_until_ready()
    admin = Person(gateway, "admin", passwords["admin"])
    catalogue = Catalogue(
        [row["id"] for row in admin.every("/customers")], [row["id"] for row in admin.every("/items")]
    )
    return System(shape, target, Tokens(target.gateway_url, passwords), catalogue, roots)


def home_of(run: str) -> Path:
    """Return the folder of a run."""
    return Path("var") / "bench" / f"{run}-{os.getpid()}"
