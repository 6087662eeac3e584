"""Follow tickets: one that was solved earns an offer, unless it is opened again."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from services.crm.store import buyings, solved_tickets


def note_ticket(tx: Transaction, ticket_id: str, number: str, customer_id: str, item_id: str | None) -> None:
    """Note a ticket and the item that it is about, if it is about one."""
    solved_tickets.put(tx.connection, ticket_id, number, customer_id, item_id)


def note_solved(tx: Transaction, ticket_id: str, customer_id: str, on: date | None) -> None:
    """Note on which day a ticket was solved; its customer is looked at anew."""
    solved_tickets.solved(tx.connection, ticket_id, on)
    buyings.look_again(tx, [customer_id])


def note_reopened(tx: Transaction, ticket_id: str, customer_id: str) -> None:
    """Note that a ticket is worked on again."""
    solved_tickets.solved(tx.connection, ticket_id, None)
    buyings.look_again(tx, [customer_id])
