"""What crm hears of the service desk: what technicians noticed at customers."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.crm.domain.finding import Finding
from services.crm.use_cases.open_for_finding import open_for_finding

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class FindingNoted:
    """What crm reads of a finding."""

    ticket_id: str
    number: str
    finding_id: str
    customer_id: str
    kind: str
    note: str
    found_by: str
    wanted_item_id: str | None = None
    quantity: Quantity | None = None


@subscriptions.on("service_desk.ticket.finding_noted.v1", FindingNoted)
def finding_noted(tx: Transaction, view: FindingNoted, message: Message) -> None:
    """Open an opportunity of it."""
    wanted = None
    if view.wanted_item_id is not None and view.quantity is not None:
        wanted = (view.wanted_item_id, view.quantity)
    finding = Finding(
        finding_id=view.finding_id,
        ticket_id=view.ticket_id,
        ticket_number=view.number,
        customer_id=view.customer_id,
        kind=view.kind,
        note=view.note,
        found_by=view.found_by,
        wanted=wanted,
    )
    open_for_finding(tx, finding)
