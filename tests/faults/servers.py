"""PostgreSQL and RabbitMQ of the run's own: started, hurt and started again without touching the machine's."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

POSTGRES_PORT = 5432
AMQP_PORT = 5672
POSTGRES_URL = f"postgresql://postgres@127.0.0.1:{POSTGRES_PORT}/postgres"
AMQP_URL = f"amqp://guest:guest@127.0.0.1:{AMQP_PORT}"
PATIENCE_S = 90.0
_NODE = "faults@localhost"

_POSTGRES_SETTINGS = f"""
listen_addresses = '*'
port = {POSTGRES_PORT}
fsync = on
synchronous_commit = on
max_connections = 300
shared_buffers = 256MB
max_wal_size = 2GB
autovacuum_naptime = 15s
deadlock_timeout = 500ms
log_lock_waits = on
"""
_RABBITMQ_SETTINGS = f"""
listeners.tcp.default = {AMQP_PORT}
heartbeat = 10
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 50MB
max_message_size = 4194304
"""


class ServerFailed(RuntimeError):
    """A server of the run did not start or stop; the text names its log."""


def wait_for(ready: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Return once ``ready`` holds; ``ServerFailed`` names ``what`` when it does not in time."""
    until = time.monotonic() + patience_s
    while not ready():
        if time.monotonic() > until:
            raise ServerFailed(f"{what} within {patience_s:.0f} s")
        time.sleep(0.1)


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether something accepts connections at ``port``."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def family(pid: int) -> list[psutil.Process]:
    """Return a process and everything below it, the oldest first."""
    with contextlib.suppress(psutil.NoSuchProcess):
        oldest = psutil.Process(pid)
        return [oldest, *oldest.children(recursive=True)]
    return []


def send(processes: list[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


class OwnPostgres:
    """A PostgreSQL cluster below ``folder``, run as the user postgres, with fsync on."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "postgres.log"
        folder.mkdir(parents=True)
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]

    def make(self) -> None:
        """Create the cluster and start it."""
        self._run("initdb", "-D", str(self._data), "--auth=trust", "-U", "postgres", "-E", "UTF8", "-N")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(_POSTGRES_SETTINGS + f"unix_socket_directories = '{self._data}'\n")
        self.start()

    def start(self) -> None:
        """Start it and return once it takes connections."""
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._log), "-w", "-t", "60", "start")

    def stop_at_once(self) -> None:
        """Stop it as a power cut would: nothing is written, connections break."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def freeze(self) -> None:
        """Let every process of it hang."""
        send(family(self.pid), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        send(family(self.pid), signal.SIGCONT)

    @property
    def pid(self) -> int:
        """The id of the first process."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def end(self) -> None:
        """Stop it, if it runs."""
        with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
            self.thaw()
            self.stop_at_once()

    def run_as_owner(self, *command: str) -> None:
        """Run a command of PostgreSQL's own as its user."""
        self._run(*command)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [*self._as_owner, *command], cwd="/", capture_output=True, text=True, timeout=120, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode != 0:
            raise ServerFailed(f"{' '.join(command)}: {(done.stdout + done.stderr).strip()[-800:]}")


class OwnRabbit:
    """A RabbitMQ node below ``folder``; its command is the first ``rabbitmqctl`` on this process's PATH."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._environment = {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "no-such-file"),
        }
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(_RABBITMQ_SETTINGS)
        self._process: subprocess.Popen[bytes] | None = None
        self._put_command_on_path()

    def _put_command_on_path(self) -> None:
        """Make ``rabbitmqctl`` mean this node, with a cookie of its own, for everything that this run starts."""
        real = shutil.which("rabbitmqctl")
        commands = self._folder / "bin"
        commands.mkdir()
        settings = " ".join(f"{name}='{text}'" for name, text in self._environment.items())
        wrapper = commands / "rabbitmqctl"
        wrapper.write_text(f'#!/bin/sh\nexec env {settings} {real} "$@"\n')
        wrapper.chmod(0o755)
        os.environ["PATH"] = f"{commands}{os.pathsep}{os.environ['PATH']}"
        os.environ["RABBITMQ_NODENAME"] = _NODE

    def start(self) -> None:
        """Start the node and return once it takes connections."""
        server = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin") or "rabbitmq-server"
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [server], env=os.environ | self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_for(lambda: answers(AMQP_PORT), f"RabbitMQ did not start (log in {self._folder})")
        wait_for(self._has_started, "RabbitMQ took connections but did not start")

    def _has_started(self) -> bool:
        try:
            self.control("await_startup", "--timeout", "60")
        except ServerFailed:
            return False
        return True

    @staticmethod
    def control(*words: str) -> str:
        """Run ``rabbitmqctl`` and return what it says."""
        done = subprocess.run(
            ["rabbitmqctl", "--quiet", *words], capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise ServerFailed(f"rabbitmqctl {' '.join(words)}: {(done.stdout + done.stderr).strip()[-800:]}")
        return done.stdout

    def _processes(self) -> list[psutil.Process]:
        return family(self._process.pid) if self._process is not None else []

    def kill(self) -> None:
        """End it as a power cut would, and return once nothing of it is left: its port is free again."""
        victims = self._processes()
        send(victims, signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)
        psutil.wait_procs(victims, timeout=30)

    def freeze(self) -> None:
        """Let it hang: its connections stay open and nobody answers on them."""
        send(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        send(self._processes(), signal.SIGCONT)

    def end(self) -> None:
        """Stop it, if it runs."""
        self.thaw()
        self.kill()


@contextlib.contextmanager
def own_servers(folder: Path) -> Iterator[tuple[OwnPostgres, OwnRabbit]]:
    """Give both servers, running, and end them whatever happens."""
    postgres, rabbit = OwnPostgres(folder / "postgres"), OwnRabbit(folder / "rabbitmq")
    try:
        postgres.make()
        rabbit.start()
        yield postgres, rabbit
    finally:
        rabbit.end()
        postgres.end()
