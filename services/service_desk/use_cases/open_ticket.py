"""Open a ticket: about a customer, routed by its kind, perhaps about something that the customer holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from services.service_desk.domain.customer import Customer
from services.service_desk.domain.dates import day_of
from services.service_desk.domain.dispatch import Asked, Way
from services.service_desk.domain.errors import NotHeldByCustomer, TicketNumberTaken, UnknownCustomer
from services.service_desk.domain.routing import Kind
from services.service_desk.domain.sla import Priority
from services.service_desk.domain.ticket import Ticket, ticket_number
from services.service_desk.events import TicketOpened
from services.service_desk.store import customers, installed, routings, tickets
from services.service_desk.store.routings import words
from services.service_desk.use_cases.assign import by_load, note_assigned
from services.service_desk.use_cases.route_ticket import find_way
from services.service_desk.use_cases.run_clock import start_clock


@dataclass(frozen=True)
class OpenTicket:
    """What is asked; ``today`` is the company's day, ``only_owner`` as in ``find_shown``.

    Without a ``kind`` the words say what it is about, ``more_words`` among them, which are said elsewhere than on the
    ticket itself. What ``goes_on`` from another ticket is routed as that one.

    Without a ``number`` the ticket gets the next of the series; one from another system keeps the one it had. What is
    written down of the past has no deadlines. What opens by itself brings its ``ticket_id``, and the ``conversation``
    of its order, of which nothing need have been shipped.
    """

    customer_id: str
    kind: Kind | None
    subject: str
    opened_by: str
    today: date
    description: str | None = None
    order_id: str | None = None
    item_id: str | None = None
    opened_on: date | None = None
    number: str | None = None
    only_owner: str | None = None
    priority: Priority = "normal"
    ticket_id: str | None = None
    conversation: str | None = None
    more_words: str | None = None
    goes_on: Ticket | None = None


def further(source: Ticket, by: str, today: date) -> OpenTicket:
    """Return the order to open a ticket in which another one goes on: of the same matter, urgency and conversation.

    What the customer holds was asked when the first one was opened; of a late order nothing may have been shipped yet.
    """
    return OpenTicket(
        customer_id=source.customer_id,
        kind=source.kind,
        subject=source.subject,
        opened_by=by,
        today=today,
        order_id=source.order_id,
        item_id=source.item_id,
        priority=source.priority,
        conversation=source.correlation_id if source.order_id else None,
        goes_on=source,
    )


def open_ticket(tx: Transaction, command: OpenTicket) -> Ticket:
    """Store a new ticket in the queue where it belongs and tell of it.

    It is given to who has the least to do, unless it was another system's. Refuses a customer that is not known,
    and an order or item of which the customer holds nothing.
    """
    customer = customers.find_shown(tx.connection, command.customer_id, command.only_owner)
    if customer is None:
        raise UnknownCustomer(
            "the service desk knows no such customer",
            field="customer_id",
            cure="check the id in the list of customers",
        )
    opened_on = day_of(command.opened_on, command.today, "opened_on")
    conversation = command.conversation or _conversation(tx, command)
    ticket_id = command.ticket_id or tx.new_id()
    way, policy_version, model_version = _way(tx, command, customer)
    ticket = Ticket(
        id=ticket_id,
        number=command.number or "",
        customer_id=command.customer_id,
        kind=way.kind,
        queue=way.queue,
        subject=command.subject,
        description=command.description,
        order_id=command.order_id,
        item_id=command.item_id,
        opened_by=command.opened_by,
        opened_on=opened_on,
        opened_at=tx.now,
        correlation_id=conversation or ticket_id,
        priority=command.priority,
    )
    given = ticket if command.number else by_load(tx, ticket, command.today)
    ticket = _add_as_given(tx, given) if command.number else _add_as_next(tx, given)
    routings.add(tx, ticket.id, way, policy_version, model_version)
    if command.number is None and opened_on >= command.today:
        start_clock(tx, ticket, customer)
    _tell(tx, ticket)
    note_assigned(tx, None, ticket, "load")
    return ticket


def _way(tx: Transaction, command: OpenTicket, customer: Customer) -> tuple[Way, int, int]:
    if command.goes_on is not None:
        return routings.way_of(tx.connection, command.goes_on)
    text = words(command.subject, command.description)
    if command.more_words is not None:
        text = f"{text}\n{command.more_words}"
    return find_way(tx, Asked(text, customer.id, command.kind, customer.group_name), command.item_id)


def _add_as_given(tx: Transaction, ticket: Ticket) -> Ticket:
    if not tickets.add(tx.connection, ticket, tx.now):
        raise TicketNumberTaken(
            f"there is a ticket {ticket.number} already", field="number", cure="choose another number"
        )
    return ticket


def _add_as_next(tx: Transaction, draft: Ticket) -> Ticket:
    """Take numbers until one is free: a ticket from another system may have one of the series."""
    while True:
        ticket = replace(draft, number=ticket_number(next_number(tx, "ticket")))
        if tickets.add(tx.connection, ticket, tx.now):
            return ticket


def _conversation(tx: Transaction, command: OpenTicket) -> str | None:
    """Return the conversation of the order that the ticket is about; refuse what the customer does not hold."""
    order_id, item_id = command.order_id, command.item_id
    conversation = _conversation_of(tx, command, order_id) if order_id else None
    if order_id and conversation is None:
        raise NotHeldByCustomer(
            "nothing of this order was shipped to the customer", field="order_id", cure=_CURE
        )
    if item_id and _conversation_of(tx, command, order_id, item_id) is None:
        where = "with this order" if order_id else "to the customer"
        raise NotHeldByCustomer(f"this item was not shipped {where}", field="item_id", cure=_CURE)
    return conversation


def _conversation_of(
    tx: Transaction, command: OpenTicket, order_id: str | None, item_id: str | None = None
) -> str | None:
    return installed.conversation_of(tx.connection, command.customer_id, order_id=order_id, item_id=item_id)


_CURE = "list what the customer holds with GET /installed-items?customer_id=, or leave it out"


def _tell(tx: Transaction, ticket: Ticket) -> None:
    event = TicketOpened(
        ticket_id=ticket.id,
        number=ticket.number,
        customer_id=ticket.customer_id,
        kind=ticket.kind,
        queue=ticket.queue,
        subject=ticket.subject,
        opened_on=ticket.opened_on,
        order_id=ticket.order_id,
        item_id=ticket.item_id,
    )
    publish(tx, event, correlation_id=ticket.correlation_id)
