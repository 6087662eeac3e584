"""The checks of figures: what orders count for is what their documents say, but for news under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, on_the_way
from services.sales.reports.counting_proof import orders_counted_wrong
from services.sales.reports.freshness import COUNTED


def orders_count_for_what_they_are_worth(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders that count for something else in the figures than their documents, counted again, come to."""
    with databases["sales"].reading() as connection:
        found = list(orders_counted_wrong(connection))
    moving: set[str] = set()
    for type_ in COUNTED if found else ():
        moving |= on_the_way(databases, "sales", type_, "order_id")
    return (order for order in found if order not in moving)


COUNTED_CHECKS = (
    CrossCheck(
        "I13",
        "orders_count_for_what_they_are_worth",
        "Every order counts in the figures for exactly what its document, worked out again, comes to.",
        orders_count_for_what_they_are_worth,
    ),
)
