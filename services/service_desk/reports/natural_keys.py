"""What people call things here: numbers of customers and tickets; for bringing data in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import rows_among
from services.service_desk.store.tables import customer, ticket


def customers_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each customer that has one of ``numbers``, by number."""
    query = select(customer.c.number, customer.c.id)
    return {row.number: row.id for row in rows_among(connection, query, customer.c.number, numbers)}


def tickets_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each ticket that has one of ``numbers``, by number."""
    query = select(ticket.c.number, ticket.c.id)
    return {row.number: row.id for row in rows_among(connection, query, ticket.c.number, numbers)}
