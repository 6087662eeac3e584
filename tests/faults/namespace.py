"""A world of its own for a run: network, process ids and mounts, all gone when the run ends, however it ends."""

from __future__ import annotations

import os
import shutil
import sys

_INSIDE = "MERIDIAN_FAULTS_INSIDE"
_PROGRAMS = ("unshare", "ip", "setpriv", "initdb", "rabbitmq-server")
_SERVER_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/sbin")


class CannotRun(RuntimeError):
    """This machine lacks what a fault run needs; the text says what."""


def enter() -> None:
    """Start this command again inside namespaces of its own, unless it is there already.

    The ports of its servers are then nobody else's, traffic can be dropped without touching the machine's rules,
    and no process outlives the run: with the first one of the namespace the kernel ends all others.
    """
    if os.environ.get(_INSIDE):
        return
    _require()
    command = [
        "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
        "sh", "-c", 'ip link set lo up && "$@"', "sh",
        sys.executable, "-m", "tests.faults", *sys.argv[1:],
    ]  # fmt: skip
    os.execvpe(command[0], command, os.environ | {_INSIDE: "1", "PATH": _path()})


def _require() -> None:
    if os.geteuid() != 0:
        raise CannotRun("fault runs make namespaces and stop servers: run them as root")
    missing = [name for name in _PROGRAMS if shutil.which(name, path=_path()) is None]
    if missing:
        raise CannotRun(
            f"not found: {', '.join(missing)}; fault runs need Linux with iproute2, util-linux, PostgreSQL and RabbitMQ"
        )


def _path() -> str:
    from pathlib import Path

    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    folders = [str(folder) for folder in reversed(newest)] + list(_SERVER_FOLDERS)
    return os.pathsep.join([*folders, os.environ.get("PATH", "/usr/bin:/bin")])
