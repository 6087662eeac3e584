"""What the production shape needs of PostgreSQL and RabbitMQ: databases and a virtual host of its own."""

from __future__ import annotations

import shutil
import subprocess
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from meridian.topography import STORES


class ServerMissing(RuntimeError):
    """A server that the production shape needs does not answer; the message says what to do."""


def prepare_databases(server_url: str, prefix: str) -> dict[str, str]:
    """Create one database per store where it is missing; return their URLs."""
    base = make_url(server_url)
    plain = base.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
            for store in STORES:
                _create_database(connection, f"{prefix}_{store}")
    except psycopg.OperationalError as error:
        raise ServerMissing(
            f"PostgreSQL does not answer at {base.render_as_string()}: {error}. "
            "Start it, or name another in MERIDIAN_POSTGRES_URL."
        ) from None
    return {
        store: base.set(drivername="postgresql+psycopg", database=f"{prefix}_{store}").render_as_string(
            hide_password=False
        )
        for store in STORES
    }


def _create_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_databases(server_url: str, prefix: str) -> None:
    """Remove the databases of ``prefix`` with everything in them."""
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
        for store in STORES:
            name = sql.Identifier(f"{prefix}_{store}")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def prepare_vhost(amqp_url: str, vhost: str) -> str:
    """Create ``vhost`` where it is missing and return the URL of it.

    A virtual host can only be made with the broker's own tool; without it the URL must already name one.
    """
    user = make_url(amqp_url).username or "guest"
    if shutil.which("rabbitmqctl") is None:
        return amqp_url
    _rabbitmqctl("add_vhost", vhost, tolerate="vhost_already_exists")
    _rabbitmqctl("set_permissions", "-p", vhost, user, ".*", ".*", ".*")
    return f"{amqp_url.rstrip('/')}/{quote(vhost, safe='')}"


def drop_vhost(vhost: str) -> None:
    """Remove ``vhost`` with its queues."""
    if shutil.which("rabbitmqctl") is not None:
        _rabbitmqctl("delete_vhost", vhost, tolerate="no_such_vhost")


def _rabbitmqctl(*words: str, tolerate: str = "") -> None:
    done = subprocess.run(["rabbitmqctl", *words], capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    if done.returncode != 0 and (not tolerate or tolerate not in said):
        raise ServerMissing(f"rabbitmqctl {' '.join(words)} failed: {said.strip()[:400]}")
