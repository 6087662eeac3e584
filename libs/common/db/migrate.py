"""Bringing a database up to date: the mechanism's chain of migrations first, then the service's own.

Two chains with two version tables, so that a service's migrations never have to repeat, or wait for, a change
of the mechanism. At the end the run-time role gets its rights (rights.sql) on what there is now.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from libs.common.db.database import Database
from libs.common.db.engine import WRITE_OPTION

MECHANISM = Path(__file__).parent / "migrations"
RIGHTS = Path(__file__).parent / "rights.sql"
_LOCK_KEY = 7261937
_ADD_PARTITION = text("SELECT add_event_log_partition(:month)")


def migrate(database: Database, location: Path | str | None = None, *, target: str = "heads") -> None:
    """Run the mechanism's migrations and then those in the folder ``location``, up to ``target``.

    Several processes may call this at once: on PostgreSQL one runs and the others wait for it. The user of
    ``database`` must own it.
    """
    with database.engine.connect().execution_options(**{WRITE_OPTION: True}) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        _run_chain(connection, MECHANISM, "mechanism_version", "heads")
        if location is not None:
            _run_chain(connection, Path(location), "service_version", target)
        _add_partitions(connection, database.clock.now())
        _grant_rights(connection)
        connection.commit()


def _script(folder: Path) -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config, ScriptDirectory(str(folder), version_locations=[str(folder)])


def _run_chain(connection: Connection, folder: Path, version_table: str, target: str) -> None:
    config, script = _script(folder)

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(target, revision)  # noqa: SLF001 - what alembic.command.upgrade itself calls

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=version_table, render_as_batch=True)
        environment.run_migrations()


def current_revisions(database: Database) -> dict[str, str | None]:
    """Return the revision of each chain, by version table; ``None`` where it never ran."""
    with database.engine.connect() as connection:
        return {
            table: MigrationContext.configure(
                connection, opts={"version_table": table}
            ).get_current_revision()
            for table in ("mechanism_version", "service_version")
        }


def ensure_event_log_partitions(database: Database) -> None:
    """Create the event log's partitions of this month and the next two (PostgreSQL; nothing to do on SQLite)."""
    database.transact(lambda tx: _add_partitions(tx.connection, tx.now))


def _add_partitions(connection: Connection, now: datetime) -> None:
    if connection.dialect.name != "postgresql":
        return
    year, month = now.year, now.month
    for _ in range(3):
        # The run-time role may not create tables; this function of the owner's makes this one kind for it.
        connection.execute(_ADD_PARTITION, {"month": date(year, month, 1)})
        year, month = year + month // 12, month % 12 + 1


def _grant_rights(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(RIGHTS.read_text(encoding="utf-8")))
