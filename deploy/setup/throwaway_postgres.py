"""A PostgreSQL that lives as long as one run of the tests: in memory, and never waiting for a disk.

Nothing in it outlives the run, so it need not survive a power cut. Tests make and drop a database each, and every
DROP DATABASE is a checkpoint, which on a disk takes longer than most tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

USER = "postgres"
_PREFIX = "meridian-test-postgres-"
_MEMORY = Path("/dev/shm")  # noqa: S108 # nosec B108 - a fresh folder is made there, for its user only
_ROOM = 4 * 1024**3
_PATIENCE_S = 60.0
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "max_wal_size": "512MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def programs() -> Path | None:
    """Return where the newest installed PostgreSQL has its programs, if this machine can run one of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found or shutil.which("setpriv") is None:
        return None
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        try:
            pwd.getpwnam(USER)
        except KeyError:
            return None
    return found[-1].parent


def start(stack: ExitStack) -> str | None:
    """Start a server that ends with ``stack``, or with this process; return its address, ``None`` without programs."""
    folder = programs()
    return None if folder is None else stack.enter_context(_running(folder))


@contextmanager
def _running(programs: Path) -> Iterator[str]:
    for left in _abandoned():
        shutil.rmtree(left, ignore_errors=True)
    data = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_where()))
    if os.geteuid() == 0:
        shutil.chown(data, USER, USER)
    port = _free_port()
    try:
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run(  # nosec B603
            [*_as_its_user(), *initdb], cwd=data, check=True, stdout=subprocess.DEVNULL, timeout=_PATIENCE_S
        )
        settings = [f"--{name}={value}" for name, value in (_SETTINGS | {"port": str(port)}).items()]
        with (data / "log").open("wb") as log:
            server = subprocess.Popen(  # nosec B603
                [*_as_its_user(), programs / "postgres", "-D", data, *settings],
                cwd=data,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait_until_it_answers(port, server, data / "log")
            yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _as_its_user() -> list[str]:
    """Return the words before a command that make it run as its own user and end with this process."""
    user = [f"--reuid={USER}", f"--regid={USER}", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=INT"]


def _where() -> Path | None:
    """Return the file system in memory if it has room, else ``None`` for the usual place."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM else None


def _abandoned() -> list[Path]:
    """Return the folders of runs that were killed before they could clean up."""
    folder = _where() or Path(tempfile.gettempdir())
    return [
        path
        for path in folder.glob(f"{_PREFIX}*")
        if not Path(f"/proc/{path.name.removeprefix(_PREFIX).partition('-')[0]}").exists()
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the first connection that is let in: the port is open before the server has started up."""
    import psycopg

    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user=USER, dbname="postgres", connect_timeout=1
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
