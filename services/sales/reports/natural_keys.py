"""What people call things here: item codes, numbers of customers and orders, policy names; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.sales.store.tables import customer, item, price_policy, sales_order, sales_order_line


def items_by_sku(connection: Connection) -> dict[str, str]:
    """Return each known item's id by its code."""
    return {row.sku: row.id for row in connection.execute(select(item.c.sku, item.c.id))}


def customers_by_number(connection: Connection) -> dict[str, str]:
    """Return each known customer's id by number."""
    return {row.number: row.id for row in connection.execute(select(customer.c.number, customer.c.id))}


def policy_names(connection: Connection) -> set[str]:
    """Return the name of every price policy."""
    return set(connection.execute(select(price_policy.c.name)).scalars())


def order_numbers(connection: Connection) -> set[str]:
    """Return the number of every order."""
    return set(connection.execute(select(sales_order.c.number)).scalars())


def order_lines(connection: Connection) -> set[tuple[str, int]]:
    """Return order number and line number of every line."""
    query = select(sales_order.c.number, sales_order_line.c.line_no).join(
        sales_order_line, sales_order_line.c.order_id == sales_order.c.id
    )
    return {(row.number, row.line_no) for row in connection.execute(query)}
