"""The checks of changed orders that need more than one database: whoever keeps a copy of an order reads the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, on_the_way, pairs, rows

_MOVING = (
    ("sales", "sales.order.confirmed.v1"),
    ("sales", "sales.order.recorded.v1"),
    ("sales", "sales.order.amended.v1"),
    ("inventory", "inventory.reservation.amended.v1"),
)


def orders_are_the_same_everywhere(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders of which inventory or finance knows other lines than sales; changes on their way are not counted."""
    moving = {
        order for source, type_ in _MOVING for order in on_the_way(databases, source, type_, "order_id")
    }
    sold = _grouped(
        databases,
        "sales",
        "SELECT l.order_id, l.id, l.quantity_milli, l.amount_minor - CASE WHEN o.tax_prices = 'inclusive' "
        "THEN l.tax_minor ELSE 0 END, l.tax_minor, l.kept_milli, l.kept_minor, l.kept_tax_minor "
        "FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id "
        "WHERE o.state IN ('confirmed', 'processing', 'done')",
    )
    billed = _grouped(
        databases,
        "finance",
        "SELECT order_id, order_line_id, quantity_milli, amount_minor, tax_minor, kept_milli, kept_minor, "
        "kept_tax_minor FROM sales_order_line",
    )
    held = _grouped(
        databases,
        "inventory",
        "SELECT r.order_id, l.order_line_id, l.quantity_milli FROM reservation r "
        "JOIN reservation_line l ON l.reservation_id = r.id WHERE r.state IN ('reserved', 'partial', 'consumed')",
    )
    for order, lines in sorted(sold.items()):
        quantities = {line: figures[:1] for line, figures in lines.items()}
        others = (billed.get(order, lines), held.get(order, quantities))
        if order not in moving and others != (lines, quantities):
            yield order


def _grouped(databases: Databases, store: str, statement: str) -> dict[str, dict[str, tuple[Any, ...]]]:
    found: dict[str, dict[str, tuple[Any, ...]]] = {}
    for order, line, *figures in rows(databases[store], statement):
        found.setdefault(str(order), {})[str(line)] = tuple(figures)
    return found


def changes_that_ended_hold_nothing(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give changes that are decided and for which stock is still reserved, or credit held, under their own id."""
    over = pairs(
        databases["sales"],
        "SELECT id, number FROM order_change WHERE state IN ('applied', 'rejected', 'withdrawn')",
    )
    reserved = pairs(
        databases["inventory"],
        "SELECT order_id, 1 FROM reservation WHERE state IN ('reserved', 'waiting', 'partial')",
    )
    credit = pairs(
        databases["finance"], "SELECT order_id, 1 FROM credit_hold WHERE state IN ('granted', 'waiting')"
    )
    moving = on_the_way(databases, "sales", "sales.order.amended.v1", "change_id")
    moving |= on_the_way(databases, "sales", "finance.release_credit.v1", "order_id")
    yield from _numbers(over, (over.keys() & (reserved.keys() | credit.keys())) - moving)


def _numbers(numbers: Mapping[str, Any], ids: set[str]) -> Iterator[str]:
    return (str(numbers[each]) for each in sorted(ids))


AMENDED_CHECKS = (
    CrossCheck(
        "I13",
        "orders_agree",
        "Inventory and finance know the lines of every order as sales does, also after changes.",
        orders_are_the_same_everywhere,
    ),
    CrossCheck(
        "I7",
        "ended_changes_hold_nothing",
        "For a change of an order that is decided nothing is reserved or held any more.",
        changes_that_ended_hold_nothing,
    ),
)
