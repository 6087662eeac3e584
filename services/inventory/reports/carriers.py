"""The carriers that deliveries go with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from services.inventory.domain.carriers import Carrier
from services.inventory.store import carriers as store
from services.inventory.store.fulfilment_tables import carrier


def list_carriers(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[Carrier]:
    """Return up to ``limit`` carriers by code; ``filters``: code, active."""
    columns = (carrier.c[name] for name in ("id", "code", "name", "tracking_url", "active", "version"))
    statement = select(*columns).order_by(carrier.c.code).limit(limit)
    for name in ("code", "active"):
        if filters.get(name) is not None:
            statement = statement.where(carrier.c[name] == filters[name])
    if after is not None:
        statement = statement.where(carrier.c.code > after)
    return [Carrier(**row._asdict()) for row in connection.execute(statement)]


def find_carrier(connection: Connection, carrier_id: str) -> Carrier | None:
    """Return a carrier, or nothing."""
    return store.find(connection, carrier_id)
