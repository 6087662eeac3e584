"""Ask for the return that the service desk wants for a ticket, or say why there can be none."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import MeridianError
from libs.common.outbox import publish
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.returns import GoodsReturn, ReturnPart, draft
from services.inventory.domain.serials import require_serials
from services.inventory.domain.wanted_return import WantedReturn, parts_of
from services.inventory.events import ReturnNotRequested
from services.inventory.store import deliveries, items, returns, serials
from services.inventory.use_cases.ask_return import RequestReturn, request_return


def return_for_ticket(tx: Transaction, wanted: WantedReturn) -> GoodsReturn | None:
    """Ask for the return, once for what was wanted; a refusal is an answer, which the desk shows with the ticket.

    What is refused is found out before anything is written. Whoever is overtaken after that fails as a whole, is tried
    again, and then finds it out.
    """
    if returns.is_requested(tx.connection, wanted.ticket.request_id):
        return None
    try:
        parts = _checked_parts(tx, wanted)
    except MeridianError as refusal:
        told = ReturnNotRequested(
            wanted.ticket.request_id, wanted.ticket.ticket_id, wanted.order_id, refusal.code, refusal.message
        )
        publish(tx, told)
        return None
    return request_return(tx, RequestReturn(wanted.delivery_id, parts, wanted.reason, wanted.ticket))


def _checked_parts(tx: Transaction, wanted: WantedReturn) -> tuple[ReturnPart, ...]:
    delivery = deliveries.find(tx.connection, wanted.delivery_id)
    if delivery is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id")
    units = serials.some_of(tx.connection, wanted.item_id, wanted.serials)
    line_of = {
        each.serial: each.line_id for each in units if each.document_id == delivery.id and each.line_id
    }
    back = returns.coming_back(tx.connection, delivery.id)
    parts = parts_of(wanted, delivery, back, line_of)
    known = items.known(tx.connection, delivery.item_ids)
    for line, part in zip(draft(delivery, parts, known), parts, strict=True):
        require_serials(known[line.item_id], line.quantity, part.serials, "serials")
    return parts
