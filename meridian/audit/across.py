"""The checks that need more than one database: what one service says must be what the other one did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from meridian.audit.looking import (
    MOVES_WHAT_IS_OPEN,
    Databases,
    differing,
    on_the_way,
    pairs,
    rows,
    signed_for,
)
from meridian.wiring import wanted_types

REMEMBERED = timedelta(days=25)


@dataclass(frozen=True)
class CrossCheck:
    """A comparison of databases; ``offenders`` gives the ids that differ."""

    invariant: str
    name: str
    says: str
    offenders: Callable[[Databases, datetime], Iterable[str]]


def shipped_is_within_ordered(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give order lines of which inventory shipped more than sales sold."""
    ordered = pairs(databases["sales"], "SELECT id, quantity_milli FROM sales_order_line")
    shipped = pairs(
        databases["inventory"],
        "SELECT l.order_line_id, SUM(l.quantity_milli) FROM delivery_line l JOIN delivery d ON d.id = l.delivery_id "
        "WHERE d.state IN ('shipped', 'delivered') GROUP BY l.order_line_id",
    )
    return (line for line, quantity in sorted(shipped.items()) if quantity > ordered.get(line, 0))


def invoiced_is_shipped(databases: Databases, now: datetime) -> Iterator[str]:
    """Give deliveries whose shipped quantity is not what their one invoice bills; those in transit are not counted.

    A delivery of another system is invoiced when its past invoice is brought in; until then finance keeps it. Orders
    that are invoiced as a whole are not compared by delivery. Of those that are invoiced as they arrive what counts is
    what arrived and was not refused.
    """
    whole = pairs(databases["finance"], "SELECT order_id, 1 FROM sales_order WHERE invoice_on = 'order'")
    on_proof = pairs(
        databases["finance"], "SELECT order_id, 1 FROM sales_order WHERE invoice_on = 'delivery'"
    )
    shipped = {
        str(delivery): quantity
        for delivery, order, quantity in rows(
            databases["inventory"],
            "SELECT d.id, d.order_id, SUM(l.quantity_milli) FROM delivery d "
            "JOIN delivery_line l ON l.delivery_id = d.id "
            "WHERE d.state IN ('shipped', 'delivered') GROUP BY d.id, d.order_id",
        )
        if str(order) not in whole and str(order) not in on_proof
    }
    shipped |= signed_for(databases, on_proof)
    invoiced = pairs(
        databases["finance"],
        "SELECT i.delivery_id, SUM(l.quantity_milli) FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id "
        "WHERE i.state = 'posted' AND i.delivery_id <> i.order_id GROUP BY i.delivery_id",
    )
    invoiced |= pairs(
        databases["finance"],
        "SELECT l.delivery_id, SUM(l.quantity_milli) FROM recorded_delivery_line l WHERE NOT EXISTS "
        "(SELECT 1 FROM invoice i WHERE i.delivery_id = l.delivery_id) GROUP BY l.delivery_id",
    )
    moving = _deliveries_on_the_way(databases)
    moving |= on_the_way(databases, "inventory", "inventory.delivery.delivered.v1", "delivery_id")
    return (delivery for delivery in differing(shipped, invoiced) if delivery not in moving)


