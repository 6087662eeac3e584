"""What people call things here: the numbers of customers and documents; for bringing data in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from libs.common.db import rows_among
from services.finance.store.recorded_tables import recorded_delivery
from services.finance.store.tables import account, invoice, payment


def accounts_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the customer id of each account whose customer has one of ``numbers``, by that number."""
    query = select(account.c.number, account.c.customer_id)
    return {row.number: row.customer_id for row in rows_among(connection, query, account.c.number, numbers)}


def recorded_deliveries(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each delivery of another system that has one of ``numbers``, by number."""
    query = select(recorded_delivery.c.number, recorded_delivery.c.delivery_id)
    rows = rows_among(connection, query, recorded_delivery.c.number, numbers)
    return {row.number: row.delivery_id for row in rows}


def invoices_by_number(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the id of each invoice that has one of ``numbers``, by number."""
    query = select(invoice.c.number, invoice.c.id)
    return {row.number: row.id for row in rows_among(connection, query, invoice.c.number, numbers)}


def payment_numbers(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that a payment has."""
    query = select(payment.c.number)
    return {row.number for row in rows_among(connection, query, payment.c.number, numbers)}
