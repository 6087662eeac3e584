"""What a delivery note proposes to take, while hands account for it."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.quantity import Quantity
from services.inventory.domain.stock import Allocation, StockKey


class Shelf:
    """What of a note is still to be accounted for: per order line the proposed rows, in their order."""

    def __init__(self, lines: Iterable[Allocation]) -> None:
        self.left: dict[str, dict[StockKey, int]] = {}
        for line in lines:
            rows = self.left.setdefault(line.order_line_id, {})
            rows[line.key] = rows.get(line.key, 0) + line.quantity.milli

    def of(self, order_line_id: str, lot: str | None = None) -> list[StockKey]:
        """Return the rows of a line from which something is left; only of ``lot``, if given."""
        rows = self.left.get(order_line_id, {})
        return [key for key, milli in rows.items() if milli and lot in (None, key.lot)]

    def milli(self, order_line_id: str, lot: str | None = None) -> int:
        """Return the thousandths that are left of a line."""
        rows = self.left.get(order_line_id, {})
        return sum(rows[key] for key in self.of(order_line_id, lot))

    def draw(self, order_line_id: str, milli: int, lot: str | None = None) -> list[tuple[StockKey, Quantity]]:
        """Take up to ``milli`` from the front."""
        drawn: list[tuple[StockKey, Quantity]] = []
        for key in self.of(order_line_id, lot):
            taken = min(milli, self.left[order_line_id][key])
            if taken:
                self.left[order_line_id][key] -= taken
                milli -= taken
                drawn.append((key, Quantity(taken)))
        return drawn

    def rest(self) -> tuple[Allocation, ...]:
        """Return all that is left."""
        return tuple(
            Allocation(order_line_id, key, Quantity(milli))
            for order_line_id, rows in self.left.items()
            for key, milli in rows.items()
            if milli
        )
