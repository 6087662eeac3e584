"""Follow tickets: one that was solved earns an offer, unless it is opened again."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from services.crm.store import buyings, overviews, solved_tickets


def note_ticket(tx: Transaction, ticket_id: str, number: str, customer_id: str, item_id: str | None) -> None:
    """Note a ticket and the item that it is about, if it is about one."""
    solved_tickets.put(tx.connection, ticket_id, number, customer_id, item_id)
    overviews.look_again(tx, [customer_id])


def note_solved(tx: Transaction, ticket_id: str, customer_id: str, on: date | None) -> None:
    """Note on which day a ticket was solved; its customer is looked at anew."""
    solved_tickets.solved(tx.connection, ticket_id, on)
    buyings.look_again(tx, [customer_id])
    overviews.look_again(tx, [customer_id])


def note_reopened(tx: Transaction, ticket_id: str, customer_id: str) -> None:
    """Note that a ticket is worked on again."""
    solved_tickets.reopened(tx.connection, ticket_id)
    buyings.look_again(tx, [customer_id])
    overviews.look_again(tx, [customer_id])


def note_over(tx: Transaction, ticket_id: str, customer_id: str) -> None:
    """Note that nobody will touch a ticket again."""
    solved_tickets.over(tx.connection, ticket_id)
    overviews.look_again(tx, [customer_id])


def note_rating(tx: Transaction, ticket_id: str, customer_id: str, score: int, on: date) -> None:
    """Note how content the customer is with how a ticket was solved."""
    solved_tickets.rated(tx.connection, ticket_id, score, on)
    overviews.look_again(tx, [customer_id])
