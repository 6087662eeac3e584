"""What people call things here: the numbers of customers, and their contacts' names; for bringing data in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import rows_among
from services.crm.store.tables import contact, customer


def customers_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each customer that has one of ``numbers``, by number."""
    query = select(customer.c.number, customer.c.id)
    return {row.number: row.id for row in rows_among(connection, query, customer.c.number, numbers)}


def contact_names(connection: Connection, numbers: Iterable[str]) -> set[tuple[str, str]]:
    """Return customer number and name of each contact of the customers that have one of ``numbers``."""
    query = select(customer.c.number, contact.c.name).join(contact, contact.c.customer_id == customer.c.id)
    rows = rows_among(connection, query, customer.c.number, numbers)
    return {(row.number, row.name) for row in rows}
