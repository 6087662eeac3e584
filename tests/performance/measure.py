"""Measuring a window of a running system: how many orders came to their end, and what all processes used for it."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text

from libs.common.db import Database
from meridian.topography import SERVICES
from tests.performance import cpu
from tests.performance.figures import rounded

PATIENCE_S = 240.0


@dataclass(frozen=True)
class Window:
    """What happened between two moments."""

    seconds: float
    cycles: int
    cpu_ms: dict[str, float]
    client_ms: float
    machine_ms: float

    @property
    def cycles_per_s(self) -> float:
        """Orders that came to their end, per second."""
        return self.cycles / self.seconds

    def per_cycle(self, ms: float) -> float | None:
        """Return a cost per cycle; nothing when no cycle was finished."""
        return rounded(ms / self.cycles) if self.cycles else None

    def as_json(self) -> dict[str, Any]:
        """Return the window's figures."""
        return {
            "seconds": rounded(self.seconds),
            "cycles": self.cycles,
            "cycles_per_s": rounded(self.cycles_per_s),
            "cpu_ms_per_cycle": self.per_cycle(cpu.total(self.cpu_ms.values())),
            "cpu_ms_per_cycle_by_process": {
                name: self.per_cycle(ms) for name, ms in sorted(self.cpu_ms.items())
            },
            "client_cpu_ms_per_cycle": self.per_cycle(self.client_ms),
            "machine_cpu_ms_per_cycle": self.per_cycle(self.machine_ms),
        }


class Watch:
    """Takes the figures at the beginning of a window, and the difference at its end."""

    def __init__(self, databases: Mapping[str, Database], roots: Mapping[str, int]) -> None:
        self._databases = databases
        self._roots = roots
        self.restart()

    def restart(self) -> None:
        """Begin a window now."""
        self._done = orders_done(self._databases)
        self._cpu = cpu.by_family(self._roots, cpu.snapshot())
        self._client, self._machine = cpu.own_ms(), cpu.machine_busy_ms()
        self._started = time.monotonic()

    def window(self) -> Window:
        """Return what happened since the beginning."""
        seconds = time.monotonic() - self._started
        used = cpu.spent(self._cpu, cpu.by_family(self._roots, cpu.snapshot()))
        client, machine = cpu.own_ms() - self._client, cpu.machine_busy_ms() - self._machine
        return Window(seconds, orders_done(self._databases) - self._done, used, client, machine)


def orders_done(databases: Mapping[str, Database]) -> int:
    """Return how many orders have come to their end: shipped, invoiced, paid, and all of it known to sales."""
    return _number(databases["sales"], "SELECT count(*) FROM sales_order WHERE state = 'done'")


def orders_open(databases: Mapping[str, Database]) -> int:
    """Return how many orders are under way."""
    states = "('pending', 'confirmed', 'processing')"
    return _number(databases["sales"], f"SELECT count(*) FROM sales_order WHERE state IN {states}")


def undelivered(databases: Mapping[str, Database]) -> int:
    """Return how many messages are not yet with the broker (or, embedded, not yet with all their subscribers)."""
    return sum(_number(databases[name], "SELECT count(*) FROM outbox") for name in SERVICES)


def _number(database: Database, statement: str) -> int:
    with database.reading() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def drain(databases: Mapping[str, Database]) -> float:
    """Wait until no order is under way and no message waits; return the seconds, ``TimeoutError`` when it never is."""
    started = time.monotonic()
    while orders_open(databases) or undelivered(databases):
        if time.monotonic() - started > PATIENCE_S:
            raise TimeoutError(
                f"{orders_open(databases)} orders are still open, {undelivered(databases)} messages undelivered"
            )
        time.sleep(0.25)
    return time.monotonic() - started


def machine() -> dict[str, Any]:
    """Return what the figures were taken on."""
    information = Path("/proc/cpuinfo").read_text()
    memory = Path("/proc/meminfo").read_text().split()[1]
    models = [
        line.partition(":")[2].strip() for line in information.splitlines() if line.startswith("model name")
    ]
    return {
        "processors": len(models),
        "processor": models[0] if models else platform.machine(),
        "memory_gib": rounded(int(memory) / 1024 / 1024, 3),
        "system": platform.platform(),
        "load_before": Path("/proc/loadavg").read_text().split()[0],
    }


def versions(databases: Mapping[str, Database]) -> dict[str, str]:
    """Return the versions of what does the work."""
    found = {"python": platform.python_version()}
    for name in ("flask", "gunicorn", "sqlalchemy", "psycopg", "kombu", "pika", "marshmallow", "waitress"):
        found[name] = version(name)
    sales = databases["sales"]
    statement = "SELECT sqlite_version()" if sales.is_sqlite else "SHOW server_version"
    with sales.reading() as connection:
        found["sqlite" if sales.is_sqlite else "postgresql"] = str(
            connection.execute(text(statement)).scalar_one()
        )
    return found
