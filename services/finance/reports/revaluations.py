"""Looking at exchange revaluations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from services.finance.reports.paging import Position, page_of
from services.finance.store import revaluations
from services.finance.store.revaluation_tables import exchange_revaluation
from services.finance.store.revaluations import Revaluation


def list_revaluations(
    connection: Connection, day: date | None, currency: str | None, *, after: Position | None, limit: int
) -> list[Revaluation]:
    """Return revaluations, newest first; of one ``day`` or ``currency`` only if it is named."""
    query = select(exchange_revaluation)
    if day is not None:
        query = query.where(exchange_revaluation.c.day == day)
    if currency is not None:
        query = query.where(exchange_revaluation.c.currency == currency)
    rows = page_of(connection, query, exchange_revaluation.c.id, after, limit)
    return revaluations.with_parts(connection, rows)
