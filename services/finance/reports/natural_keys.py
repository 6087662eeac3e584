"""What people call things here: the customers' numbers; for bringing data in."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.finance.store.tables import account


def accounts_by_number(connection: Connection) -> dict[str, str]:
    """Return the customer id of each account by the customer's number."""
    return {
        row.number: row.customer_id
        for row in connection.execute(select(account.c.number, account.c.customer_id))
    }
