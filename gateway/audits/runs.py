"""Keeping what an audit found, and showing it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.store import audit_runs as store
from gateway.store.audit_runs import AuditRun
from libs.common.db import Connection, Transaction
from libs.common.errors import NotFound

__all__ = ["KEPT", "AuditRun", "keep_run", "list_runs", "one_run"]

KEPT = 50
"""How many runs stay; an older one is forgotten when the next is kept."""


def keep_run(
    tx: Transaction, *, began_at: datetime, events: int, findings: Sequence[dict[str, Any]]
) -> AuditRun:
    """Keep a run that has just ended; each finding has ``invariant``, ``check``, ``says``, ``store``, ``violations``
    and the ``ids`` of the first offenders.
    """
    run = AuditRun(
        id=tx.new_id(),
        began_at=began_at,
        ended_at=tx.now,
        checks=len(findings),
        events=events,
        violations=sum(finding["violations"] for finding in findings),
        findings=list(findings),
    )
    store.add(tx, run, kept=KEPT)
    return run


def list_runs(connection: Connection, *, before: str | None, limit: int) -> list[AuditRun]:
    """Return the runs, the latest first, those older than the run ``before``."""
    return store.index(connection, before=before, limit=limit)


def one_run(connection: Connection, run_id: str) -> AuditRun:
    """Return a run; ``NotFound`` when there is none (any more)."""
    run = store.find(connection, run_id)
    if run is None:
        raise NotFound("There is no such audit, or it is not kept any more.")
    return run
