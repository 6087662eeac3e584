"""SQLAlchemy's dialect for PostgreSQL by psycopg, its transactions begun and ended without the driver's event loop.

The driver's connections are in autocommit: a transaction is what ``begin`` and ``commit`` say, and a reader that
says neither has each statement for itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from libs.common.db.wire import Wire, wire_of


class WireDialect(PGDialect_psycopg):
    """PostgreSQL by psycopg; see the module."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction, unless the connection only reads."""
        _wire(dbapi_connection).begin()

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit, if there is anything to commit."""
        _wire(dbapi_connection).commit()

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back, if there is anything to roll back."""
        _wire(dbapi_connection).rollback()


def _wire(connection: Any) -> Wire:
    """Return the wire of a driver's connection, which the pool may have put into a wrapper."""
    return wire_of(getattr(connection, "dbapi_connection", connection))
