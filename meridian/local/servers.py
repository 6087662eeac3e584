"""The databases of the production shape on this machine, each with its owner and its run-time role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from meridian.rights.passwords import Passwords, scram_verifier
from meridian.topography import ROOT, STORES

_SQL = ROOT / "deploy" / "postgres"
Connection = psycopg.Connection[tuple[Any, ...]]


class ServerMissing(RuntimeError):
    """A server that the production shape needs does not answer; the message says what to do."""


@dataclass(frozen=True)
class DatabaseUrls:
    """Where each store's database is: for the running service, and for its owner, who migrates it."""

    running: dict[str, str]
    owners: dict[str, str]


def prepare_databases(
    server_url: str, prefix: str, passwords: Passwords, say: Callable[[str], None]
) -> DatabaseUrls:
    """Make each store's database and its two roles where they are missing; return their URLs.

    Where the user of ``server_url`` may not make roles, that user does everything itself, as is then said.
    """
    server = make_url(server_url).set(drivername="postgresql")
    names = {store: f"{prefix}_{store}" for store in STORES}
    try:
        with _connect(server) as connection:
            roles = _may_make_roles(connection)
            for store, name in names.items():
                if roles:
                    _make_roles(connection, name, passwords.owners[store], passwords.stores[store])
                _create_database(connection, name, f"{name}_owner" if roles else None)
    except psycopg.OperationalError as error:
        raise ServerMissing(
            f"PostgreSQL does not answer at {server.render_as_string()}: {error}. "
            "Start it, or name another in MERIDIAN_POSTGRES_URL."
        ) from None
    if not roles:
        say(f"{server.username} may not make roles in PostgreSQL, so every service works as that user")
        everybody = {store: _text(server.set(database=name)) for store, name in names.items()}
        return DatabaseUrls(everybody, {})
    for name in names.values():
        with _connect(server.set(database=name)) as connection:
            connection.execute(_statements("database.sql"))
    return DatabaseUrls(
        {store: _login(server, name, name, passwords.stores[store]) for store, name in names.items()},
        {
            store: _login(server, name, f"{name}_owner", passwords.owners[store])
            for store, name in names.items()
        },
    )


def drop_databases(server_url: str, prefix: str) -> None:
    """Remove the databases of ``prefix`` with everything in them, and then their roles."""
    with _connect(make_url(server_url).set(drivername="postgresql")) as connection:
        for name in (f"{prefix}_{store}" for store in STORES):
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            for role in (name, f"{name}_owner"):
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def _connect(url: URL) -> Connection:
    return psycopg.connect(_plain(url), autocommit=True, connect_timeout=5)


def _may_make_roles(connection: Connection) -> bool:
    question = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    row = connection.execute(question).fetchone()
    return row is not None and bool(row[0])


def _make_roles(connection: Connection, name: str, owner_password: str, password: str) -> None:
    settings: Mapping[str, str] = {
        "meridian.database": name,
        "meridian.owner_password": scram_verifier(owner_password),
        "meridian.password": scram_verifier(password),
    }
    for setting, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
    connection.execute(_statements("roles.sql"))


def _create_database(connection: Connection, name: str, owner: str | None) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    connection.execute(statement + sql.SQL(" OWNER {}").format(sql.Identifier(owner)) if owner else statement)


def _statements(file: str) -> bytes:
    return (_SQL / file).read_bytes()


def _login(server: URL, database: str, role: str, password: str) -> str:
    return _text(server.set(database=database, username=role, password=password))


def _text(url: URL) -> str:
    return _plain(url.set(drivername="postgresql+psycopg"))


def _plain(url: URL) -> str:
    return url.render_as_string(hide_password=False)
