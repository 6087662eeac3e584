"""What the house decides for the desk: policies by kind and version; a version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, insert, select

from libs.common.db import Transaction, lock_series
from services.service_desk.domain.cause import Intake
from services.service_desk.store.course_tables import desk_policy

INTAKE = "intake"


@dataclass(frozen=True)
class Stored:
    """A version of a policy as it was written."""

    version: int
    body: Mapping[str, Any]
    defined_by: str


_OF = (desk_policy.c.version, desk_policy.c.body, desk_policy.c.defined_by)
# A version never changes, so what was read of it once holds for as long as the database is open.
_KNOWN: WeakKeyDictionary[Engine, dict[tuple[str, int], Stored]] = WeakKeyDictionary()


def current(connection: Connection, kind: str) -> Stored | None:
    """Return the newest version of a policy, or nothing."""
    query = select(*_OF).where(desk_policy.c.kind == kind).order_by(desk_policy.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Stored(**row._asdict())


def current_intake(connection: Connection) -> Intake:
    """Return which happenings open tickets now; version 0 comes with the product."""
    stored = current(connection, INTAKE)
    return Intake() if stored is None else Intake(**stored.body, version=stored.version)


def known(connection: Connection, kind: str, version: int) -> Stored:
    """Return a version that exists; it is read from the database once."""
    kept = _KNOWN.setdefault(connection.engine, {})
    if (kind, version) not in kept:
        query = select(*_OF).where(desk_policy.c.kind == kind, desk_policy.c.version == version)
        kept[kind, version] = Stored(**connection.execute(query).one()._asdict())
    return kept[kind, version]


def lock_current(tx: Transaction, kind: str) -> Stored | None:
    """Return what ``current`` does; until the commit nobody else adds a version."""
    lock_series(tx, f"desk_policy.{kind}")
    return current(tx.connection, kind)


def add(tx: Transaction, kind: str, version: int, body: Mapping[str, Any], by: str) -> None:
    """Store the next version of a policy."""
    values = {"kind": kind, "version": version, "body": dict(body), "defined_by": by, "defined_at": tx.now}
    tx.connection.execute(insert(desk_policy).values(**values))
