"""Finds, or starts, the PostgreSQL and RabbitMQ that the tests run against; then runs a command with their addresses.

    .venv/bin/python -m deploy.setup.servers -- .venv/bin/python -m pytest

Each server is looked for in this order: a Docker engine (through testcontainers), the address in the environment, for
PostgreSQL a server of the run's own where its programs are installed, 127.0.0.1, and the system's packages (root on
Debian or Ubuntu). A machine with none of these is told what to do; there the tests that need a server are skipped,
except under ``CI=true``, where that would hide what was not proven. With ``--durable`` before the command no server of
the run's own is started: it never waits for a disk, which a measurement must.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.setup import throwaway_postgres

NO_SERVER = 3
_START_PATIENCE_S = 90.0
_INSTALL_PATIENCE_S = 900.0
_CONNECT_S = 3
_ROLE = "meridian_test"
_POSTGRES_IMAGE = "postgres:17-bookworm"
_RABBITMQ_IMAGE = "rabbitmq:4.1-management"


class Unusable(Exception):
    """A server that was named, or that should be there, cannot be used; the text says why."""


@dataclass(frozen=True)
class Server:
    """One kind of server: how to see that it answers, and each way to get one."""

    name: str
    variable: str
    probe: Callable[[str], None]
    local: tuple[str, ...]
    container: Callable[[ExitStack], str]
    program: str
    package: str
    start: Callable[[], None]
    own: Callable[[ExitStack], str | None] = lambda _stack: None

    def usable(self, url: str) -> bool:
        """Tell whether the server at ``url`` answers and lets us in."""
        try:
            self.probe(url)
        except Unusable:
            return False
        return True


@dataclass(frozen=True)
class Found:
    """Where a server is, and how it was come by."""

    server: Server
    url: str
    how: str


def probe_postgres(url: str) -> None:
    """Raise ``Unusable`` unless ``url`` is a PostgreSQL where we may create databases."""
    import psycopg

    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    question = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(plain, connect_timeout=_CONNECT_S) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.Error as error:
        raise Unusable(str(error).strip()) from None
    if row is None or not row[0]:
        raise Unusable("its user may not create databases")


def probe_rabbitmq(url: str) -> None:
    """Raise ``Unusable`` unless ``url`` is a RabbitMQ that opens a channel for us."""
    import pika
    import pika.exceptions

    try:
        parameters = pika.URLParameters(url)
        parameters.socket_timeout = parameters.stack_timeout = _CONNECT_S
        parameters.blocked_connection_timeout = _CONNECT_S
        connection = pika.BlockingConnection(parameters)
        connection.channel()
        connection.close()
    except (pika.exceptions.AMQPError, OSError, ValueError) as error:
        raise Unusable(str(error) or type(error).__name__) from None


def postgres_container(stack: ExitStack) -> str:
    """Start PostgreSQL in a container that lives as long as ``stack``; return its address."""
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(
        _POSTGRES_IMAGE, username=_ROLE, password=_ROLE, dbname="postgres", driver="psycopg"
    )
    container.with_command("postgres -c max_connections=300")
    return str(stack.enter_context(container).get_connection_url())


def rabbitmq_container(stack: ExitStack) -> str:
    """Start RabbitMQ in a container that lives as long as ``stack``; return its address."""
    from testcontainers.community.rabbitmq import RabbitMqContainer

    login = "guest"
    container = stack.enter_context(RabbitMqContainer(_RABBITMQ_IMAGE, username=login, password=login))
    return f"amqp://{login}:{login}@{container.get_container_host_ip()}:{container.get_exposed_port(5672)}/"


def start_postgres() -> None:
    """Start the PostgreSQL of the system's packages and make the tests' role in it."""
    _run("service", "postgresql", "start")
    role = f"CREATE ROLE {_ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{_ROLE}'"
    _wait_for(lambda: _as_postgres("SELECT 1") == 0, "PostgreSQL did not start; see /var/log/postgresql")
    _as_postgres(role)  # fails harmlessly where an earlier run made it


def start_rabbitmq() -> None:
    """Start the RabbitMQ of the system's packages."""
    if _run("service", "rabbitmq-server", "start", tolerant=True) != 0:
        _run("rabbitmq-server", "-detached")


POSTGRES = Server(
    name="PostgreSQL",
    variable="MERIDIAN_TEST_POSTGRES_URL",
    probe=probe_postgres,
    local=(
        "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
        f"postgresql+psycopg://{_ROLE}:{_ROLE}@127.0.0.1:5432/postgres",
    ),
    container=postgres_container,
    program="pg_ctlcluster",
    package="postgresql",
    start=start_postgres,
    own=throwaway_postgres.start,
)
RABBITMQ = Server(
    name="RabbitMQ",
    variable="MERIDIAN_TEST_AMQP_URL",
    probe=probe_rabbitmq,
    local=("amqp://guest:guest@127.0.0.1:5672/",),  # nosemgrep: password-is-written-down
    container=rabbitmq_container,
    program="rabbitmq-server",
    package="rabbitmq-server",
    start=start_rabbitmq,
)
SERVERS = (POSTGRES, RABBITMQ)


