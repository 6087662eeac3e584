"""A running or startable system that the command line works on: where its databases, keys and gateway are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from libs.common.clock import Clock
from libs.common.db import NO_SETTINGS, POOL_SIZE, Database, migrate
from meridian.topography import STORES, migrations_of

DEFAULT_HOME = "var/meridian"
LOCAL_HOME = "var/local"
_FILE = "target.json"
_OWNERS = "owners.json"


@dataclass(frozen=True)
class Target:
    """One system, as its operator sees it. ``amqp_url`` is ``None`` for the embedded shape, which has no broker.

    ``database_urls`` are those of the running services: an import, an audit or a look at dead letters needs no more
    than they. Only ``migrate`` works as the databases' owners, and reads their logins from a file of their own.
    """

    home: Path
    gateway_url: str
    database_urls: dict[str, str] = field(repr=False)
    amqp_url: str | None = field(default=None, repr=False)
    currency: str = "USD"
    zone: str = "Asia/Shanghai"
    worker_ports: dict[str, int] = field(default_factory=dict)
    service_urls: dict[str, str] = field(default_factory=dict)
    amqp_urls: dict[str, str] = field(default_factory=dict, repr=False)
    """Each service's own login to the broker, where processes are started from here; ``amqp_url`` is the operator's."""

    broker_node: str | None = None
    """The node that ``rabbitmqctl`` speaks to, when it is not the machine's own."""

    @property
    def signing_keys(self) -> Path:
        """The file of the gateway's private keys."""
        return self.home / "keys" / "signing.json"

    @property
    def token_keys(self) -> Path:
        """The file of the public keys, which the services read."""
        return self.home / "keys" / "public.json"

    @property
    def logins(self) -> Path:
        """The file of the demo users' passwords."""
        return self.home / "demo-logins.json"

    def databases(
        self,
        clock: Clock | None = None,
        *,
        pool_size: int = POOL_SIZE,
        settings: Mapping[str, str] = NO_SETTINGS,
    ) -> dict[str, Database]:
        """Open every store's database; ``settings`` are PostgreSQL's, for each connection."""
        return {
            store: Database(url, service=store, clock=clock, pool_size=pool_size, settings=settings)
            for store, url in self.database_urls.items()
        }

    @contextmanager
    def opened(self, settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[dict[str, Database]]:
        """Open every store's database, with ``settings`` of PostgreSQL's, and close them all at the end."""
        databases = self.databases(settings=settings)
        try:
            yield databases
        finally:
            for database in databases.values():
                database.close()

    def migrate(self) -> None:
        """Bring every store's database up to date, as its owner."""
        for store, url in (self.database_urls | self.owner_urls()).items():
            database = Database(url, service=store)
            try:
                migrate(database, migrations_of(store))
            finally:
                database.close()

    def owner_urls(self) -> dict[str, str]:
        """Return the databases' addresses for their owners; none where the services own them themselves."""
        file = self.home / _OWNERS
        if not file.exists():
            return {}
        urls: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return urls

    def save_owners(self, urls: dict[str, str]) -> None:
        """Remember the owners' addresses beside the target; readable by this user only."""
        write_private(self.home / _OWNERS, json.dumps(urls, indent=2))

    def forget(self) -> None:
        """Remove what was remembered, but for keys and logs."""
        for file in (self.home / _FILE, self.home / _OWNERS, self.logins):
            file.unlink(missing_ok=True)

    def save(self) -> None:
        """Remember this target in its home, for later commands; readable by the owner only."""
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / _FILE
        document = {
            "gateway_url": self.gateway_url,
            "database_urls": self.database_urls,
            "amqp_url": self.amqp_url,
            "amqp_urls": self.amqp_urls,
            "broker_node": self.broker_node,
            "currency": self.currency,
            "zone": self.zone,
            "worker_ports": self.worker_ports,
            "service_urls": self.service_urls,
        }
        write_private(path, json.dumps(document, indent=2))


def write_private(path: Path, text: str) -> None:
    """Write ``text`` so that only this user may read it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(path.suffix + ".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)


def embedded_target(home: Path, *, host: str = "127.0.0.1", port: int = 8080) -> Target:
    """Return the target of an embedded system whose files are in ``home``."""
    home.mkdir(parents=True, exist_ok=True)
    urls = {store: f"sqlite:///{(home / store).resolve()}.db" for store in STORES}
    return Target(home=home, gateway_url=f"http://{host}:{port}", database_urls=urls)


def load_target(home: Path) -> Target:
    """Return the target that was saved in ``home``; ``FileNotFoundError`` when there is none."""
    document = json.loads((home / _FILE).read_text(encoding="utf-8"))
    return Target(home=home, **document)
