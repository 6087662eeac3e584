"""Note what a technician noticed, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.service_desk.domain.errors import FindingInvalid, NotHeldByCustomer
from services.service_desk.domain.finding import (
    Earned,
    Finding,
    FindingKind,
    check_wanted,
    require_noticeable,
)
from services.service_desk.events import TicketFindingNoted
from services.service_desk.store import findings, installed, items
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


@dataclass(frozen=True)
class NoteFinding:
    """What was noticed; ``quantity`` of ``wanted_item_id`` is what the customer may need."""

    kind: FindingKind
    note: str
    item_id: str | None = None
    wanted_item_id: str | None = None
    quantity: Quantity | None = None


def note_finding(tx: Transaction, ticket_id: str, worker: Worker, command: NoteFinding) -> Finding:
    """Store what was noticed with a ticket and tell of it: crm puts it before the customer's salesperson."""
    check_wanted(command.wanted_item_id, command.quantity)
    ticket = locked_ticket(tx, ticket_id, worker)
    require_noticeable(ticket)
    held = command.item_id
    if held and installed.conversation_of(tx.connection, ticket.customer_id, item_id=held) is None:
        raise NotHeldByCustomer(
            "this item was not shipped to the customer",
            field="item_id",
            cure="list what the customer holds with GET /installed-items?customer_id=, or leave it out",
        )
    wanted = command.wanted_item_id
    if wanted and items.find(tx.connection, wanted) is None:
        raise FindingInvalid("there is no such item", field="wanted_item_id", cure="list the items")
    found = Finding(tx.new_id(), ticket_id, found_by=worker.subject, found_at=tx.now, **vars(command))
    findings.add(tx.connection, found)
    told = TicketFindingNoted(
        ticket_id=ticket.id,
        number=ticket.number,
        finding_id=found.id,
        customer_id=ticket.customer_id,
        kind=found.kind,
        note=found.note,
        found_by=found.found_by,
        item_id=found.item_id,
        wanted_item_id=found.wanted_item_id,
        quantity=found.quantity,
    )
    publish(tx, told, correlation_id=ticket.correlation_id)
    return found


def note_opportunity(
    tx: Transaction, finding_id: str, opportunity_id: str, number: str, owner_id: str | None
) -> None:
    """Note that a finding is with a salesperson."""
    if not findings.became(tx.connection, finding_id, opportunity_id, number, owner_id):
        raise Later(f"finding {finding_id} is not known here")


def note_earned(tx: Transaction, finding_id: str, order: Earned, sequence: int) -> None:
    """Note what an order earns that came of a finding; the latest word counts."""
    findings.earn(tx.connection, finding_id, order, sequence)
