"""When what an order lacks can be had, by what is known now: what lies here, who is ahead, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from services.inventory.domain.availability import Coming, promise
from services.inventory.domain.stock import WantedLine
from services.inventory.store import boms, production_orders, purchase_orders, queue, stock, supply


def expected(
    connection: Connection, lacks: Iterable[WantedLine], queue_no: int, today: date
) -> dict[str, date | None]:
    """Return by order line when what one at this place in the queue lacks can be had; nothing if nobody knows.

    Lines of one item are served one after the other.
    """
    needed: dict[str, int] = {}
    found: dict[str, date | None] = {}
    for line in lacks:
        needed[line.item_id] = needed.get(line.item_id, 0) + line.quantity.milli
        found[line.order_line_id] = _expected(connection, line.item_id, needed[line.item_id], queue_no, today)
    return found


def _expected(connection: Connection, item_id: str, milli: int, queue_no: int, today: date) -> date | None:
    rows = stock.rows(connection, [item_id])
    usable = sum(row.available.milli for row in rows if not row.is_due(today))
    ahead = queue.wanted(connection, [item_id], up_to=queue_no - 1).get(item_id, 0)
    coming: list[Coming] = [
        *purchase_orders.arrivals(connection, item_id),
        *production_orders.in_production(connection, item_id),
    ]
    policy = boms.with_lead_time(connection, supply.policy(connection, item_id), milli, today)
    found = promise(milli, usable, ahead, coming, policy, today)
    return found.on if found else None
