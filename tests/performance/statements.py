"""Which statements a cycle sends to PostgreSQL, how often, and what they cost there."""

from __future__ import annotations

import psycopg

PRELOAD = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.max": "10000"}
_MOST = """
    SELECT d.datname AS database, s.calls, s.total_exec_time, s.rows, regexp_replace(s.query, '\\s+', ' ', 'g') AS query
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname LIKE %s
    ORDER BY s.total_exec_time DESC
"""


class Statements:
    """What PostgreSQL counts between ``begin`` and ``report``."""

    def __init__(self, server_url: str, prefix: str) -> None:
        self._url = server_url
        self._prefix = prefix

    def begin(self) -> None:
        """Count from now on."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            connection.execute("SELECT pg_stat_statements_reset()")

    def report(self, cycles: int, *, most: int = 60) -> str:
        """Return the statements as text, those that are sent most often first, all figures per cycle."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            rows = connection.execute(_MOST, (f"{self._prefix}%",)).fetchall()
        calls, ms = sum(row[1] for row in rows), sum(row[2] for row in rows)
        lines = [f"{calls / cycles:.1f} statements and {ms / cycles:.1f} ms in PostgreSQL per cycle", ""]
        lines.append("  calls       ms     rows  store         statement")
        for database, number, total, returned, query in rows[:most]:
            store = database.removeprefix(f"{self._prefix}_")
            lines.append(
                f"{number / cycles:7.2f} {total / cycles:8.3f} {returned / cycles:8.2f}  {store:13} {query[:400]}"
            )
        return "\n".join(lines)
