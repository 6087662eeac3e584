"""Does crm know what customers bought, and what they sent back, as sales and inventory do?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, on_the_way, rows

_TOLD = (
    "sales.order.placed.v1",
    "sales.order.recorded.v1",
    "sales.order.amended.v1",
    "sales.order.cancelled.v1",
    "sales.order.closed_short.v1",
)
_SOLD = (
    "SELECT l.id, l.order_id, o.customer_id, l.item_id, "
    "CASE WHEN o.state = 'cancelled' THEN 0 ELSE l.quantity_milli - l.given_up_milli END "
    "FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id"
)
_FOLLOWED = (
    "SELECT order_line_id, order_id, customer_id, item_id, quantity_milli - given_up_milli FROM followed_line"
)
_CAME_BACK = (
    "SELECT l.order_line_id, r.order_id, SUM(l.received_milli) FROM goods_return_line l "
    "JOIN goods_return r ON r.id = l.return_id WHERE r.state = 'closed' GROUP BY l.order_line_id, r.order_id"
)


def crm_follows_the_lines(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give order lines of which crm knows another customer, item or quantity than sales; news under way is left out."""
    sold, followed = (
        {
            str(line): (str(order), str(customer), str(item), int(milli))
            for line, order, customer, item, milli in found
        }
        for found in (rows(databases["sales"], _SOLD), rows(databases["crm"], _FOLLOWED))
    )
    moving = {order for type_ in _TOLD for order in on_the_way(databases, "sales", type_, "order_id")}
    for line in sorted(sold.keys() | followed.keys()):
        here, there = sold.get(line), followed.get(line)
        known = here or there
        gone = here is None and there is not None and there[-1] == 0
        if here != there and not gone and known is not None and known[0] not in moving:
            yield line


def crm_knows_what_came_back(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give order lines of which, for crm, another quantity came back than inventory inspected."""
    moving = on_the_way(databases, "inventory", "inventory.return.inspected.v1", "order_id")
    back, known = (
        {(str(line), str(order)): int(milli) for line, order, milli in found if milli}
        for found in (
            rows(databases["inventory"], _CAME_BACK),
            rows(databases["crm"], "SELECT order_line_id, order_id, returned_milli FROM followed_line"),
        )
    )
    for line, order in sorted(back.keys() | known.keys()):
        if back.get((line, order), 0) != known.get((line, order), 0) and order not in moving:
            yield line


BOUGHT_CHECKS = (
    CrossCheck("I13", "crm_follows_the_lines", "crm knows what each customer bought.", crm_follows_the_lines),
    CrossCheck(
        "I13", "crm_knows_what_came_back", "crm knows what customers sent back.", crm_knows_what_came_back
    ),
)
