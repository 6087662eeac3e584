"""The two shapes of the system, started for the tests and removed after them."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from libs.common.clock import SystemClock
from meridian.company import Company
from meridian.demo.child import free_port
from meridian.demo.gateway import Gateway, Person
from meridian.embedded import EmbeddedSystem, Serving
from meridian.local import control
from meridian.local.processes import Processes
from meridian.target import Target, embedded_target

COMPANY = Path(__file__).parent / "company"
_serial = itertools.count(1)


def silent(_line: str) -> None:
    """Say nothing."""


@dataclass
class System:
    """A running system: who can log in, where its databases are, and how a part of it is stopped and started."""

    target: Target
    people: dict[str, Person]
    stop: Callable[[], None]
    kill: Callable[[str], None] | None = None
    revive: Callable[[], None] | None = None

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    @property
    def today(self) -> date:
        """The company's day, which is not that of UTC for a third of each day."""
        return SystemClock().now().astimezone(ZoneInfo(self.target.zone)).date()


def _people(target: Target, passwords: dict[str, str]) -> dict[str, Person]:
    gateway = Gateway(target.gateway_url)
    gateway.wait_until_ready()
    return {name: Person(gateway, name, password) for name, password in passwords.items()}


def start_embedded(home: Path) -> System:
    """Start the embedded shape in this process."""
    target = embedded_target(home)
    logins = Company(target).ensure(COMPANY, say=silent)
    serving = Serving(EmbeddedSystem(target), port=0)
    serving.start()
    target = replace(target, gateway_url=f"http://127.0.0.1:{serving.port}")
    return System(target, _people(target, {login.username: login.password for login in logins}), serving.stop)


def start_production(home: Path) -> System:
    """Start the production shape as processes, over the PostgreSQL and RabbitMQ that the tests use."""
    prefix = f"meridian_e2e_{os.getpid()}_{next(_serial)}"
    first_port = free_port(room=20)

    def up() -> Target:
        return control.up(home, silent, prefix=prefix, first_port=first_port)

    def stop() -> None:
        control.down(home, silent, prefix=prefix, purge=True)
        shutil.rmtree(home, ignore_errors=True)

    def kill(name: str) -> None:
        pid = Processes(home).pid(name)
        assert pid is not None, f"{name} does not run"
        os.killpg(pid, signal.SIGKILL)

    try:
        target = up()
        logins = Company(target).ensure(COMPANY, say=silent)
    except BaseException:
        stop()
        raise
    people = _people(target, {login.username: login.password for login in logins})
    return System(target, people, stop, kill, lambda: _ignore(up()))


def _ignore(_target: Target) -> None:
    return None
