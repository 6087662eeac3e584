"""Starting and stopping the whole production shape on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import urllib3

from libs.common.clock import pause
from meridian.keys import ensure_keys
from meridian.local.broker import broker_node, drop_broker, prepare_broker
from meridian.local.processes import Processes
from meridian.local.servers import drop_databases, prepare_databases
from meridian.local.shape import GATEWAY_PORT, ports, programs
from meridian.rights.passwords import Passwords, forget_passwords
from meridian.target import Target, load_target

POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
AMQP = "amqp://guest:guest@127.0.0.1:5672"  # nosemgrep: password-is-written-down
PREFIX = "meridian_local"
READY_S = 90.0
Say = Callable[[str], None]


class NotReady(RuntimeError):
    """A process did not become ready; the message names its log."""


def up(home: Path, say: Say, *, prefix: str = PREFIX, first_port: int = GATEWAY_PORT) -> Target:
    """Prepare the servers, migrate, start what does not run yet, and return once every process is ready.

    ``prefix`` names the databases, their roles, the virtual host and its users; the gateway listens on ``first_port``
    and the others on the ports above it, so that several systems can stand side by side.
    """
    target = prepare(home, say, prefix=prefix, first_port=first_port)
    processes = Processes(home)
    started = [program.name for program in programs(target) if processes.start(program)]
    say(f"started {len(started)} processes: {', '.join(started) or 'all were running'}")
    wait_until_ready(target, home)
    return target


def prepare(home: Path, say: Say, *, prefix: str = PREFIX, first_port: int = GATEWAY_PORT) -> Target:
    """Prepare what the processes need before they start: databases, keys, and what stands on the broker."""
    target = _target(home, say, prefix, first_port)
    target.migrate()
    say("databases are up to date")
    ensure_keys(target)
    _topology(target)
    say("the broker's topology is declared")
    return target


def down(home: Path, say: Say, *, prefix: str = PREFIX, purge: bool = False) -> None:
    """Stop every process; with ``purge`` remove the databases, the virtual host, their roles and users too."""
    stopped = Processes(home).stop_all()
    say(f"stopped {len(stopped)} processes")
    if purge:
        drop_databases(_postgres_url(), prefix)
        drop_broker(prefix, _known_node(home))
        Target(home=home, gateway_url="", database_urls={}).forget()
        forget_passwords(home)
        say("removed the databases and the virtual host with their roles and users")


def _postgres_url() -> str:
    return os.environ.get("MERIDIAN_POSTGRES_URL", POSTGRES)


def _target(home: Path, say: Say, prefix: str, first_port: int) -> Target:
    passwords, node = Passwords.of_home(home), broker_node()
    databases = prepare_databases(_postgres_url(), prefix, passwords, say)
    broker = prepare_broker(os.environ.get("MERIDIAN_AMQP_URL", AMQP), prefix, passwords, node, say)
    service_urls, worker_ports = ports(first_port)
    target = Target(
        home=home,
        gateway_url=f"http://127.0.0.1:{first_port}",
        database_urls=databases.running,
        amqp_url=broker.operator,
        amqp_urls=broker.services,
        broker_node=node,
        service_urls=service_urls,
        worker_ports=worker_ports,
    )
    target.save()
    target.save_owners(databases.owners)
    say(f"databases {prefix}_* and virtual host {prefix} are there")
    return load_target(home)


def _known_node(home: Path) -> str | None:
    try:
        return load_target(home).broker_node
    except FileNotFoundError:
        return broker_node()


def _topology(target: Target) -> None:
    from meridian.broker import apply_topology

    apply_topology(target)


def wait_until_ready(target: Target, home: Path) -> None:
    """Return once every process says that it is ready; ``NotReady`` names the one that does not in time."""
    addresses = {"gateway": target.gateway_url} | {
        f"{name}-web": url for name, url in target.service_urls.items()
    }
    addresses |= {f"{name}-worker": f"http://127.0.0.1:{port}" for name, port in target.worker_ports.items()}
    pool = urllib3.PoolManager(retries=False, timeout=2.0)
    until = time.monotonic() + READY_S
    for name, url in addresses.items():
        while not _is_ready(pool, url):
            if time.monotonic() > until:
                raise NotReady(f"{name} is not ready after {READY_S:.0f} s; see {home / 'logs' / name}.log")
            pause(0.2)


def _is_ready(pool: urllib3.PoolManager, url: str) -> bool:
    try:
        return pool.request("GET", f"{url}/health/ready").status == 200
    except urllib3.exceptions.HTTPError:
        return False
