"""What goods that came back are worth: what they were worth when they left, each part its share."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.returns import GoodsReturn, ReturnedLine
from services.inventory.domain.valuation import costs_of_lines, part_of
from services.inventory.store import deliveries, valuations


def with_costs(tx: Transaction, before: GoodsReturn, after: GoodsReturn) -> GoodsReturn:
    """Return ``after`` with the cost of each line that was restocked since ``before``; its items are locked.

    However a shipped part comes back, in how many returns, all of them together are worth what it cost. What left
    before its cost was known has none, and is taken in at the present one.
    """
    if after.lines == before.lines:
        return after
    shipped = deliveries.find(tx.connection, after.delivery_id)
    assert shipped is not None, "what came back was delivered"
    costs = costs_of_lines(shipped.lines, valuations.costs_of_shipment(tx.connection, shipped.id))
    parts = {
        (line.order_line_id, line.key.lot): (cost, line.quantity)
        for line, cost in zip(shipped.lines, costs, strict=True)
    }
    back = valuations.restocked_of_delivery(tx.connection, after.delivery_id)
    lines = tuple(
        new if new == old else replace(new, cost=_cost(new, parts, back))
        for old, new in zip(before.lines, after.lines, strict=True)
    )
    return replace(after, lines=lines)


def _cost(
    line: ReturnedLine,
    parts: dict[tuple[str, str], tuple[Money | None, Quantity]],
    back: dict[tuple[str, str], Quantity],
) -> Money | None:
    part = (line.order_line_id, line.lot)
    cost, shipped = parts[part]
    if cost is None or not line.restocked:
        return None
    return part_of(cost, line.restocked, back.get(part, Quantity.zero()), shipped)
