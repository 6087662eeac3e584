"""Merge two tickets into one, and split what was said into a ticket of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.service_desk.domain.conversation import Message, MessageNotHere, heard
from services.service_desk.domain.errors import TicketNotFound
from services.service_desk.domain.relation import NothingChosen, Relation, require_mergeable
from services.service_desk.domain.routing import Kind, require_worker_of
from services.service_desk.domain.ticket import Ticket, close, resolve
from services.service_desk.events import TicketMerged, TicketSplit
from services.service_desk.store import documents, messages, relations, routings, tickets
from services.service_desk.use_cases.converse import refuse_merged
from services.service_desk.use_cases.open_ticket import OpenTicket, further, open_ticket
from services.service_desk.use_cases.run_clock import resume_clock, stop_clock
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


@dataclass(frozen=True)
class SplitOff:
    """Which messages go on in a new ticket, and what it is about; ``today`` is the company's day."""

    message_ids: Sequence[str]
    subject: str
    today: date
    kind: Kind | None = None


def merge_ticket(tx: Transaction, gone_id: str, kept_id: str, worker: Worker, today: date) -> Ticket:
    """Close a ticket that goes on as another one of its customer, and return that one.

    Everything that was said stands on the one that is kept, and still says where it was said. One that waited for the
    customer has his word then, unless the other waited as well. Both are locked in the
    order of their ids, so of two merges that cross the second finds its target closed and is refused.
    """
    both = {each: _locked(tx, each, worker) for each in sorted({gone_id, kept_id})}
    gone, kept = both[gone_id], both[kept_id]
    require_mergeable(gone, kept)
    _say_what_it_was_about(tx, gone)
    messages.move_all(tx, gone.id, kept.id)
    documents.move_all(tx.connection, gone.id, kept.id)
    relations.add(tx, Relation(gone.id, "merged_into", kept.id, worker.subject, tx.now))
    on = max(today, gone.opened_on)
    stop_clock(tx, gone)
    closed = close(resolve(gone, f"Merged into {kept.number} 已并入", on, tx.now), tx.now)
    tickets.save(tx.connection, closed, tx.now)
    event = TicketMerged(gone.id, gone.number, gone.customer_id, kept.id, kept.number)
    publish(tx, event, correlation_id=gone.correlation_id)
    return kept if gone.state == "pending" else _worked_on(tx, kept)


def split_ticket(tx: Transaction, ticket_id: str, worker: Worker, split: SplitOff) -> Ticket:
    """Open a ticket in which the chosen messages go on, and return it; the others stay where they are."""
    source = locked_ticket(tx, ticket_id, worker)
    refuse_merged(tx, source)
    chosen = sorted(set(split.message_ids))
    if not chosen:
        raise NothingChosen("no message is chosen", field="message_ids", cure="name at least one message")
    opened = open_ticket(tx, _split_off(source, worker, split))
    if messages.move_some(tx, chosen, source.id, opened.id) != len(chosen):
        raise MessageNotHere(f"not all of them stand on ticket {source.number}", field="message_ids")
    relations.add(tx, Relation(opened.id, "split_from", source.id, worker.subject, tx.now))
    if split.kind is not None:
        routings.correct(tx, opened.id, worker.subject)
    event = TicketSplit(source.id, source.number, source.customer_id, opened.id, opened.number, len(chosen))
    publish(tx, event, correlation_id=source.correlation_id)
    return opened


def _split_off(source: Ticket, worker: Worker, split: SplitOff) -> OpenTicket:
    """Return the order for the new ticket; one of another kind finds a way of its own."""
    command = replace(further(source, worker.subject, split.today), subject=split.subject)
    return command if split.kind is None else replace(command, kind=split.kind, goes_on=None)


def _locked(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Return a ticket that ``worker`` works on, kept to this transaction; the version is of neither of the two."""
    ticket = tickets.lock(tx.connection, ticket_id)
    if ticket is None:
        raise TicketNotFound("there is no such ticket", field="ticket_id", cure="list the tickets")
    require_worker_of(ticket.queue, worker.roles)
    return ticket


def _worked_on(tx: Transaction, kept: Ticket) -> Ticket:
    after = heard(kept)
    if after == kept:
        return kept
    resume_clock(tx, kept)
    return tickets.save(tx.connection, after, tx.now)


def _say_what_it_was_about(tx: Transaction, gone: Ticket) -> None:
    """Let the conversation that goes on begin with what the other ticket was about."""
    about = gone.subject if gone.description is None else f"{gone.subject}\n\n{gone.description}"
    first = Message(
        id=tx.new_id(),
        ticket_id=gone.id,
        origin_ticket_id=gone.id,
        side="customer",
        way="desk",
        author_id=gone.opened_by,
        text=about,
        at=gone.opened_at,
    )
    messages.add(tx, first)
