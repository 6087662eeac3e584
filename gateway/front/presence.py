"""Whether a caller is still there, as their connection says: asked while a request is answered that has no end."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

_LOOK = socket.MSG_PEEK | getattr(socket, "MSG_DONTWAIT", 0)


def is_closed(connection: socket.socket) -> bool:
    """Say whether the other side has closed a connection; what it sent before stays there to be read."""
    try:
        return connection.recv(1, _LOOK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def has_left(environ: dict[str, Any]) -> Callable[[], bool]:
    """Return what says whether the caller of a request has left; where the server shows no connection, never.

    Any thread may ask, for as long as it likes: a connection that has ended since is one that was left.
    """
    told: Callable[[], bool] | None = environ.get("waitress.client_disconnected")
    if told is not None:
        return told
    connection: socket.socket | None = environ.get("gunicorn.socket")
    return (lambda: False) if connection is None else (lambda: is_closed(connection))
