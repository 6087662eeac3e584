"""Credit overrides in their table: what they say stays, how they stand moves by conditional updates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from services.finance.domain.credit_override import CreditOverride, OverrideState
from services.finance.store.credit_policy_tables import credit_override

ALIVE = ("waiting", "approved")
_FIND = Prepared(select(credit_override).where(credit_override.c.id == bindparam("b_id")))
_ALIVE_OF = Prepared(
    select(credit_override).where(
        credit_override.c.customer_id == bindparam("b_customer_id"), credit_override.c.state.in_(ALIVE)
    )
)


def to_override(row: Row[Any]) -> CreditOverride:
    """Return the override of a row of the table."""
    return CreditOverride(
        override_id=row.id,
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        customer_id=row.customer_id,
        amount=Money(row.amount_minor, row.currency),
        reason=row.reason,
        expires_on=row.expires_on,
        approval_id=row.approval_id,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        state=row.state,
        version=row.version,
        purpose=row.purpose,
    )


def add(tx: Transaction, new: CreditOverride) -> None:
    """Store a new override; a second one that is alive for the same order breaks a constraint."""
    tx.connection.execute(
        insert(credit_override).values(
            id=new.override_id,
            number=new.number,
            order_id=new.order_id,
            order_number=new.order_number,
            customer_id=new.customer_id,
            currency=new.amount.currency,
            amount_minor=new.amount.minor,
            reason=new.reason,
            expires_on=new.expires_on,
            state=new.state,
            approval_id=new.approval_id,
            requested_by=new.requested_by,
            requested_at=new.requested_at,
            version=new.version,
            purpose=new.purpose,
        )
    )


def find(connection: Connection, override_id: str) -> CreditOverride | None:
    """Return an override as it stands."""
    row = connection.execute(_FIND, {"b_id": override_id}).one_or_none()
    return None if row is None else to_override(row)


def alive_of(connection: Connection, customer_id: str) -> dict[str, CreditOverride]:
    """Return the overrides of a customer that wait or may be used, by order; the account must be locked."""
    rows = connection.execute(_ALIVE_OF, {"b_customer_id": customer_id})
    return {row.order_id: to_override(row) for row in rows}


def settle(
    connection: Connection, override_id: str, before: Collection[str], state: OverrideState, at: datetime
) -> bool:
    """Let an override that stands as one of ``before`` go over to ``state``; return whether it did."""
    change: dict[str, Any] = {"state": state, "version": credit_override.c.version + 1}
    if state not in ALIVE:
        change["ended_at"] = at
    found = connection.execute(
        update(credit_override)
        .where(credit_override.c.id == override_id, credit_override.c.state.in_(before))
        .values(**change)
    )
    return found.rowcount == 1
