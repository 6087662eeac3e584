"""Customers' links to tickets, found by the hash of their token, and how much came through them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from libs.common.db import Transaction, upsert_into
from services.service_desk.domain.follow_link import PER_HOUR, FollowLink
from services.service_desk.store.talk_tables import ticket_link, ticket_link_hour


def add(tx: Transaction, new: FollowLink) -> None:
    """Store a link; the one that was open before must have been revoked."""
    tx.connection.execute(insert(ticket_link).values(**vars(new)))


def revoke(tx: Transaction, ticket_id: str, by: str) -> bool:
    """Close the open link of a ticket; false when there is none."""
    is_open = (ticket_link.c.ticket_id == ticket_id) & ticket_link.c.revoked_at.is_(None)
    statement = update(ticket_link).where(is_open).values(revoked_by=by, revoked_at=tx.now)
    return tx.connection.execute(statement).rowcount == 1


def by_token(connection: Connection, token_hash: str) -> FollowLink | None:
    """Return the link with the hash, or nothing. Looking a hash up takes as long for a wrong one as for a right one."""
    return _link(connection, select(ticket_link).where(ticket_link.c.token_hash == token_hash))


def open_of(connection: Connection, ticket_id: str) -> FollowLink | None:
    """Return the open link of a ticket, or nothing."""
    is_open = ticket_link.c.revoked_at.is_(None)
    return _link(connection, select(ticket_link).where(ticket_link.c.ticket_id == ticket_id, is_open))


def count(tx: Transaction, link: FollowLink, address: str) -> bool:
    """Count what comes from an address within this hour, in one statement; false when it is too much."""
    hour: datetime = tx.now.replace(minute=0, second=0, microsecond=0)
    values = {"link_id": link.id, "address": address, "hour": hour, "taken": 1}
    statement = upsert_into(tx.connection, ticket_link_hour).values(**values)
    statement = statement.on_conflict_do_update(
        index_elements=["link_id", "address", "hour"],
        set_={"taken": ticket_link_hour.c.taken + 1},
        where=ticket_link_hour.c.taken < PER_HOUR,
    )
    return tx.connection.execute(statement.returning(ticket_link_hour.c.taken)).one_or_none() is not None


def _link(connection: Connection, query: Select[Any]) -> FollowLink | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else FollowLink(**row._asdict())
