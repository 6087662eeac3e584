"""The figures of R1.3 worked out of order lines by SQLite alone: nothing of the system is asked, so it can be compared.

Each line is rounded half up to the cent, as an invoice shows it; sums are of whole cents.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class SoldLine:
    """A line of an order as its file tells it; ``discount_percent`` is off the amount."""

    order: str
    customer: str
    day: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal

    @property
    def cents(self) -> int:
        """What it comes to."""
        exact = self.quantity * self.unit_price * (100 - self.discount_percent) / 100
        return int(exact.quantize(_CENT, ROUND_HALF_UP) * 100)


class WorkedOut:
    """The figures of all ``lines``, in cents."""

    def __init__(self, lines: Iterable[SoldLine]) -> None:
        self._tables = sqlite3.connect(":memory:")
        self._tables.execute("CREATE TABLE line (number TEXT, customer TEXT, day TEXT, cents INTEGER)")
        self._tables.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?)",
            ((line.order, line.customer, line.day, line.cents) for line in lines),
        )
        self._tables.execute(
            "CREATE TABLE sold AS SELECT number, customer, MIN(day) AS day, SUM(cents) AS cents "
            "FROM line GROUP BY number, customer"
        )

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        first, last = self._tables.execute("SELECT MIN(day), MAX(day) FROM sold").fetchone()
        return first, last

    @property
    def orders(self) -> int:
        """How many orders there are."""
        return int(self._tables.execute("SELECT COUNT(*) FROM sold").fetchone()[0])

    @property
    def revenue(self) -> int:
        """What they come to."""
        return int(self._tables.execute("SELECT SUM(cents) FROM sold").fetchone()[0])

    @property
    def average_order(self) -> int:
        """What an order comes to, rounded half up."""
        return (2 * self.revenue + self.orders) // (2 * self.orders)

    @property
    def customers(self) -> tuple[int, int]:
        """How many bought, and how many of them twice or more."""
        often = (
            "SELECT COUNT(*), SUM(orders > 1) FROM (SELECT COUNT(*) AS orders FROM sold GROUP BY customer)"
        )
        count, again = self._tables.execute(often).fetchone()
        return count, again

    @property
    def by_month(self) -> dict[str, int]:
        """What the orders of each month come to."""
        months = "SELECT SUBSTR(day, 1, 7), SUM(cents) FROM sold GROUP BY 1"
        return dict(self._tables.execute(months).fetchall())

    def top(self, most: int) -> list[tuple[str, int]]:
        """Return who bought for most, and for how much."""
        buyers = "SELECT customer, SUM(cents) FROM sold GROUP BY customer ORDER BY 2 DESC, 1 LIMIT ?"
        return list(self._tables.execute(buyers, (most,)).fetchall())
