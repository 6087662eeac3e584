"""Who is late."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from services.inventory.store import delays


def late_orders(connection: Connection, today: date, limit: int) -> list[str]:
    """Return up to ``limit`` late orders of which nothing was told, the latest promise last."""
    return delays.late_orders(connection, today, limit)
