"""The two shapes of the system, started for the tests and removed after them."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from libs.common.clock import SystemClock
from meridian.company import Company, Login
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


@cache
def _loaded_home() -> tempfile.TemporaryDirectory[str]:
    """Load the company once per process: to migrate six files and to hash nine passwords takes seconds of CPU."""
    folder = tempfile.TemporaryDirectory(prefix="meridian-company-")
    Company(embedded_target(Path(folder.name))).ensure(COMPANY, say=silent)
    return folder


def embedded_company(home: Path, company: Path = COMPANY) -> tuple[Target, list[Login]]:
    """Put the loaded company of a folder into ``home``; return its target, with no process over it yet, and its logins.

    Each home has files of its own, so nobody sees what another system does; only the passwords are the same. Into a
    home that has its past already, the company is loaded beside it.
    """
    if company == COMPANY and not any(home.glob("*.db")):
        shutil.copytree(_loaded_home().name, home, dirs_exist_ok=True)
    target = embedded_target(home)
    return target, Company(target).ensure(company, say=silent)


def start_embedded(home: Path, company: Path = COMPANY) -> System:
    """Start the embedded shape in this process, with the company of a folder."""
    target, logins = embedded_company(home, company)
    serving = Serving(EmbeddedSystem(target), port=0)
    serving.start()
    target = replace(target, gateway_url=f"http://127.0.0.1:{serving.port}")
    people = _people(target, {login.username: login.password for login in logins})
    doors = Doors(serving.system.apps)
    return System(target, people, serving.stop, doors.shut, doors.open)


class Doors:
    """Whether the services of an embedded system answer. They cannot die one by one, sharing a process: one whose door
    is shut looks to the gateway as if its web process had died, while what was begun is still worked off.
    """

    def __init__(self, apps: Mapping[str, Flask]) -> None:
        self._apps = apps
        self._answering = {name: app.wsgi_app for name, app in apps.items()}

    def shut(self, name: str) -> None:
        """Let a service answer nobody any more; ``name`` is that of its process, such as ``sales-web``."""
        self._apps[name.removesuffix("-web")].wsgi_app = _refuse  # type: ignore[method-assign]

    def open(self) -> None:
        """Let all answer."""
        for name, app in self._apps.items():
            app.wsgi_app = self._answering[name]  # type: ignore[method-assign]


def _refuse(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    raise ConnectionRefusedError("nobody listens there")


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
