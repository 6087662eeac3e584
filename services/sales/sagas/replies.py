"""What the saga reads of the answers of inventory and finance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.backorder import Backordered

PARTLY = "inventory.reservation.partially_reserved.v1"


@dataclass(frozen=True)
class ShortLine:
    """A line that waits for stock; ``reserved`` of what was ``requested`` is held for it, or has left."""

    sku: str
    missing: Quantity
    order_line_id: str
    requested: Quantity
    reserved: Quantity
    expected_on: date | None = None


@dataclass(frozen=True)
class StockShort:
    """What is read of ``inventory.reservation.waiting.v1`` and of ``inventory.reservation.partially_reserved.v1``."""

    order_id: str
    queue_position: int
    lines: tuple[ShortLine, ...]

    def figures(self) -> dict[str, str]:
        """Return the place in the queue, and what is missing of each item."""
        return {"queue_position": str(self.queue_position)} | _missing(self.lines)

    def backordered(self) -> tuple[Backordered, ...]:
        """Return what the lines have not got, and when that can be had by what was known then."""
        found = (
            Backordered(line.order_line_id, line.requested - line.reserved, line.expected_on)
            for line in self.lines
        )
        return tuple(each for each in found if each.quantity)


def _missing(lines: Iterable[ShortLine]) -> dict[str, str]:
    sums: dict[str, Quantity] = {}
    for line in lines:
        if line.missing:
            sums[line.sku] = sums.get(line.sku, Quantity.zero()) + line.missing
    return {f"missing {sku}": str(quantity) for sku, quantity in sorted(sums.items())}


@dataclass(frozen=True)
class CreditShort:
    """What is read of ``finance.credit_hold.refused.v1``."""

    order_id: str
    amount: Money
    exposure: Money
    shortfall: Money
    status: str
    waits: bool
    limit: Money | None = None

    def figures(self) -> dict[str, str]:
        """Return what the decision was made from."""
        limit = {} if self.limit is None else {"limit": str(self.limit)}
        return limit | {
            "amount": str(self.amount),
            "exposure": str(self.exposure),
            "shortfall": str(self.shortfall),
            "status": self.status,
        }


@dataclass(frozen=True)
class AdvanceMissing:
    """What is read of ``finance.advance.requested.v1``."""

    order_id: str
    amount: Money
    covered: Money
    missing: Money

    def figures(self) -> dict[str, str]:
        """Return what is asked for, what of it is there and what is not."""
        return {"amount": str(self.amount), "covered": str(self.covered), "missing": str(self.missing)}


@dataclass(frozen=True)
class Rejected:
    """What is read of a request that can never be granted."""

    order_id: str
    reason: str
    detail: str
