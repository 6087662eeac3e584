"""A running system to attack: processes of its own, on sockets of this machine, in either shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from meridian.demo.child import ServingChild
from meridian.local.processes import Processes
from tests.e2e.systems import System, _people, embedded_company, start_production


@dataclass
class Served:
    """The system and the processes that serve it."""

    system: System
    shape: str
    pids: dict[str, int]

    @property
    def url(self) -> str:
        return self.system.target.gateway_url

    def memory_mib(self) -> dict[str, float]:
        """Return what each serving process holds in memory, together with the processes that it made."""
        return {name: round(_resident(pid) / 2**20, 1) for name, pid in self.pids.items()}


def _resident(pid: int) -> int:
    parent = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (parent, *parent.children(recursive=True)))


@contextmanager
def served(shape: str, home: Path) -> Iterator[Served]:
    """Serve a new system until the block ends."""
    with (_embedded if shape == "embedded" else _production)(home) as running:
        yield running


@contextmanager
def _embedded(home: Path) -> Iterator[Served]:
    home.mkdir(parents=True, exist_ok=True)
    target, logins = embedded_company(home)
    with ServingChild(home, say=print) as child:
        target = replace(target, gateway_url=child.address)
        people = _people(target, {login.username: login.password for login in logins})
        assert child._process is not None
        yield Served(System(target, people, lambda: None), "embedded", {"embedded": child._process.pid})
        assert child.restarts == 0, f"the system ended and was started again {child.restarts} times"


@contextmanager
def _production(home: Path) -> Iterator[Served]:
    system = start_production(home)
    try:
        processes = Processes(home)
        pids = {name: processes.pid(name) for name in processes.names()}
        yield Served(system, "production", {name: pid for name, pid in pids.items() if pid is not None})
    finally:
        system.stop()
