"""Looking at purchases for those who learn from them and look at customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services.crm.domain.buying import Bought
from services.crm.domain.ground import Ground
from services.crm.domain.idea import Shelf
from services.crm.store import bought, buyings, items, recommendations


@dataclass(frozen=True)
class Known:
    """Which version was learnt last, when, from how many lines, and how many there are now."""

    version: int
    learnt_from: int
    made_at: datetime | None
    lines: int

    @property
    def grown(self) -> int:
        """How many lines there are more."""
        return self.lines - self.learnt_from


def known_purchases(connection: Connection) -> Known:
    """Return how much is known, and how much of it was learnt from."""
    version, learnt_from, made_at = buyings.learnt_at(connection)
    return Known(version, learnt_from, made_at, bought.counted(connection))


def all_purchases(connection: Connection, most: int) -> tuple[Iterator[Bought], Mapping[str, str | None]]:
    """Return the latest ``most`` lines, customer by customer, and the categories of items."""
    categories = items.sold(connection)
    return bought.by_customer(connection, most), categories


def due_customers(connection: Connection, today: date, limit: int) -> list[str]:
    """Return up to ``limit`` customers that are to be looked at."""
    return buyings.due(connection, today, limit)


def ground(connection: Connection, now: datetime, zone: ZoneInfo) -> Ground:
    """Return what is the same for all customers that are looked at now."""
    _, _, model = buyings.latest(connection)
    shelf = Shelf(items.sold(connection), buyings.better(connection))
    fared = recommendations.fared(connection, now)
    return Ground(model, shelf, fared, now.astimezone(zone).date(), zone)
