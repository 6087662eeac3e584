"""A customer as the service desk sees it, on one page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from services.service_desk.domain.errors import CustomerNotFound
from services.service_desk.domain.ticket import RESOLVED, UNRESOLVED
from services.service_desk.reports.attachments import MessageView, with_attachments
from services.service_desk.reports.conversation import latest_messages
from services.service_desk.reports.installed_items import HeldItem, count_held_items, held_items
from services.service_desk.reports.satisfaction import Csat, csat_of
from services.service_desk.reports.tickets import TicketRow, count_by_state, latest_tickets
from services.service_desk.store import customers

RECENT_TICKETS = 5
RECENT_MESSAGES = 5
SHOWN_ITEMS = 50
SHOWN_LOTS = 200


@dataclass(frozen=True)
class ServiceSummary:
    """How many tickets are open and resolved, how content the customer is, what was said last, and what he holds.

    ``held_item_count`` counts all items; ``installed_items`` shows the ``SHOWN_ITEMS`` that were shipped last.
    """

    customer_id: str
    customer_number: str
    customer_name: str
    open_tickets: int
    resolved_tickets: int
    recent_tickets: list[TicketRow]
    satisfaction: Csat
    recent_messages: list[MessageView]
    held_item_count: int
    installed_items: list[HeldItem]


def service_summary(connection: Connection, customer_id: str, *, only_owner: str | None) -> ServiceSummary:
    """Return the summary; refuse a customer that the caller may not know of."""
    customer = customers.find_shown(connection, customer_id, only_owner)
    if customer is None:
        raise CustomerNotFound("there is no such customer", field="customer_id", cure="list the customers")
    counts = count_by_state(connection, customer_id)
    return ServiceSummary(
        customer_id=customer.id,
        customer_number=customer.number,
        customer_name=customer.name,
        open_tickets=sum(counts.get(state, 0) for state in UNRESOLVED),
        resolved_tickets=sum(counts.get(state, 0) for state in RESOLVED),
        recent_tickets=latest_tickets(connection, customer_id, RECENT_TICKETS),
        satisfaction=csat_of(connection, customer_id),
        recent_messages=with_attachments(
            connection, latest_messages(connection, customer_id, RECENT_MESSAGES)
        ),
        held_item_count=count_held_items(connection, customer_id),
        installed_items=held_items(connection, customer_id, limit=SHOWN_ITEMS, lot_limit=SHOWN_LOTS),
    )
