"""Tell the service desk how far has come what a ticket wanted. What no ticket wanted costs nothing here."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.sales.domain.order import Order
from services.sales.domain.quotation import Quotation
from services.sales.domain.ticket_order import OfTicket
from services.sales.events import TicketOrderMoved
from services.sales.store import ticket_orders


def tell_ticket_quotation(
    tx: Transaction, quotation: Quotation, state: str, detail: str | None = None
) -> None:
    """Tell what became of a quotation, if a ticket wanted it."""
    ticket = quotation.ticket
    if ticket.ticket_request_id is not None and ticket.ticket_id is not None:
        ids = (ticket.ticket_request_id, ticket.ticket_id, quotation.id)
        _tell(tx, OfTicket(*ids, quotation.number, quotation.total), state, detail)


def tell_ticket_order(tx: Transaction, order: Order, state: str, detail: str | None = None) -> None:
    """Tell what became of an order, if a ticket wanted it."""
    if order.ticket.ticket_request_id is None:
        return
    _tell(tx, _of(tx, order.id), state, detail)


def tell_ticket_arrival(tx: Transaction, order_id: str, delivery_number: str) -> None:
    """Tell that a delivery of an order arrived, which a ticket wanted."""
    _tell(tx, _of(tx, order_id), "delivered", delivery_number)


def _of(tx: Transaction, order_id: str) -> OfTicket:
    found = ticket_orders.of_order(tx.connection, order_id)
    assert found is not None, "an order that a ticket wanted comes of its quotation"
    return found


def _tell(tx: Transaction, of: OfTicket, state: str, detail: str | None) -> None:
    told = TicketOrderMoved(
        request_id=of.request_id,
        ticket_id=of.ticket_id,
        state=state,
        quotation_id=of.quotation_id,
        quotation_number=of.quotation_number,
        total=of.total,
        order_id=of.order_id,
        order_number=of.order_number,
        detail=detail,
    )
    publish(tx, told, correlation_id=of.quotation_id)
