"""What an order counts for in the figures: a confirmed one for what stays sold of it, without tax."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.kept import worth_up_to
from services.sales.domain.order import Order, OrderLine

COUNTING = ("confirmed", "processing", "done")


@dataclass(frozen=True, slots=True)
class CountedLine:
    """What stays sold of a line: ``cost_minor`` of what brought ``costed_minor`` of the ``net_minor``.

    Only where the cost was known when the line was priced; a margin is ``costed_minor`` less ``cost_minor``.
    """

    line_id: str
    item_id: str
    milli: int
    net_minor: int
    costed_minor: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class CountedOrder:
    """What an order counts for: nothing before it is confirmed, and nothing once it is cancelled."""

    orders: int
    lines: tuple[CountedLine, ...]

    @property
    def net_minor(self) -> int:
        """What it comes to without tax."""
        return sum(line.net_minor for line in self.lines)

    @property
    def costed_minor(self) -> int:
        """What the lines of known cost come to without tax."""
        return sum(line.costed_minor for line in self.lines)

    @property
    def cost_minor(self) -> int:
        """What the lines of known cost cost."""
        return sum(line.cost_minor for line in self.lines)


def counted(order: Order) -> CountedOrder:
    """Return what ``order`` counts for as it stands now."""
    if order.state not in COUNTING:
        return CountedOrder(0, ())
    return CountedOrder(1, tuple(_line(line) for line in order.lines))


def _line(line: OrderLine) -> CountedLine:
    left = line.quantity - line.given_up
    net = line.net if not line.given_up else worth_up_to(line, left)[0]
    cost = _cost(line, left)
    costed = 0 if cost is None else net.minor
    return CountedLine(
        line.id, line.item_id, left.milli, net.minor, costed, 0 if cost is None else cost.minor
    )


def _cost(line: OrderLine, left: Quantity) -> Money | None:
    return None if line.cost is None else line.cost.share(left.milli, line.quantity.milli)
