"""What inventory does about the service desk's facts: goods are to come back."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.inventory.domain.returns import AskingTicket
from services.inventory.domain.wanted_return import WantedReturn
from services.inventory.use_cases.return_for_ticket import return_for_ticket

subscriptions = Subscriptions("inventory")


@dataclass(frozen=True)
class ReturnWanted:
    """What inventory reads of a return that is wanted from a ticket."""

    request_id: str
    ticket_id: str
    number: str
    delivery_id: str
    order_id: str
    item_id: str
    quantity: Quantity
    reason: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


@subscriptions.on("service_desk.ticket.return_wanted.v1", ReturnWanted)
def return_wanted(tx: Transaction, view: ReturnWanted, message: Message) -> None:
    """Ask for the return."""
    wanted = WantedReturn(
        ticket=AskingTicket(view.request_id, view.ticket_id, view.number),
        delivery_id=view.delivery_id,
        order_id=view.order_id,
        item_id=view.item_id,
        quantity=view.quantity,
        reason=view.reason,
        lot=view.lot,
        serials=view.serials,
    )
    return_for_ticket(tx, wanted)
