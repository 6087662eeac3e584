"""What people call things here: the numbers of customers and documents; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.finance.store.tables import account, invoice, payment, recorded_delivery


def accounts_by_number(connection: Connection) -> dict[str, str]:
    """Return the customer id of each account by the customer's number."""
    return {
        row.number: row.customer_id
        for row in connection.execute(select(account.c.number, account.c.customer_id))
    }


def recorded_deliveries(connection: Connection) -> dict[str, str]:
    """Return the id of each delivery of another system by its number."""
    query = select(recorded_delivery.c.number, recorded_delivery.c.delivery_id)
    return {row.number: row.delivery_id for row in connection.execute(query)}


def invoices_by_number(connection: Connection) -> dict[str, str]:
    """Return the id of each invoice by its number."""
    return {row.number: row.id for row in connection.execute(select(invoice.c.number, invoice.c.id))}


def payment_numbers(connection: Connection) -> set[str]:
    """Return the number of every payment."""
    return set(connection.execute(select(payment.c.number)).scalars())
