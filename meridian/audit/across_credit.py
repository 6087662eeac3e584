"""The check of credit at the delivery that needs two databases: what inventory keeps back is what sales shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, differing, on_the_way, pairs


def goods_held_back_hold_their_order(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders whose goods wait for credit without a hold, or the other way round; but for news under way.

    Where an order has ended, its hold has too.
    """
    refused = pairs(
        databases["inventory"],
        "SELECT order_id, 1 FROM delivery WHERE credit = 'refused' "
        "AND state IN ('draft', 'waiting', 'ready', 'picked', 'packed')",
    )
    held = pairs(
        databases["sales"],
        "SELECT order_id, 1 FROM order_hold WHERE code = 'delivery_credit' AND released_at IS NULL",
    )
    moving: set[str] = set()
    for type_ in ("granted", "refused", "closed"):
        moving |= on_the_way(databases, "finance", f"finance.delivery_credit.{type_}.v1", "order_id")
    for type_ in ("asked", "withdrawn"):
        moving |= on_the_way(databases, "inventory", f"inventory.delivery.credit_{type_}.v1", "order_id")
    return (order for order in differing(refused, held) if order not in moving)


CREDIT_CHECKS = (
    CrossCheck(
        "I6",
        "goods_held_back_hold_their_order",
        "An order of which goods wait for credit has a hold that says so, and no other has.",
        goods_held_back_hold_their_order,
    ),
)
