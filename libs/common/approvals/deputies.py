"""Delegations in their table: for whom somebody may decide on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from libs.common.approvals.delegation import Delegation, check_delegation, lendable
from libs.common.approvals.faults import DelegationEnded, DelegationNotFound
from libs.common.approvals.quorum import Voice
from libs.common.approvals.tables import approval_delegation
from libs.common.db import Transaction


@dataclass(frozen=True)
class Delegate:
    """Who is away, and who decides meanwhile."""

    me: Voice
    deputy: str
    first_day: date
    last_day: date
    reason: str | None = None


def delegate(tx: Transaction, wanted: Delegate, today: date) -> Delegation:
    """Store a delegation of one's own say, with the roles that one has now."""
    check_delegation(wanted.me.person, wanted.deputy, wanted.first_day, wanted.last_day, today)
    new = Delegation(
        id=tx.new_id(),
        person=wanted.me.person,
        roles=lendable(wanted.me.roles),
        deputy=wanted.deputy,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        created_at=tx.now,
        reason=wanted.reason,
    )
    values = vars(new) | {"roles": sorted(new.roles)}
    tx.connection.execute(insert(approval_delegation).values(**values))
    return new


def end_delegation(tx: Transaction, delegation_id: str, person: str) -> Delegation:
    """End a delegation of one's own, from now on; one that was ended before is refused."""
    this = (approval_delegation.c.id == delegation_id) & (approval_delegation.c.person == person)
    still = this & approval_delegation.c.ended_at.is_(None)
    ended = tx.connection.execute(update(approval_delegation).where(still).values(ended_at=tx.now)).rowcount
    row = tx.connection.execute(select(approval_delegation).where(this)).one_or_none()
    if row is None:
        raise DelegationNotFound(f"there is no delegation {delegation_id} of yours")
    if not ended:
        raise DelegationEnded("the delegation was ended before", ended_at=row.ended_at)
    return _of_row(row)


def lent_to(connection: Connection, deputy: str, today: date) -> tuple[Voice, ...]:
    """Return the voices with which somebody may speak today beside his own."""
    query = (
        select(approval_delegation)
        .where(
            approval_delegation.c.deputy == deputy,
            approval_delegation.c.ended_at.is_(None),
            approval_delegation.c.first_day <= today,
            approval_delegation.c.last_day >= today,
        )
        .order_by(approval_delegation.c.id)
    )
    return tuple(_of_row(row).voice for row in connection.execute(query))


def delegations_of(
    connection: Connection, person: str, *, after: tuple[Any, ...] | None, limit: int
) -> list[Delegation]:
    """Return the delegations by and to somebody, the latest first."""
    query = select(approval_delegation).where(
        or_(approval_delegation.c.person == person, approval_delegation.c.deputy == person)
    )
    if after is not None:
        query = query.where(approval_delegation.c.id < after[0])
    rows = connection.execute(query.order_by(approval_delegation.c.id.desc()).limit(limit))
    return [_of_row(row) for row in rows]


def _of_row(row: Row[Any]) -> Delegation:
    return Delegation(
        id=row.id,
        person=row.person,
        roles=frozenset(row.roles),
        deputy=row.deputy,
        first_day=row.first_day,
        last_day=row.last_day,
        created_at=row.created_at,
        reason=row.reason,
        ended_at=row.ended_at,
    )
