"""Which database errors mean 'nothing happened, try again'."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy.exc import DBAPIError

_SERIALIZATION = frozenset({"40001", "40P01", "55P03"})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY_CODE = 0xFF
ATTEMPTS = 10


def is_transient(error: BaseException) -> bool:
    """Tell whether ``error`` is a serialization failure, a deadlock or a busy database: the work may be re-run.

    PostgreSQL 40001, 40P01 and 55P03; SQLite BUSY and LOCKED with all their extended codes.
    """
    original = error.orig if isinstance(error, DBAPIError) else error
    if getattr(original, "sqlstate", None) in _SERIALIZATION:
        return True
    if isinstance(original, sqlite3.OperationalError):
        code = getattr(original, "sqlite_errorcode", None)
        return code is not None and (code & _PRIMARY_CODE) in _BUSY
    return False


def is_disconnect(error: BaseException) -> bool:
    """Tell whether the connection was lost, so that nothing of an uncommitted transaction remains."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def backoff_seconds(attempt: int) -> float:
    """Return how long to wait before attempt ``attempt`` (from 1): doubling from 4 ms to 0.5 s, with jitter."""
    jitter = 0.5 + (time.perf_counter_ns() % 1000) / 1000
    return float(min(0.004 * 2**attempt, 0.5) * jitter)
