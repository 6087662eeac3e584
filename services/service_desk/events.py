"""What the service desk tells others. Names and meanings never change within a major version; fields are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from libs.common.envelope import event
from libs.common.money import Price
from libs.common.quantity import Quantity


@event("service_desk.ticket.opened.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketOpened:
    """A customer asks or complains about something; ``queue`` is where it was routed by its ``kind``."""

    ticket_id: str
    number: str
    customer_id: str
    kind: str
    queue: str
    subject: str
    opened_on: date | None = None
    order_id: str | None = None
    item_id: str | None = None


@event("service_desk.ticket.assigned.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketAssigned:
    """Somebody else works on a ticket from now on, or nobody yet, where nobody of its queue is on duty.

    ``means``: load (who has the least to do), hand, taken, routed (away, to another queue). ``by``: meridian itself, or
    whoever did it.
    """

    ticket_id: str
    number: str
    customer_id: str
    queue: str
    priority: str
    means: str
    by: str
    assignee_id: str | None = None
    previous_assignee_id: str | None = None


@event("service_desk.ticket.resolved.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketResolved:
    """A ticket has its answer."""

    ticket_id: str
    number: str
    customer_id: str
    resolution: str
    resolved_on: date | None = None


@event("service_desk.ticket.reopened.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketReopened:
    """The answer did not help: a resolved ticket is worked on again."""

    ticket_id: str
    number: str
    customer_id: str


@event("service_desk.ticket.closed.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketClosed:
    """Nobody will touch the ticket again."""

    ticket_id: str
    number: str
    customer_id: str


@event("service_desk.ticket.replied.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketReplied:
    """Something was said that the customer may read, by ``side``: customer or agent; ``state`` is the ticket's then."""

    ticket_id: str
    number: str
    customer_id: str
    message_id: str
    side: str
    way: str
    state: str
    replied_on: date


@event("service_desk.ticket.rated.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketRated:
    """The customer said, from 1 to 5, how content he is with how the ticket was resolved."""

    ticket_id: str
    number: str
    customer_id: str
    queue: str
    agent_id: str
    score: int
    asked_on: date
    rated_on: date


@event("service_desk.ticket.merged.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketMerged:
    """A ticket is closed because it goes on as another one of the same customer."""

    ticket_id: str
    number: str
    customer_id: str
    into_ticket_id: str
    into_number: str


@event("service_desk.ticket.split.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketSplit:
    """Some of what was said goes on in a ticket of its own."""

    ticket_id: str
    number: str
    customer_id: str
    new_ticket_id: str
    new_number: str
    messages: int


@event("service_desk.ticket.deadline_near.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketDeadlineNear:
    """Most of the time for the ``promise`` (response or resolution) is over; told once, before it is missed."""

    ticket_id: str
    number: str
    customer_id: str
    promise: str
    due_at: datetime
    queue: str
    priority: str
    assignee_id: str | None = None


@event("service_desk.ticket.deadline_missed.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketDeadlineMissed:
    """The ``promise`` (response or resolution) was not kept; told once."""

    ticket_id: str
    number: str
    customer_id: str
    promise: str
    due_at: datetime
    queue: str
    priority: str
    assignee_id: str | None = None


@event("service_desk.ticket.routed.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketRouted:
    """A person said what the ticket is about; it went from one queue to another, unless they are the same."""

    ticket_id: str
    number: str
    customer_id: str
    kind: str
    queue: str
    previous_kind: str
    previous_queue: str
    by: str


@event("service_desk.ticket.finding_noted.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketFindingNoted:
    """A technician noticed something at the customer: worn, outgrown, consumables (are needed), upgrade (is wanted).

    ``quantity`` of ``wanted_item_id`` is what the customer may need.
    """

    ticket_id: str
    number: str
    finding_id: str
    customer_id: str
    kind: str
    note: str
    found_by: str
    item_id: str | None = None
    wanted_item_id: str | None = None
    quantity: Quantity | None = None


@event("service_desk.ticket.return_wanted.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketReturnWanted:
    """What was shipped with a delivery is to come back; inventory answers with a return, or why there is none.

    ``request_id`` names this wish, once; ``number`` is the ticket's. ``serials`` name the units, if there are any.
    """

    ticket_id: str
    number: str
    request_id: str
    customer_id: str
    delivery_id: str
    order_id: str
    item_id: str
    quantity: Quantity
    reason: str
    wanted_by: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


@event("service_desk.ticket.order_wanted.v1", key="ticket_id")
@dataclass(frozen=True)
class TicketOrderWanted:
    """A ``replacement`` is to be ordered, or a ``repair`` to be quoted; sales answers with it, or why there is none.

    ``request_id`` names this wish, once; ``number`` is the ticket's. A replacement without a ``unit_price`` is free.
    """

    ticket_id: str
    number: str
    request_id: str
    kind: str
    customer_id: str
    item_id: str
    quantity: Quantity
    reason: str
    wanted_by: str
    unit_price: Price | None = None
