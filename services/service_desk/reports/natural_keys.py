"""What people call things here: numbers of customers and tickets; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.service_desk.store.tables import customer, ticket


def customers_by_number(connection: Connection) -> dict[str, str]:
    """Return each known customer's id by number."""
    return {row.number: row.id for row in connection.execute(select(customer.c.number, customer.c.id))}


def tickets_by_number(connection: Connection) -> dict[str, str]:
    """Return each ticket's id by number."""
    return {row.number: row.id for row in connection.execute(select(ticket.c.number, ticket.c.id))}
