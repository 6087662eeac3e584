"""Tickets as crm follows them: about which item, and solved when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from libs.common.db import Prepared, upsert_into
from services.crm.domain.idea import Solved
from services.crm.store.buying_tables import followed_ticket

_TICKET = followed_ticket.c
_SOLVED = Prepared(
    select(_TICKET.customer_id, _TICKET.number, _TICKET.item_id, _TICKET.resolved_on)
    .where(
        _TICKET.customer_id.in_(bindparam("of_customers", expanding=True)),
        _TICKET.resolved_on >= bindparam("since"),
        _TICKET.item_id.is_not(None),
    )
    .order_by(_TICKET.resolved_on, _TICKET.ticket_id)
)


def put(connection: Connection, ticket_id: str, number: str, customer_id: str, item_id: str | None) -> None:
    """Store a ticket."""
    values: dict[str, Any] = {"ticket_id": ticket_id, "number": number, "customer_id": customer_id}
    values |= {"item_id": item_id, "open": True}
    connection.execute(upsert_into(connection, followed_ticket).values(**values).on_conflict_do_nothing())


def solved(connection: Connection, ticket_id: str, on: date | None) -> None:
    """Store that a ticket was solved, and when, where that was told."""
    _set(connection, ticket_id, resolved_on=on, open=False)


def reopened(connection: Connection, ticket_id: str) -> None:
    """Store that a ticket is open again."""
    _set(connection, ticket_id, resolved_on=None, open=True)


def over(connection: Connection, ticket_id: str) -> None:
    """Store that a ticket is not open any more, whether it was solved or goes on as another one."""
    _set(connection, ticket_id, open=False)


def rated(connection: Connection, ticket_id: str, score: int, on: date) -> None:
    """Store how content the customer is, from 1 to 5."""
    _set(connection, ticket_id, score=score, rated_on=on)


def _set(connection: Connection, ticket_id: str, **values: Any) -> None:
    connection.execute(update(followed_ticket).where(_TICKET.ticket_id == ticket_id).values(**values))


def solved_since(connection: Connection, customer_ids: Sequence[str], since: date) -> dict[str, list[Solved]]:
    """Return the tickets about items that were solved since a day, by customer; at most a chunk of customers."""
    found: dict[str, list[Solved]] = {}
    for row in connection.execute(_SOLVED, {"of_customers": customer_ids, "since": since}):
        found.setdefault(row.customer_id, []).append(Solved(row.number, row.item_id, row.resolved_on))
    return found
