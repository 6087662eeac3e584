"""What people call things here: item codes, numbers of customers and orders, policy names; for bringing data in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import rows_among
from services.sales.store.tables import customer, item, price_policy, sales_order, sales_order_line


def items_by_sku(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Return the id of each item that has one of ``codes``, by code."""
    query = select(item.c.sku, item.c.id)
    return {row.sku: row.id for row in rows_among(connection, query, item.c.sku, codes)}


def customers_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each customer that has one of ``numbers``, by number."""
    query = select(customer.c.number, customer.c.id)
    return {row.number: row.id for row in rows_among(connection, query, customer.c.number, numbers)}


def policy_names(connection: Connection, names: Iterable[str]) -> set[str]:
    """Return those of ``names`` that a price policy has."""
    query = select(price_policy.c.name)
    return {row.name for row in rows_among(connection, query, price_policy.c.name, names)}


def order_numbers(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that an order has."""
    query = select(sales_order.c.number)
    return {row.number for row in rows_among(connection, query, sales_order.c.number, numbers)}


def order_lines(connection: Connection, numbers: Iterable[str]) -> set[tuple[str, int]]:
    """Return order number and line number of every line of the orders that have one of ``numbers``."""
    query = select(sales_order.c.number, sales_order_line.c.line_no).join(
        sales_order_line, sales_order_line.c.order_id == sales_order.c.id
    )
    rows = rows_among(connection, query, sales_order.c.number, numbers)
    return {(row.number, row.line_no) for row in rows}
