"""Whom the ids in histories mean: what everybody who works here may know of everybody."""

from __future__ import annotations

from gateway.store import colleagues as store
from gateway.store.colleagues import PERSON, PROGRAM, Colleague
from libs.common.db import Connection

__all__ = ["PERSON", "PROGRAM", "Colleague", "list_colleagues"]


def list_colleagues(connection: Connection, *, after: str | None, limit: int) -> list[Colleague]:
    """Return people and programs by id, those behind ``after``."""
    return store.index(connection, after=after, limit=limit)
