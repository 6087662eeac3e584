"""What sales does about the service desk's facts: replacements are ordered, repairs quoted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Price
from libs.common.quantity import Quantity
from services.sales.domain.terms import Terms
from services.sales.domain.ticket_order import TicketOrder, WantedOrder, kind_of
from services.sales.sagas.ticket_order import sell_for_ticket


@dataclass(frozen=True)
class OrderWanted:
    """What sales reads of a replacement or a repair that is wanted from a ticket."""

    request_id: str
    ticket_id: str
    number: str
    kind: str
    customer_id: str
    item_id: str
    quantity: Quantity
    wanted_by: str
    unit_price: Price | None = None


def selling_for_tickets(terms: Callable[[], Terms]) -> Subscriptions:
    """Return what is done for tickets, on the company's ``terms`` of the moment."""
    wanted = Subscriptions("sales")

    @wanted.on("service_desk.ticket.order_wanted.v1", OrderWanted)
    def order_wanted(tx: Transaction, view: OrderWanted, message: Message) -> None:
        command = WantedOrder(
            ticket=TicketOrder(view.request_id, view.ticket_id, view.number, kind_of(view.kind)),
            customer_id=view.customer_id,
            wanted_by=view.wanted_by,
            item_id=view.item_id,
            quantity=view.quantity,
            unit_price=view.unit_price,
        )
        sell_for_ticket(tx, command, terms())

    return wanted
