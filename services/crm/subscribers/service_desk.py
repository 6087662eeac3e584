"""What crm hears of the service desk: tickets about items, that they were solved, and what technicians noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.crm.domain.finding import Finding
from services.crm.use_cases.follow_tickets import (
    note_over,
    note_rating,
    note_reopened,
    note_solved,
    note_ticket,
)
from services.crm.use_cases.open_for_finding import open_for_finding

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


@dataclass(frozen=True)
class Over:
    """What crm reads of a ticket that nobody will touch again."""

    ticket_id: str
    customer_id: str


@dataclass(frozen=True)
class Rated:
    """What crm reads of what a customer said of how his ticket was solved."""

    ticket_id: str
    customer_id: str
    score: int
    rated_on: date


@subscriptions.on("service_desk.ticket.closed.v1", Over)
@subscriptions.on("service_desk.ticket.merged.v1", Over)
def ticket_over(tx: Transaction, view: Over, message: Message) -> None:
    """Note that it is not open any more, or goes on as another one."""
    note_over(tx, view.ticket_id, view.customer_id)


@subscriptions.on("service_desk.ticket.rated.v1", Rated)
def ticket_rated(tx: Transaction, view: Rated, message: Message) -> None:
    """Note how content the customer is."""
    note_rating(tx, view.ticket_id, view.customer_id, view.score, view.rated_on)


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
