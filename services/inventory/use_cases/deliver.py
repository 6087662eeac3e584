"""Note that a delivery arrived, with its proof; what was refused at the door is on its way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import MeridianError, VersionMismatch
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import delivered as rules
from services.inventory.domain.dates import document_date
from services.inventory.domain.delivered import Proof
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.events import ArrivedLine, DeliveryDelivered
from services.inventory.store import carriers, deliveries, items
from services.inventory.use_cases.ask_return import (
    AnswerReturn,
    RequestReturn,
    approve_return,
    request_return,
)

REFUSED = "Refused at the door"


@dataclass(frozen=True)
class DeliverDelivery:
    """Which delivery arrived, its proof, and what the customer did not take."""

    delivery_id: str
    today: date
    proof: Proof
    refused: tuple[ReturnPart, ...] = ()
    refusal: str | None = None
    expected_version: int | None = None


def deliver_delivery(tx: Transaction, command: DeliverDelivery) -> Delivery:
    """Mark a shipped note as delivered. Refused goods become a return that is approved: they are coming anyway."""
    seen = deliveries.find(tx.connection, command.delivery_id)
    before = deliveries.lock(tx.connection, seen) if seen else None
    if before is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    if command.expected_version not in (None, before.version):
        raise VersionMismatch(f"delivery {before.number} is at version {before.version}")
    document_date(command.proof.delivered_on, command.today, "delivered_on")
    after = rules.deliver(before, command.proof)
    deliveries.save(tx, before, after)
    returned = _refused(tx, command)
    carriers.add_proof(tx, after.id, command.proof, returned.id if returned else None)
    _tell(tx, after, command.proof, returned)
    return replace(after, version=after.version + 1)


def _refused(tx: Transaction, command: DeliverDelivery) -> GoodsReturn | None:
    if not command.refused:
        return None
    reason = command.refusal or REFUSED
    try:
        asked = request_return(tx, RequestReturn(command.delivery_id, command.refused, reason))
    except MeridianError as refusal:
        # A return calls its parts lines; here they are what was refused.
        refusal.field = refusal.field and refusal.field.replace("lines.", "refused.", 1)
        raise
    return approve_return(tx, AnswerReturn(asked.id, REFUSED))


def _tell(tx: Transaction, after: Delivery, proof: Proof, returned: GoodsReturn | None) -> None:
    refused: dict[tuple[str, str], Quantity] = {}
    for line in returned.lines if returned else ():
        refused[line.order_line_id, line.lot] = line.quantity
    known = items.known(tx.connection, after.item_ids)
    lines = tuple(
        ArrivedLine(
            order_line_id=line.order_line_id,
            item_id=line.key.item_id,
            sku=known[line.key.item_id].sku,
            quantity=line.quantity,
            refused=refused.get((line.order_line_id, line.key.lot), Quantity.zero()),
            lot=line.key.lot or None,
        )
        for line in after.lines
    )
    assert after.shipped_on is not None, "what arrived has left"
    told = DeliveryDelivered(
        delivery_id=after.id,
        number=after.number,
        order_id=after.order_id,
        order_number=after.order_number,
        customer_id=after.customer_id,
        shipped_on=after.shipped_on,
        delivered_on=proof.delivered_on,
        signed_by=proof.signed_by,
        lines=lines,
        promised_on=after.promised_on,
        on_time=rules.on_time(after, proof.delivered_on),
        return_number=returned.number if returned else None,
    )
    publish(tx, told, correlation_id=after.correlation_id)
