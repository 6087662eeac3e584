"""How the processes of a run are started: as in production, but for what one kind of fault has to change."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from meridian.local.processes import Program
from meridian.topography import SERVICES, STORES
from tests.faults.servers import AMQP_PORT, POSTGRES_PORT

ENTRY_SETTINGS = "MERIDIAN_FAULTS_"
DEATHS = "deaths"
"""The folder in a system's home where workers that are to die count how often they did."""
DEADLY = "deadly"
"""The switch that lets workers die that are made to."""

SWITCHES = "switches"
"""The folder in a system's home of files that tell workers to misbehave while they are there."""

Alter = Callable[[Program], Program]
_SERVER = re.compile(rf"@(?:127\.0\.0\.1|localhost):(?P<port>{POSTGRES_PORT}|{AMQP_PORT})\b")


def address_of(store: str) -> str:
    """Return the address under which ``store``'s processes reach the servers: its own, so that one can be cut off."""
    return f"127.0.1.{STORES.index(store) + 1}"


def store_of(program: str) -> str:
    """Return whose process a program is: ``sales-web`` is that of sales."""
    return program.split("-")[0]


def own_address(program: Program) -> Program:
    """Let a program reach PostgreSQL and RabbitMQ under the address of its service."""
    host = address_of(store_of(program.name))
    environment = {
        name: _SERVER.sub(lambda found: f"@{host}:{found['port']}", text)
        for name, text in program.environment.items()
    }
    return replace(program, environment=environment)


@dataclass(frozen=True)
class Outfit:
    """Changes to the programs: ``alter`` by name, and ``extra`` programs that are copies of others.

    Only runs that leave everything ``PLAIN`` share their processes.
    """

    alter: dict[str, Alter] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)

    def dress(self, programs: list[Program]) -> list[Program]:
        """Return the programs as this outfit wants them."""
        dressed = []
        for program in programs:
            own = self.alter.get(program.name, _as_it_is)(own_address(program))
            dressed.append(own)
            dressed += [_copy(own, number) for number in range(2, self.copies.get(program.name, 1) + 1)]
        return dressed


PLAIN = Outfit()


def _as_it_is(program: Program) -> Program:
    return program


def _copy(program: Program, number: int) -> Program:
    port = int(program.environment["MERIDIAN_WORKER_HEALTH_PORT"]) + 100 * (number - 1)
    return replace(
        program,
        name=f"{program.name}-{number}",
        environment=program.environment | {"MERIDIAN_WORKER_HEALTH_PORT": str(port)},
    )


def worker_with(twist: str, **settings: object) -> Alter:
    """Return the change of a worker that runs it with one part replaced: ``entries/<twist>.py`` says which."""

    def alter(program: Program) -> Program:
        command = [sys.executable, "-m", f"tests.faults.entries.{twist}", store_of(program.name)]
        told = {f"{ENTRY_SETTINGS}{name.upper()}": str(value) for name, value in settings.items()}
        return replace(program, command=command, environment=program.environment | told)

    return alter


def environment_with(**settings: str) -> Alter:
    """Return the change of a program that only sees other variables."""
    return lambda program: replace(program, environment=program.environment | settings)


def all_workers(alter: Alter) -> Outfit:
    """Return the outfit in which every worker is changed in the same way."""
    return Outfit({f"{service}-worker": alter for service in SERVICES})
