"""What people call things here: the numbers of customers, and their contacts' names; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.crm.store.tables import contact, customer


def customers_by_number(connection: Connection) -> dict[str, str]:
    """Return each customer's id by number."""
    return {row.number: row.id for row in connection.execute(select(customer.c.number, customer.c.id))}


def contact_names(connection: Connection) -> set[tuple[str, str]]:
    """Return customer number and name of each contact."""
    query = select(customer.c.number, contact.c.name).join(contact, contact.c.customer_id == customer.c.id)
    return {(row.number, row.name) for row in connection.execute(query)}
