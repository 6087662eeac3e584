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


FOLLOWED_CHECKS = (
    CrossCheck("I13", "crm_follows_the_money", "crm knows the money of each order.", crm_follows_the_money),
)
