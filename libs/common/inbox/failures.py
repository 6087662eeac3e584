"""What went wrong, what it means for the message, and when to try again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.common.errors import Later, MeridianError

LADDER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 21600))
LATER_LADDER = (timedelta(seconds=0.2), timedelta(seconds=1), *LADDER)

_PG_OUTAGES = ("08", "53", "57P", "58")
_SQLITE_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
_PRIMARY_CODE = 0xFF
_TEXT_LIMIT = 4000

INTERRUPTIONS = 3
"""So often may the process end while it tries one message alone; after that a person has to look."""

BEHIND = "behind"
BY_HAND = "by_hand"
FAILED = "failed"
INTERRUPTED = "interrupted"
LATER = "later"
UNDECODABLE = "undecodable"
UNKNOWN_TYPE = "unknown_type"
UNREADABLE = "unreadable"
UNROUTABLE = "unroutable"
UNSUPPORTED_VERSION = "unsupported_version"

# Dead letters that say nothing about their aggregate's state: its later messages need not wait for them.
NOT_BLOCKING = (UNDECODABLE, UNKNOWN_TYPE, UNROUTABLE)


@dataclass(frozen=True)
class Failure:
    """Why a message is not handled: a short machine word, the error's class and what it said."""

    reason: str
    error_type: str
    error: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Describe an exception that a handler raised."""
        reason = LATER if isinstance(error, Later) else FAILED
        code = f"[{error.code}] " if isinstance(error, MeridianError) else ""
        return cls(reason, type(error).__name__, f"{code}{error}"[:_TEXT_LIMIT].replace("\x00", "\\0"))

    def wait(self, attempts: int) -> timedelta | None:
        """Return the pause after failed attempt number ``attempts`` (from 1); ``None`` when the ladder is used up."""
        ladder = LATER_LADDER if self.reason == LATER else LADDER
        return ladder[attempts - 1] if attempts <= len(ladder) else None


def is_outage(error: BaseException) -> bool:
    """Tell whether the database itself failed, so that nothing can be recorded and no message is to blame."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return (getattr(original, "sqlite_errorcode", 0) & _PRIMARY_CODE) in _SQLITE_OUTAGES
    state = getattr(original, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return error.connection_invalidated or str(state).startswith(_PG_OUTAGES)
