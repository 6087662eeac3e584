"""Speak on a ticket: the customer, the desk to the customer, and the desk among itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.service_desk.domain import conversation
from services.service_desk.domain.conversation import Message, Note, Side, TicketMerged, Way
from services.service_desk.domain.errors import TicketNotFound
from services.service_desk.domain.relation import Relation
from services.service_desk.domain.ticket import Ticket
from services.service_desk.events import TicketReplied
from services.service_desk.store import customers, messages, relations, tickets
from services.service_desk.use_cases.assign import note_assigned
from services.service_desk.use_cases.enclose import Enclosures, enclose
from services.service_desk.use_cases.open_ticket import further, open_ticket
from services.service_desk.use_cases.run_clock import note_answer, pause_clock, resume_clock
from services.service_desk.use_cases.work_on_ticket import Worker, close_locked, locked_ticket, reopen_locked


@dataclass(frozen=True)
class Heard:
    """What the customer says, and who brings it; ``today`` and ``only_owner`` as when a ticket is opened."""

    text: str
    way: Way
    author_id: str
    today: date
    author_name: str | None = None
    only_owner: str | None = None
    enclosed: Enclosures | None = None


@dataclass(frozen=True)
class Spoken:
    """What the desk says to the customer; with ``waits`` the ticket then waits for his answer."""

    text: str
    today: date
    waits: bool = False
    enclosed: Enclosures | None = None


def hear_customer(tx: Transaction, ticket_id: str, heard: Heard) -> Message:
    """Keep what the customer says, where his ticket goes on, and work on it again if it waited or was resolved.

    What was merged goes on in the ticket that it was merged into. A ticket that is closed, or was resolved too long
    ago to be taken up again, goes on in a new one that follows it; two words at once begin one such ticket.
    """
    ticket = tickets.lock(tx.connection, ticket_id)
    if ticket is None or not _may_know(tx, ticket, heard.only_owner):
        raise TicketNotFound("there is no such ticket", field="ticket_id", cure="list the tickets")
    further = relations.other_of(tx.connection, ticket.id, "merged_into")
    further = further or relations.follow_up_of(tx.connection, ticket.id)
    if further is not None:
        return hear_customer(tx, further, heard)
    if ticket.state == "resolved" and conversation.still_reopens(ticket, tx.now):
        ticket = reopen_locked(tx, ticket)
    elif ticket.state in ("resolved", "closed"):
        ticket = _follow_up(tx, ticket, heard)
    elif ticket.state == "pending":
        resume_clock(tx, ticket)
        ticket = tickets.save(tx.connection, conversation.heard(ticket), tx.now)
    return _say(tx, ticket, "customer", heard)


def speak_to_customer(tx: Transaction, ticket_id: str, worker: Worker, spoken: Spoken) -> Message:
    """Keep what the desk says to the customer, which answers him; who answers a new ticket has taken it."""
    ticket = locked_ticket(tx, ticket_id, worker)
    refuse_merged(tx, ticket)
    after = conversation.spoken(ticket, worker.subject, waits=spoken.waits)
    if after.state == "pending":
        pause_clock(tx, ticket)
    else:
        note_answer(tx, ticket)
    saved = ticket if after == ticket else tickets.save(tx.connection, after, tx.now)
    note_assigned(tx, ticket.assignee_id, saved, "taken", worker.subject)
    said = Heard(spoken.text, "desk", worker.subject, spoken.today, enclosed=spoken.enclosed)
    return _say(tx, saved, "agent", said)


def add_note(tx: Transaction, ticket_id: str, worker: Worker, text: str) -> Note:
    """Keep what the desk tells itself, in whatever state the ticket is; what was merged holds nothing of its own."""
    ticket = locked_ticket(tx, ticket_id, worker)
    refuse_merged(tx, ticket)
    note = Note(tx.new_id(), ticket.id, ticket.id, worker.subject, text, tx.now)
    messages.add_note(tx, note)
    return note


def refuse_merged(tx: Transaction, ticket: Ticket) -> None:
    """Refuse to work on what goes on as another ticket."""
    into = relations.other_of(tx.connection, ticket.id, "merged_into")
    if into is not None:
        raise TicketMerged(f"ticket {ticket.number} was merged into another", merged_into_id=into)


def _may_know(tx: Transaction, ticket: Ticket, only_owner: str | None) -> bool:
    if only_owner is None:
        return True
    return customers.find_shown(tx.connection, ticket.customer_id, only_owner) is not None


def _follow_up(tx: Transaction, ended: Ticket, heard: Heard) -> Ticket:
    """Open a ticket that follows one that has ended; one that waits to be closed is closed first."""
    if ended.state == "resolved":
        close_locked(tx, ended)
    opened = open_ticket(tx, further(ended, heard.author_id, heard.today))
    relations.add(tx, Relation(opened.id, "follows", ended.id, heard.author_id, tx.now))
    return opened


def _say(tx: Transaction, ticket: Ticket, side: Side, said: Heard) -> Message:
    message = Message(
        id=tx.new_id(),
        ticket_id=ticket.id,
        origin_ticket_id=ticket.id,
        side=side,
        way=said.way,
        author_id=said.author_id,
        author_name=said.author_name,
        text=said.text,
        at=tx.now,
    )
    messages.add(tx, message)
    if said.enclosed is not None:
        enclose(tx, message.id, said.enclosed)
    event = TicketReplied(
        ticket_id=ticket.id,
        number=ticket.number,
        customer_id=ticket.customer_id,
        message_id=message.id,
        side=side,
        way=said.way,
        state=ticket.state,
        replied_on=said.today,
    )
    publish(tx, event, correlation_id=ticket.correlation_id)
    return message
