"""A PostgreSQL and a RabbitMQ of the benchmark's own, so that every second of their CPU is the benchmark's.

They run as they come from their packages, but for the port and the number of connections: fsync stays on, and the
data lies on a disk (``--data``), never on a file system in memory.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pika
import psycopg

CONNECTIONS = 400
START_PATIENCE_S = 90.0
STOP_PATIENCE_S = 30.0


class NoServer(RuntimeError):
    """A server's programs are not on this machine, or it did not start; the text says what to do."""


@dataclass(frozen=True)
class Node:
    """A started server: its first process, and where it listens."""

    process: subprocess.Popen[bytes]
    port: int


class Servers:
    """Both servers, from ``with`` to the end of its block."""

    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        self._settings = dict(settings or {})
        self._folder = Path(tempfile.mkdtemp(prefix="meridian-bench-", dir=data))
        self._folder.chmod(0o755)
        self._before: dict[str, str | None] = {}
        self.postgres: Node
        self.rabbitmq: Node

    def __enter__(self) -> Servers:
        try:
            self.postgres = _start_postgres(self._folder / "postgres", self._settings)
            self.rabbitmq, node = _start_rabbitmq(self._folder / "rabbitmq")
        except BaseException:
            self._stop()
            raise
        self._name_them(
            MERIDIAN_POSTGRES_URL=f"postgresql://postgres@127.0.0.1:{self.postgres.port}/postgres",
            MERIDIAN_AMQP_URL=f"amqp://guest:guest@127.0.0.1:{self.rabbitmq.port}",
            RABBITMQ_NODENAME=node,  # what rabbitmqctl talks to
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._stop()

    def _name_them(self, **variables: str) -> None:
        self._before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)

    @property
    def postgres_url(self) -> str:
        """Where databases can be made."""
        return os.environ["MERIDIAN_POSTGRES_URL"]

    @property
    def amqp_url(self) -> str:
        """Where virtual hosts can be made."""
        return os.environ["MERIDIAN_AMQP_URL"]

    def _stop(self) -> None:
        for name, how in (("postgres", signal.SIGINT), ("rabbitmq", signal.SIGTERM)):
            node: Node | None = getattr(self, name, None)
            if node is not None:
                _end(node.process, how)
        shutil.rmtree(self._folder, ignore_errors=True)


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Ask a server to end, and end it when it does not."""
    os.killpg(process.pid, how)
    try:
        process.wait(STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _folder_of(user: str | None, path: Path) -> Path:
    path.mkdir(parents=True)
    if user is not None:
        shutil.chown(path, user, user)
    return path


def _user(name: str) -> str | None:
    """Return who shall run a server: root must not, and anybody else only can as himself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        raise NoServer(f"there is no user {name}; install the server's package") from None


def _programs(pattern: str, package: str) -> Path:
    found = sorted(Path("/usr/lib").glob(pattern))
    if not found:
        raise NoServer(f"{package} is not installed: nothing like /usr/lib/{pattern}")
    return found[-1]


def _spawn(
    command: list[str], user: str | None, log: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | environment,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,
            cwd=log.parent,
        )


def _start_postgres(folder: Path, settings: Mapping[str, str]) -> Node:
    programs = _programs("postgresql/*/bin", "PostgreSQL")
    user, port = _user("postgres"), free_port()
    data = _folder_of(user, folder) / "data"
    made = _spawn(
        [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        user, folder.parent / "initdb.log", {},
    )  # fmt: skip
    if made.wait(START_PATIENCE_S) != 0:
        raise NoServer(f"initdb failed: {(folder.parent / 'initdb.log').read_text()[-500:]}")
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": CONNECTIONS,
        **settings,
    }
    command = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    process = _spawn(command, user, folder.parent / "postgres.log", {})
    _wait(process, lambda: _postgres_answers(port), folder.parent / "postgres.log")
    return Node(process, port)


def _postgres_answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _start_rabbitmq(folder: Path) -> tuple[Node, str]:
    programs = _programs("rabbitmq/bin", "RabbitMQ")
    user, port = _user("rabbitmq"), free_port()
    home = _folder_of(user, folder)
    node = f"meridian_bench_{port}@localhost"
    for name, text in (("plugins", "[].\n"), ("environment", ""), ("rabbitmq.conf", _configuration(port))):
        (home / name).write_text(text)
    environment = {
        "RABBITMQ_NODENAME": node,
        "RABBITMQ_CONF_ENV_FILE": str(home / "environment"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
    }
    if user is not None:
        environment["HOME"] = pwd.getpwnam(user).pw_dir  # where the cookie is that rabbitmqctl shows
    process = _spawn([str(programs / "rabbitmq-server")], user, folder.parent / "rabbitmq.log", environment)
    _wait(process, lambda: _rabbitmq_answers(port), folder.parent / "rabbitmq.log")
    return Node(process, port), node


def _configuration(port: int) -> str:
    return f"listeners.tcp.local = 127.0.0.1:{port}\n"


def _rabbitmq_answers(port: int) -> bool:
    parameters = pika.ConnectionParameters("127.0.0.1", port, socket_timeout=2, stack_timeout=2)
    try:
        pika.BlockingConnection(parameters).close()
    except (pika.exceptions.AMQPError, OSError):
        return False
    return True


def _wait(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + START_PATIENCE_S
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            raise NoServer(f"the server did not start: {log.read_text()[-500:]}")
        time.sleep(0.2)
