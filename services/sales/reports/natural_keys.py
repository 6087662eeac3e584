"""What people call things here: item codes, customer numbers, policy names; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.sales.store.tables import customer, item, price_policy


def items_by_sku(connection: Connection) -> dict[str, str]:
    """Return each known item's id by its code."""
    return {row.sku: row.id for row in connection.execute(select(item.c.sku, item.c.id))}


def customers_by_number(connection: Connection) -> dict[str, str]:
    """Return each known customer's id by number."""
    return {row.number: row.id for row in connection.execute(select(customer.c.number, customer.c.id))}


def policy_names(connection: Connection) -> set[str]:
    """Return the name of every price policy."""
    return set(connection.execute(select(price_policy.c.name)).scalars())