def order_equals_its_invoices(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders that are fully invoiced and whose invoices do not add up to their total.

    Of an order that was closed short, or refused at the door in part, only a part is invoiced, though its total stays
    what was agreed.
    """
    totals = pairs(
        databases["sales"],
        "SELECT o.id, o.total_minor FROM sales_order o WHERE o.billing_status = 'invoiced' AND NOT EXISTS "
        "(SELECT 1 FROM sales_order_line l WHERE l.order_id = o.id AND l.given_up_milli + l.not_invoiced_milli > 0)",
    )
    billed = pairs(
        databases["finance"],
        "SELECT order_id, SUM(total_minor) FROM invoice WHERE state = 'posted' GROUP BY order_id",
    )
    return (order for order, total in sorted(totals.items()) if billed.get(order) != total)


def orders_know_how_far_they_are(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders whose shipped, invoiced or paid figures differ from the documents; those with news under way are not.

    What was brought in from another system is not counted: its documents need not all be here.
    """
    known = {
        str(order): (shipped, invoiced, paid)
        for order, shipped, invoiced, paid in rows(
            databases["sales"],
            "SELECT o.id, SUM(l.shipped_milli), o.invoiced_minor, o.paid_minor FROM sales_order o "
            "JOIN sales_order_line l ON l.order_id = o.id WHERE o.quotation_id IS NOT NULL "
            "GROUP BY o.id, o.invoiced_minor, o.paid_minor",
        )
    }
    shipped = pairs(
        databases["inventory"],
        "SELECT d.order_id, SUM(l.quantity_milli) FROM delivery d JOIN delivery_line l ON l.delivery_id = d.id "
        "WHERE d.state IN ('shipped', 'delivered') GROUP BY d.order_id",
    )
    invoiced = pairs(
        databases["finance"],
        "SELECT order_id, SUM(total_minor) FROM invoice WHERE state = 'posted' GROUP BY order_id",
    )
    paid = pairs(
        databases["finance"],
        "SELECT i.order_id, SUM(a.amount_minor) FROM (SELECT invoice_id, amount_minor FROM allocation "
        "UNION ALL SELECT invoice_id, amount_minor FROM credit_allocation "
        "UNION ALL SELECT invoice_id, CASE WHEN kind = 'granted' THEN amount_minor ELSE -amount_minor END "
        "FROM cash_discount "
        "UNION ALL SELECT invoice_id, amount_minor FROM write_off WHERE state = 'posted') a "
        "JOIN invoice i ON i.id = a.invoice_id GROUP BY i.order_id",
    )
    truth = {order: tuple(figures.get(order, 0) for figures in (shipped, invoiced, paid)) for order in known}
    moving = on_the_way(databases, "inventory", "inventory.delivery.shipped.v1", "order_id")
    for type_ in MOVES_WHAT_IS_OPEN:
        moving |= on_the_way(databases, "finance", type_, "order_id")
    return (order for order in differing(truth, known) if order not in moving)


def credited_is_returned(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give credit notes for goods that credit more than a closed return has brought back to be credited.

    Less may be: what a person had credited of the goods before is not credited again.
    """
    returned = pairs(
        databases["inventory"],
        "SELECT r.id, SUM(CASE WHEN l.credit THEN l.received_milli ELSE 0 END) FROM goods_return r "
        "JOIN goods_return_line l ON l.return_id = r.id WHERE r.state = 'closed' GROUP BY r.id",
    )
    credited = rows(
        databases["finance"],
        "SELECT n.number, n.return_id, SUM(l.quantity_milli) FROM credit_note n "
        "JOIN credit_note_line l ON l.credit_note_id = n.id WHERE n.return_id IS NOT NULL "
        "GROUP BY n.number, n.return_id",
    )
    return (
        str(number) for number, return_id, quantity in credited if quantity > returned.get(str(return_id), 0)
    )


def cost_of_sales_is_what_left(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give deliveries and returns whose cost in the ledger is not what inventory says; news on its way is not counted.

    Of a delivery that is what its moves are worth, of a return what its restocked lines cost when they left: what
    they take from the stock, or give back to it, whether as a cost of sales or as goods in transit.
    """
    worth = pairs(
        databases["inventory"],
        "SELECT m.document_id, -SUM(m.value_minor) FROM stock_move m WHERE m.kind = 'shipment' "
        "AND m.value_minor <> 0 GROUP BY m.document_id UNION ALL "
        "SELECT r.id, -SUM(l.cost_minor) FROM goods_return r JOIN goods_return_line l ON l.return_id = r.id "
        "WHERE r.state = 'closed' AND l.cost_minor <> 0 GROUP BY r.id",
    )
    booked = pairs(
        databases["finance"],
        "SELECT e.document_id, SUM(p.credit_minor - p.debit_minor) FROM journal_entry e "
        "JOIN posting p ON p.entry_id = e.id JOIN ledger_account a ON a.code = p.account "
        "WHERE e.kind = 'cost' AND a.role = 'stock' GROUP BY e.document_id",
    )
    moving = on_the_way(databases, "inventory", "inventory.delivery.shipped.v1", "delivery_id")
    moving |= on_the_way(databases, "inventory", "inventory.return.inspected.v1", "return_id")
    return (document for document in differing(worth, booked) if document not in moving)


def received_is_owed_for(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give lines of purchase orders of which finance has booked another quantity than inventory has taken in.

    Orders that were placed before finance listened to them are not there to be compared.
    """
    received = pairs(databases["inventory"], "SELECT id, received_milli FROM purchase_order_line")
    order_of = pairs(databases["inventory"], "SELECT id, purchase_order_id FROM purchase_order_line")
    booked = pairs(databases["finance"], "SELECT line_id, received_milli + returned_milli FROM bought_line")
    moving = on_the_way(databases, "inventory", "inventory.purchase_order.received.v1", "purchase_order_id")
    return (
        line
        for line, quantity in sorted(booked.items())
        if quantity != received.get(line) and str(order_of.get(line)) not in moving
    )


def reserved_orders_are_alive(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give cancelled orders for which inventory still reserves stock."""
    cancelled = pairs(databases["sales"], "SELECT id, 1 FROM sales_order WHERE state = 'cancelled'")
    reserved = pairs(
        databases["inventory"],
        "SELECT order_id, 1 FROM reservation WHERE state IN ('reserved', 'waiting', 'partial', 'sourcing')",
    )
    return iter(sorted(cancelled.keys() & reserved.keys()))


def held_orders_are_alive(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give cancelled orders for which finance still holds credit."""
    cancelled = pairs(databases["sales"], "SELECT id, 1 FROM sales_order WHERE state = 'cancelled'")
    held = pairs(
        databases["finance"], "SELECT order_id, 1 FROM credit_hold WHERE state IN ('granted', 'waiting')"
    )
    return iter(sorted(cancelled.keys() & held.keys()))


def every_message_arrived(databases: Databases, now: datetime) -> Iterator[str]:
    """Give messages of the last weeks that a subscriber neither applied nor parked, and that are not on their way."""
    since = now - REMEMBERED
    for consumer, types in wanted_types().items():
        wanted = set(types)
        known = {str(row[0]) for row in rows(databases[consumer], "SELECT event_id FROM inbox")}
        known |= {str(row[0]) for row in rows(databases[consumer], "SELECT event_id FROM parked")}
        known |= {
            str(row[0])
            for row in rows(databases[consumer], "SELECT event_id FROM dead_letter_act WHERE act = 'discard'")
        }
        for source, database in databases.items():
            waiting = {str(row[0]) for row in rows(database, "SELECT event_id FROM outbox")}
            sent = rows(
                database, "SELECT event_id, type FROM event_log WHERE recorded_at > :since", since=since
            )
            for event_id, type_ in sent:
                if type_ in wanted and str(event_id) not in known and str(event_id) not in waiting:
                    yield f"{source} -> {consumer}: {type_} {event_id}"


def nothing_was_applied_that_was_not_sent(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give messages that a consumer applied and that no publisher ever said."""
    said = {
        str(row[0])
        for database in databases.values()
        for row in rows(database, "SELECT event_id FROM event_log")
    }
    for consumer in wanted_types():
        for (event_id,) in rows(databases[consumer], "SELECT event_id FROM inbox"):
            if str(event_id) not in said:
                yield f"{consumer}: {event_id}"


def customers_are_the_same_everywhere(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give customers whose owner or number differs between crm and a replica; changes on their way are not counted."""
    truth = {
        str(row[0]): (row[1], row[2])
        for row in rows(databases["crm"], "SELECT id, number, owner_id FROM customer")
    }
    moving = {str(row[0]) for row in rows(databases["crm"], "SELECT partition_key FROM outbox")}
    replicas = {
        "sales": "SELECT id, number, owner_id FROM customer",
        "inventory": "SELECT id, number, owner_id FROM customer",
        "finance": "SELECT customer_id, number, owner_id FROM account",
    }
    for service, statement in replicas.items():
        copy = {str(row[0]): (row[1], row[2]) for row in rows(databases[service], statement)}
        yield from (f"{service}: {key}" for key in differing(truth, copy) if key not in moving)


def sales_knows_whose_prices_hold(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give customers whose group or region differs between crm and sales; changes on their way are not counted."""
    statement = 'SELECT id, "group", region FROM customer'
    truth, copy = (
        {str(row[0]): (row[1], row[2]) for row in rows(databases[service], statement)}
        for service in ("crm", "sales")
    )
    moving = {str(row[0]) for row in rows(databases["crm"], "SELECT partition_key FROM outbox")}
    return (key for key in differing(truth, copy) if key not in moving)


def items_are_the_same_everywhere(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give items that differ between inventory and sales' replica."""
    statement = "SELECT id, sku, name, active FROM item"
    truth = {str(row[0]): (row[1], row[2], bool(row[3])) for row in rows(databases["inventory"], statement)}
    copy = {str(row[0]): (row[1], row[2], bool(row[3])) for row in rows(databases["sales"], statement)}
    moving = {str(row[0]) for row in rows(databases["inventory"], "SELECT partition_key FROM outbox")}
    return (key for key in differing(truth, copy) if key not in moving)


def holdings_are_what_was_shipped(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give deliveries whose pieces the service desk does not know as they were shipped."""
    shipped: Counter[str] = Counter()
    for delivery, quantity in rows(
        databases["inventory"],
        "SELECT d.id, l.quantity_milli FROM delivery d JOIN delivery_line l ON l.delivery_id = d.id "
        "WHERE d.state IN ('shipped', 'delivered')",
    ):
        shipped[str(delivery)] += quantity
    held: Counter[str] = Counter()
    for delivery, quantity in rows(
        databases["service_desk"], "SELECT delivery_id, quantity_milli FROM installed_item"
    ):
        held[str(delivery)] += quantity
    moving = _deliveries_on_the_way(databases)
    return (delivery for delivery in differing(shipped, held) if delivery not in moving)


def _deliveries_on_the_way(databases: Databases) -> set[str]:
    types = ("inventory.delivery.shipped.v1", "inventory.delivery.recorded.v1")
    return {
        delivery for type_ in types for delivery in on_the_way(databases, "inventory", type_, "delivery_id")
    }


CROSS_CHECKS = (
    CrossCheck(
        "I3", "shipped_within_ordered", "Nothing is shipped that was not ordered.", shipped_is_within_ordered
    ),
    CrossCheck(
        "I3",
        "invoiced_is_shipped",
        "Each shipment is invoiced once, line by line, or waits for its past invoice.",
        invoiced_is_shipped,
    ),
    CrossCheck(
        "I3",
        "order_equals_invoices",
        "An order's total is the sum of its invoices.",
        order_equals_its_invoices,
    ),
    CrossCheck(
        "I3",
        "credited_is_returned",
        "Goods are credited at most as they came back.",
        credited_is_returned,
    ),
    CrossCheck(
        "I16",
        "cost_of_sales_is_what_left",
        "The cost of sales is what the goods that left were worth, less those that are stock again.",
        cost_of_sales_is_what_left,
    ),
    CrossCheck(
        "I3",
        "received_is_owed_for",
        "What came in of suppliers is booked as it came in.",
        received_is_owed_for,
    ),
    CrossCheck("I1", "no_stock_for_the_dead", "No cancelled order keeps stock.", reserved_orders_are_alive),
    CrossCheck("I5", "no_credit_for_the_dead", "No cancelled order keeps credit.", held_orders_are_alive),
    CrossCheck(
        "I9", "every_message_arrived", "Committed = applied + parked + pending.", every_message_arrived
    ),
    CrossCheck(
        "I10", "no_ghosts", "Nothing was applied that was not said.", nothing_was_applied_that_was_not_sent
    ),
    CrossCheck(
        "I13", "customers_agree", "Every replica of a customer agrees.", customers_are_the_same_everywhere
    ),
    CrossCheck(
        "I13",
        "groups_agree",
        "Sales prices a customer by the group and region that crm has him in.",
        sales_knows_whose_prices_hold,
    ),
    CrossCheck(
        "I13",
        "orders_know_how_far_they_are",
        "What an order says is shipped, invoiced and paid is what the documents say.",
        orders_know_how_far_they_are,
    ),
    CrossCheck("I13", "items_agree", "Every replica of an item agrees.", items_are_the_same_everywhere),
    CrossCheck(
        "I13", "holdings_agree", "What customers hold is what was shipped.", holdings_are_what_was_shipped
    ),
)
