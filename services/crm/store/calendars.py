"""Links to calendars: kept as hashes, one for each user."""

from __future__ import annotations

from sqlalchemy import delete

from libs.common.db import Transaction, upsert_into
from services.crm.store.team_tables import calendar_link


def put(tx: Transaction, user_id: str, token_hash: str) -> None:
    """Store somebody's link in place of the one before."""
    values = {"token_hash": token_hash, "created_at": tx.now}
    statement = upsert_into(tx.connection, calendar_link).values(user_id=user_id, **values)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


def drop(tx: Transaction, user_id: str) -> bool:
    """Forget somebody's link; false when there is none."""
    mine = delete(calendar_link).where(calendar_link.c.user_id == user_id)
    return tx.connection.execute(mine).rowcount == 1
