"""What crm notes of the service desk: tickets about items, and that they were solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from services.crm.use_cases.follow_tickets import note_reopened, note_solved, note_ticket

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class Opened:
    """What crm reads of a new ticket."""

    ticket_id: str
    number: str
    customer_id: str
    item_id: str | None = None


@dataclass(frozen=True)
class Resolved:
    """What crm reads of a ticket that has its answer."""

    ticket_id: str
    number: str
    customer_id: str
    resolved_on: date | None = None


@dataclass(frozen=True)
class Reopened:
    """What crm reads of a ticket whose answer did not help."""

    ticket_id: str
    customer_id: str


@subscriptions.on("service_desk.ticket.opened.v1", Opened)
def ticket_opened(tx: Transaction, view: Opened, message: Message) -> None:
    """Note the ticket and what it is about."""
    note_ticket(tx, view.ticket_id, view.number, view.customer_id, view.item_id)


@subscriptions.on("service_desk.ticket.resolved.v1", Resolved)
def ticket_resolved(tx: Transaction, view: Resolved, message: Message) -> None:
    """Note that it was solved, and when: an offer may follow."""
    note_solved(tx, view.ticket_id, view.customer_id, view.resolved_on)


@subscriptions.on("service_desk.ticket.reopened.v1", Reopened)
def ticket_reopened(tx: Transaction, view: Reopened, message: Message) -> None:
    """Note that it was not solved after all."""
    note_reopened(tx, view.ticket_id, view.customer_id)
