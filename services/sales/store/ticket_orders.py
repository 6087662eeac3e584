"""What tickets of the service desk wanted, and the quotations and orders that came of it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from libs.common.db import Prepared, Transaction, upsert_into
from libs.common.money import Money
from services.sales.domain.ticket_order import OfTicket, TicketOrder
from services.sales.store.tables import quotation, sales_order
from services.sales.store.ticket_order_tables import ticket_order

_OF_ORDER = Prepared(
    select(
        sales_order.c.ticket_request_id,
        sales_order.c.ticket_id,
        quotation.c.id,
        quotation.c.number,
        sales_order.c.total_minor,
        sales_order.c.currency,
        sales_order.c.number.label("order_number"),
    )
    .join(quotation, quotation.c.id == sales_order.c.quotation_id)
    .where(sales_order.c.id == bindparam("of_id"), sales_order.c.ticket_request_id.is_not(None))
)


def claim(tx: Transaction, wanted: TicketOrder) -> bool:
    """Store what a ticket wants; false when it was heard already."""
    statement = upsert_into(tx.connection, ticket_order).values(**vars(wanted), wanted_at=tx.now)
    statement = statement.on_conflict_do_nothing(index_elements=["request_id"])
    return tx.connection.execute(statement.returning(ticket_order.c.request_id)).one_or_none() is not None


def of_order(connection: Connection, order_id: str) -> OfTicket | None:
    """Return what an order is for, if a ticket wanted it."""
    row = connection.execute(_OF_ORDER, {"of_id": order_id}).one_or_none()
    if row is None:
        return None
    request_id, ticket_id, quotation_id, number, minor, currency, order_number = row
    total = Money(minor, currency)
    return OfTicket(request_id, ticket_id, quotation_id, number, total, order_id, order_number)