def find(
    server: Server, environment: Mapping[str, str], stack: ExitStack, *, docker: bool, durable: bool = False
) -> Found | None:
    """Return a server that answers, by the first way that works; ``None`` when there is no way."""
    if docker:
        try:
            return Found(server, server.container(stack), "a container")
        except Exception as error:  # noqa: BLE001 - an engine that cannot pull or run must not stop the other ways
            _say(f"Docker answers, but gave no {server.name}: {error}")
    named = environment.get(server.variable)
    if named:
        try:
            server.probe(named)
        except Unusable as reason:
            raise Unusable(
                f"{server.variable} names {masked(named)}, which cannot be used: {reason}"
            ) from None
        return Found(server, named, "named in the environment")
    own = None if durable else server.own(stack)
    if own is not None:
        return Found(server, own, "started for this run, in memory")
    return _on_this_machine(server, "already running here") or _from_packages(server)


def _on_this_machine(server: Server, how: str) -> Found | None:
    usable = (url for url in server.local if server.usable(url))
    url = next(usable, None)
    return Found(server, url, how) if url else None


def _from_packages(server: Server) -> Found | None:
    if not may_install():
        return None
    if shutil.which(server.program) is None:
        _say(f"installing {server.package} ...")
        _run("apt-get", "update", "-q", tolerant=True)  # a stale list may still serve; the next line tells
        _run("apt-get", "install", "-y", "-q", "--no-install-recommends", server.package)
    _say(f"starting {server.name} ...")
    server.start()
    _wait_for(
        lambda: any(server.usable(url) for url in server.local),
        f"{server.name} was started but does not answer at {masked(server.local[0])}",
    )
    return _on_this_machine(server, "started from the system's packages")


def may_install() -> bool:
    """Tell whether this is root on a Debian or Ubuntu."""
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def docker_answers() -> bool:
    """Tell whether a Docker engine can be asked for containers."""
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=5)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except DockerException:
        return False


def masked(url: str) -> str:
    """Return ``url`` without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    netloc = parts.netloc.replace(f":{parts.password}@", ":***@")
    return urlunsplit(parts._replace(netloc=netloc))


def what_to_do(server: Server) -> str:
    """Say how this machine can get the server."""
    return (
        f"{server.name} was not found: no Docker engine answers, {server.variable} is not set, nothing usable is at "
        f"{masked(server.local[0])}, and only root on Debian or Ubuntu may install it.\n"
        f"  Do one of these, then run this again:\n"
        f"    start Docker;\n"
        f"    export {server.variable}={server.local[0]}   (a server of yours, a user that may create databases);\n"
        f"    sudo apt-get install {server.package}, and start it."
    )


def find_all(
    environment: Mapping[str, str], stack: ExitStack, *, durable: bool
) -> tuple[list[Found], list[Server]]:
    """Return the servers that were found and those that were not."""
    docker = docker_answers()
    found = [find(server, environment, stack, docker=docker, durable=durable) for server in SERVERS]
    missing = [server for server, answer in zip(SERVERS, found, strict=True) if answer is None]
    return [answer for answer in found if answer is not None], missing


def main(arguments: Sequence[str]) -> int:
    """Run the command after ``--`` with the servers' addresses; return its exit code."""
    durable = arguments[:1] == ["--durable"]
    command = list(arguments)[1:] if durable else list(arguments)
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        _say("usage: python -m deploy.setup.servers [--durable] -- COMMAND ...")
        return 2
    with ExitStack() as stack:
        try:
            found, missing = find_all(os.environ, stack, durable=durable)
        except Unusable as reason:
            _say(str(reason))
            return NO_SERVER
        for each in found:
            _say(f"{each.server.variable}={masked(each.url)}  ({each.how})")
        for server in missing:
            _say(what_to_do(server))
        if missing and os.environ.get("CI") == "true":
            _say("CI=true: nothing may be skipped, so nothing is run.")
            return NO_SERVER
        addresses = {each.server.variable: each.url for each in found}
        # nosemgrep: call-without-a-deadline - how long tests may take, their caller knows
        code = subprocess.run(command, env=os.environ | addresses, check=False).returncode  # nosec B603
    if missing:
        _say(
            f"Not proven here, for want of a server: the tests of {' and '.join(server.name for server in missing)}."
        )
    return code


def _run(*command: str, tolerant: bool = False) -> int:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(  # nosec B603 # the commands above, none from outside
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_INSTALL_PATIENCE_S,
    )
    if done.returncode != 0 and not tolerant:
        raise Unusable(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
    return done.returncode


def _as_postgres(statement: str) -> int:
    return _run("runuser", "-u", "postgres", "--", "psql", "-qAt", "-c", statement, tolerant=True)


def _wait_for(ready: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + _START_PATIENCE_S
    while not ready():
        if time.monotonic() > until:
            raise Unusable(otherwise)
        time.sleep(0.5)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
