"""Does crm's overview of customers rest on what finance, the service desk and sales say?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import MOVES_WHAT_IS_OPEN, Databases, differing, on_the_way, pairs, rows

_TICKETS = ("opened", "resolved", "reopened", "closed", "merged", "rated")
_ORDERS = ("placed", "confirmed", "recorded", "amended", "cancelled", "closed_short")


def crm_knows_what_is_open(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give invoices of which crm knows another customer, day or open amount than finance."""
    owed, known = (
        {str(invoice): (str(customer), str(due_on), int(left)) for invoice, customer, due_on, left in found}
        for found in (
            rows(
                databases["finance"],
                "SELECT id, customer_id, due_on, open_minor FROM invoice WHERE state = 'posted'",
            ),
            rows(
                databases["crm"],
                "SELECT invoice_id, customer_id, due_on, total_minor - settled_minor FROM followed_invoice "
                "WHERE total_minor IS NOT NULL",
            ),
        )
    )
    moving = {
        each for type_ in MOVES_WHAT_IS_OPEN for each in on_the_way(databases, "finance", type_, "invoice_id")
    }
    return (invoice for invoice in differing(owed, known) if invoice not in moving)


def crm_knows_which_tickets_are_open(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give tickets that are open for crm and not for the service desk, or the other way round."""
    worked_on = pairs(
        databases["service_desk"],
        "SELECT id, CASE WHEN state IN ('resolved', 'closed') THEN 0 ELSE 1 END FROM ticket",
    )
    known = pairs(databases["crm"], "SELECT ticket_id, CASE WHEN open THEN 1 ELSE 0 END FROM followed_ticket")
    told = (f"service_desk.ticket.{name}.v1" for name in _TICKETS)
    moving = {each for type_ in told for each in on_the_way(databases, "service_desk", type_, "ticket_id")}
    return (ticket for ticket in differing(worked_on, known) if ticket not in moving)


def crm_counts_the_orders_that_sales_counts(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders that count for one of the two only, or for another amount; parts given up are not compared."""
    counted = pairs(
        databases["sales"],
        "SELECT c.order_id, CASE WHEN EXISTS (SELECT 1 FROM sales_order_line l WHERE l.order_id = c.order_id "
        "AND l.given_up_milli > 0) THEN NULL ELSE c.net_minor END FROM counted_order c WHERE c.orders = 1",
    )
    known = pairs(
        databases["crm"],
        "SELECT o.order_id, CASE WHEN SUM(l.given_up_milli) > 0 THEN NULL ELSE SUM(l.net_minor) END "
        "FROM followed_order o JOIN followed_line l ON l.order_id = o.order_id "
        "WHERE o.state <> 'cancelled' AND (o.confirmed_at IS NOT NULL OR o.recorded) GROUP BY o.order_id",
    )
    told = (f"sales.order.{name}.v1" for name in _ORDERS)
    moving = {each for type_ in told for each in on_the_way(databases, "sales", type_, "order_id")}
    return (order for order in differing(counted, known) if order not in moving)


OVERVIEW_CHECKS = (
    CrossCheck(
        "I13", "crm_knows_what_is_open", "crm knows what is open of invoices.", crm_knows_what_is_open
    ),
    CrossCheck(
        "I13",
        "crm_knows_which_tickets_are_open",
        "crm knows which tickets are open.",
        crm_knows_which_tickets_are_open,
    ),
    CrossCheck(
        "I13",
        "crm_counts_the_orders_that_sales_counts",
        "The overview of customers counts the orders that sales counts.",
        crm_counts_the_orders_that_sales_counts,
    ),
)
