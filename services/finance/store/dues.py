"""What is open and by when it is to be paid."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, literal, select

from libs.common.db import Prepared
from libs.common.money import Money
from services.finance.domain.what_if import Due
from services.finance.store.tables import invoice

_OPEN = Prepared(
    select(invoice.c.due_on, invoice.c.open_minor, invoice.c.currency)
    .where(
        invoice.c.customer_id == bindparam("b_customer_id"),
        invoice.c.open_minor > literal(0, literal_execute=True),
    )
    .order_by(invoice.c.due_on)
)


def open_of(connection: Connection, customer_id: str) -> list[Due]:
    """Return the customer's open amounts, what falls due first first."""
    rows = connection.execute(_OPEN, {"b_customer_id": customer_id})
    return [Due(row.due_on, Money(row.open_minor, row.currency)) for row in rows]
