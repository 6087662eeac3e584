"""A world of its own for a run: network, process ids and mounts, all gone when the run ends, however it ends."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_PROGRAMS = ("unshare", "ip", "setpriv", "initdb", "rabbitmq-server")
_SERVER_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/sbin")


class CannotRun(RuntimeError):
    """This machine lacks what a fault run needs; the text says what."""


def command(module: str) -> list[str]:
    """Return the command that runs a Python module inside namespaces of its own.

    The ports of its servers are then nobody else's, traffic can be dropped without touching the machine's rules,
    and no process outlives the run: with the first one of the namespace the kernel ends all others, and it ends
    that one with the process that started it.
    """
    return [
        "setpriv", "--pdeathsig", "KILL", "--",
        "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
        "sh", "-c", 'ip link set lo up && exec "$@"', "sh",
        sys.executable, "-m", module,
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment for it, in which the servers' own commands are found."""
    return os.environ | {"PATH": _path()}


def require() -> None:
    """See that all of this can be done here; ``CannotRun`` names what is missing."""
    if os.geteuid() != 0:
        raise CannotRun("fault runs make namespaces and stop servers: run them as root")
    missing = [name for name in _PROGRAMS if shutil.which(name, path=_path()) is None]
    if missing:
        raise CannotRun(
            f"not found: {', '.join(missing)}; fault runs need Linux with iproute2, util-linux, PostgreSQL and RabbitMQ"
        )


def _path() -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    folders = [str(folder) for folder in reversed(newest)] + list(_SERVER_FOLDERS)
    return os.pathsep.join([*folders, os.environ.get("PATH", "/usr/bin:/bin")])
