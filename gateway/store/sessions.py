"""Sessions and their refresh tokens; a token is known by its hash only and serves once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from gateway.store.tables import refresh_token, session, user_account
from gateway.store.users import User, user_from
from libs.common.db import Transaction


def open_session(tx: Transaction, user_id: str, expires_at: datetime) -> str:
    """Store a new session and return its id."""
    session_id = tx.new_id()
    row = {"id": session_id, "user_id": user_id, "created_at": tx.now, "expires_at": expires_at}
    tx.connection.execute(insert(session).values(**row))
    return session_id


def add_token(tx: Transaction, session_id: str, token_hash: str) -> None:
    """Store a refresh token of the session."""
    row = {"hash": token_hash, "session_id": session_id, "issued_at": tx.now}
    tx.connection.execute(insert(refresh_token).values(**row))


def session_of(tx: Transaction, token_hash: str) -> RowMapping | None:
    """Return the session that a refresh token belongs to, its row locked."""
    query = (
        select(session)
        .join(refresh_token, refresh_token.c.session_id == session.c.id)
        .where(refresh_token.c.hash == token_hash)
        .with_for_update(of=session)
    )
    return tx.connection.execute(query).mappings().first()


def user_of(connection: Connection, token_hash: str, now: datetime) -> User | None:
    """Return whose session a secret belongs to, while it is open and the user is active; nothing is locked."""
    query = (
        select(user_account)
        .join(session, session.c.user_id == user_account.c.id)
        .join(refresh_token, refresh_token.c.session_id == session.c.id)
        .where(
            (refresh_token.c.hash == token_hash)
            & session.c.ended_at.is_(None)
            & (session.c.expires_at > now)
            & user_account.c.active
        )
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else user_from(row)


def use_token(tx: Transaction, token_hash: str) -> bool:
    """Mark a refresh token as used; false when it was used before."""
    unused = (refresh_token.c.hash == token_hash) & refresh_token.c.used_at.is_(None)
    return tx.connection.execute(update(refresh_token).where(unused).values(used_at=tx.now)).rowcount == 1


def end_session(tx: Transaction, session_id: str, reason: str) -> None:
    """End a session; none of its refresh tokens serves any more."""
    still_open = (session.c.id == session_id) & session.c.ended_at.is_(None)
    tx.connection.execute(update(session).where(still_open).values(ended_at=tx.now, end_reason=reason))


def end_all(tx: Transaction, user_id: str, reason: str) -> None:
    """End every session of a user."""
    still_open = (session.c.user_id == user_id) & session.c.ended_at.is_(None)
    tx.connection.execute(update(session).where(still_open).values(ended_at=tx.now, end_reason=reason))


def forget_expired(tx: Transaction) -> int:
    """Remove the sessions that have expired, with their tokens; return how many."""
    expired = select(session.c.id).where(session.c.expires_at <= tx.now)
    tx.connection.execute(delete(refresh_token).where(refresh_token.c.session_id.in_(expired)))
    return tx.connection.execute(delete(session).where(session.c.expires_at <= tx.now)).rowcount
