"""What audits found, in the database: the latest runs, each with every check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from gateway.store.tables import audit_run
from libs.common.db import Transaction


@dataclass(frozen=True)
class AuditRun:
    """One run over all services: ``events`` were looked at by ``checks``, which found ``violations`` in all."""

    id: str
    began_at: datetime
    ended_at: datetime
    checks: int
    events: int
    violations: int
    findings: list[dict[str, Any]]


def index(connection: Connection, *, before: str | None, limit: int) -> list[AuditRun]:
    """Return the runs, the latest first, those older than the run ``before``."""
    query = select(audit_run).order_by(audit_run.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_run.c.id < before)
    return [AuditRun(**row) for row in connection.execute(query).mappings()]


def find(connection: Connection, run_id: str) -> AuditRun | None:
    """Return the run with this id."""
    row = connection.execute(select(audit_run).where(audit_run.c.id == run_id)).mappings().first()
    return None if row is None else AuditRun(**row)


def add(tx: Transaction, run: AuditRun, *, kept: int) -> None:
    """Store a run; of all that there are only the ``kept`` latest stay."""
    tx.connection.execute(insert(audit_run).values(**vars(run)))
    latest = select(audit_run.c.id).order_by(audit_run.c.id.desc()).limit(kept)
    tx.connection.execute(delete(audit_run).where(audit_run.c.id.not_in(latest)))
