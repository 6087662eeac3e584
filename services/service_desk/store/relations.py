"""How tickets hang together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select

from libs.common.db import Transaction
from services.service_desk.domain.relation import Relation, Tie
from services.service_desk.store.talk_tables import ticket_relation


def add(tx: Transaction, new: Relation) -> None:
    """Store how two tickets hang together; a ticket is merged, split off or followed up once."""
    tx.connection.execute(insert(ticket_relation).values(**vars(new)))


def other_of(connection: Connection, ticket_id: str, tie: Tie) -> str | None:
    """Return the ticket that this one is merged into, was split from or follows, or nothing."""
    this = ticket_relation.c
    found = connection.execute(select(this.other_id).where(this.ticket_id == ticket_id, this.tie == tie))
    return found.scalar_one_or_none()


def was_merged(ticket_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return whether the ticket of that id goes on as another one, as a condition of a query."""
    this = ticket_relation.c
    return exists().where(this.ticket_id == ticket_id, this.tie == "merged_into")


def follow_up_of(connection: Connection, ticket_id: str) -> str | None:
    """Return the ticket that follows this one, or nothing."""
    this = ticket_relation.c
    found = connection.execute(
        select(this.ticket_id).where(this.other_id == ticket_id, this.tie == "follows")
    )
    return found.scalar_one_or_none()


def chain_from(connection: Connection, ticket_id: str) -> list[str]:
    """Return the ticket and those in which it goes on, in turn: merged into another, or followed by a new one."""
    chain = [ticket_id]
    while (further := _further(connection, chain[-1])) is not None:
        chain.append(further)
    return chain


def _further(connection: Connection, ticket_id: str) -> str | None:
    return other_of(connection, ticket_id, "merged_into") or follow_up_of(connection, ticket_id)


def of_ticket(connection: Connection, ticket_id: str) -> Sequence[Relation]:
    """Return everything that this ticket hangs together with, in order of time."""
    this = ticket_relation.c
    query = select(ticket_relation).where(or_(this.ticket_id == ticket_id, this.other_id == ticket_id))
    return [Relation(**row._asdict()) for row in connection.execute(query.order_by(this.at, this.ticket_id))]
