"""Do those who follow orders say of their money what finance says?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from libs.common.db import Database
from meridian.audit.across import CrossCheck
from meridian.audit.looking import differing, on_the_way, pairs, rows

Figures = dict[str, tuple[int, int, int]]
_TOLD = ("finance.invoice.posted.v1", "finance.credit_note.posted.v1", "finance.payment.allocated.v1")


def crm_follows_the_money(databases: Mapping[str, Database], _now: datetime) -> Iterator[str]:
    """Give orders whose money crm and finance tell differently; those with news under way are left out."""
    followed: Figures = {
        str(order): (invoiced, credited, paid)
        for order, invoiced, credited, paid in rows(
            databases["crm"],
            "SELECT order_id, invoiced_minor, credited_minor, paid_minor FROM followed_order",
        )
    }
    moving = {order for type_ in _TOLD for order in on_the_way(databases, "finance", type_, "order_id")}
    booked = _booked(databases["finance"])
    nothing: Figures = dict.fromkeys(followed.keys() - booked.keys(), (0, 0, 0))
    return (order for order in differing(booked | nothing, followed) if order not in moving)


def _booked(finance: Database) -> Figures:
    invoiced = pairs(
        finance, "SELECT order_id, SUM(total_minor) FROM invoice WHERE state = 'posted' GROUP BY order_id"
    )
    credited = pairs(
        finance,
        "SELECT i.order_id, SUM(n.total_minor) FROM credit_note n JOIN invoice i ON i.id = n.invoice_id "
        "GROUP BY i.order_id",
    )
    paid = pairs(
        finance,
        "SELECT i.order_id, SUM(a.amount_minor) FROM allocation a JOIN invoice i ON i.id = a.invoice_id "
        "GROUP BY i.order_id",
    )
    orders = invoiced.keys() | credited.keys() | paid.keys()
    return {
        order: (int(invoiced.get(order, 0)), int(credited.get(order, 0)), int(paid.get(order, 0)))
        for order in orders
    }


def crm_knows_what_goods_cost(databases: Mapping[str, Database], _now: datetime) -> Iterator[str]:
    """Give orders whose goods cost something else in crm than what left, less what lies on the shelf again.

    What left before crm listened has no cost there; news under way is left out.
    """
    known = pairs(
        databases["crm"],
        "SELECT order_id, cost_minor FROM followed_order WHERE NOT uncosted AND shipped_at IS NOT NULL",
    )
    left = pairs(
        databases["inventory"],
        "SELECT order_id, SUM(minor) FROM (SELECT d.order_id AS order_id, -m.value_minor AS minor FROM stock_move m "
        "JOIN delivery d ON d.id = m.document_id WHERE m.kind = 'shipment' UNION ALL "
        "SELECT r.order_id, -l.cost_minor FROM goods_return r JOIN goods_return_line l ON l.return_id = r.id "
        "WHERE r.state = 'closed') moved WHERE minor IS NOT NULL GROUP BY order_id",
    )
    moving = {
        order
        for type_ in ("inventory.delivery.shipped.v1", "inventory.return.inspected.v1")
        for order in on_the_way(databases, "inventory", type_, "order_id")
    }
    return (order for order, cost in known.items() if cost != left.get(order, 0) and order not in moving)


FOLLOWED_CHECKS = (
    CrossCheck("I13", "crm_follows_the_money", "crm knows the money of each order.", crm_follows_the_money),
    CrossCheck(
        "I13",
        "crm_knows_what_goods_cost",
        "crm knows what the goods of each order cost.",
        crm_knows_what_goods_cost,
    ),
)
