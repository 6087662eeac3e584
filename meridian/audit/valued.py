"""The checks that the ledger's stock is what inventory says that it is worth, document by document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, differing, on_the_way, pairs, rows

_TOLD = (
    "SELECT m.reference, v.currency, SUM(m.value_minor) FROM stock_move m "
    "JOIN item_value v ON v.item_id = m.item_id WHERE m.value_minor <> 0 GROUP BY m.reference, v.currency "
    "UNION ALL SELECT 'revaluation of ' || i.sku, r.currency, SUM(r.value_minor) FROM revaluation r "
    "JOIN item i ON i.id = r.item_id GROUP BY i.sku, r.currency"
)
_APART = (
    "SELECT reference, 1 FROM value_untold UNION SELECT number, 1 FROM goods_return WHERE state = 'received'"
)
_BOOKED = (
    "SELECT e.document_number, p.currency, SUM(p.debit_minor - p.credit_minor) FROM journal_entry e "
    "JOIN posting p ON p.entry_id = e.id JOIN ledger_account a ON a.code = p.account "
    "WHERE a.role IN ('stock', 'wip') GROUP BY e.document_number, p.currency"
)
# The messages that say what a document made of the value of stock, and the field that holds its number.
_SAY_SO = (
    ("inventory.stock.valued.v1", "number"),
    ("inventory.delivery.shipped.v1", "number"),
    ("inventory.return.inspected.v1", "number"),
    ("inventory.purchase_order.received.v1", "receipt_number"),
    ("inventory.supplier_return.shipped.v1", "number"),
)


def ledger_stock_is_the_valuation(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give documents (or items, of revaluations) that changed the value of stock otherwise than the ledger's accounts.

    Those are stock, which goods under way between warehouses belong to, and work in progress, which each report of
    production leaves empty. What is not told yet, on its way, or was done before inventory told of it is not compared.
    """
    told, booked = (
        {(str(number), str(currency)): int(minor) for number, currency, minor in rows if minor}
        for rows in (rows(databases["inventory"], _TOLD), rows(databases["finance"], _BOOKED))
    )
    apart = set(pairs(databases["inventory"], _APART))
    for type_, field in _SAY_SO:
        apart |= on_the_way(databases, "inventory", type_, field)
    for number, currency in sorted(told.keys() | booked.keys()):
        here, there = told.get((number, currency), 0), booked.get((number, currency), 0)
        if here != there and number not in apart:
            yield f"{number}: {here - there} {currency}"


def what_went_back_is_taken_off(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give lines of purchase orders of which finance knows another quantity gone back than inventory has shipped."""
    shipped = pairs(
        databases["inventory"],
        "SELECT l.purchase_order_line_id, SUM(l.quantity_milli) FROM supplier_return_line l "
        "JOIN supplier_return r ON r.id = l.return_id WHERE r.state IN ('shipped', 'credited') "
        "GROUP BY l.purchase_order_line_id",
    )
    returned = pairs(
        databases["finance"], "SELECT line_id, returned_milli FROM bought_line WHERE returned_milli > 0"
    )
    moving = on_the_way(
        databases, "inventory", "inventory.supplier_return.shipped.v1", "purchase_order_id"
    ) | on_the_way(databases, "inventory", "inventory.purchase_order.received.v1", "purchase_order_id")
    order_of = pairs(databases["inventory"], "SELECT id, purchase_order_id FROM purchase_order_line")
    return (line for line in differing(shipped, returned) if str(order_of.get(line)) not in moving)


VALUE_CHECKS = (
    CrossCheck(
        "I16",
        "ledger_stock_is_the_valuation",
        "The ledger's stock is, document by document, what inventory says that it is worth.",
        ledger_stock_is_the_valuation,
    ),
    CrossCheck(
        "I3",
        "what_went_back_is_taken_off",
        "What was sent back to suppliers is not owed for.",
        what_went_back_is_taken_off,
    ),
)
