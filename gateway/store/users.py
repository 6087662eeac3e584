"""Users in the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from gateway.store.tables import user_account
from libs.common.db import Transaction


@dataclass(frozen=True)
class User:
    """A person who may log in; ``username`` is in lower case, ``roles`` are sorted.

    ``superior_id`` is who decides on what this person asks for; nobody at the top.
    """

    id: str
    username: str
    name: str
    password_hash: str
    roles: tuple[str, ...]
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime
    superior_id: str | None = None


def user_from(row: RowMapping) -> User:
    """Return the user that a row of ``user_account`` is."""
    return User(**{**row, "roles": tuple(row["roles"])})


def find(connection: Connection, user_id: str) -> User | None:
    """Return the user with this id."""
    row = connection.execute(select(user_account).where(user_account.c.id == user_id)).mappings().first()
    return None if row is None else user_from(row)


def find_by_username(connection: Connection, username: str) -> User | None:
    """Return the user with this login name, whatever its case."""
    query = select(user_account).where(user_account.c.username == username.lower())
    row = connection.execute(query).mappings().first()
    return None if row is None else user_from(row)


def index(connection: Connection, *, after: str | None, limit: int) -> list[User]:
    """Return users by login name."""
    query = select(user_account).order_by(user_account.c.username).limit(limit)
    if after is not None:
        query = query.where(user_account.c.username > after)
    return [user_from(row) for row in connection.execute(query).mappings()]


def lock_all(tx: Transaction) -> list[User]:
    """Return every user, all rows locked in the order of their ids."""
    query = select(user_account).order_by(user_account.c.id).with_for_update()
    return [user_from(row) for row in tx.connection.execute(query).mappings()]


def superiors_of(connection: Connection, user: User, most: int) -> tuple[str, ...]:
    """Return the ids of those above a user, the direct one first; who is not active any more is passed over."""
    found: list[str] = []
    seen, above = {user.id}, user.superior_id
    while above is not None and above not in seen and len(found) < most:
        seen.add(above)
        superior = find(connection, above)
        if superior is None:
            break
        if superior.active:
            found.append(superior.id)
        above = superior.superior_id
    return tuple(found)


def add(tx: Transaction, user: User) -> None:
    """Store a new user."""
    tx.connection.execute(insert(user_account).values(**{**vars(user), "roles": list(user.roles)}))


def save(tx: Transaction, user: User) -> User:
    """Store a changed user, one version on."""
    saved = replace(user, version=user.version + 1, updated_at=tx.now)
    columns = {**vars(saved), "roles": list(saved.roles)}
    tx.connection.execute(update(user_account).where(user_account.c.id == user.id).values(**columns))
    return saved


def set_password_hash(tx: Transaction, user_id: str, password_hash: str) -> None:
    """Replace the hash of a user's password."""
    changed = {"password_hash": password_hash, "version": user_account.c.version + 1, "updated_at": tx.now}
    tx.connection.execute(update(user_account).where(user_account.c.id == user_id).values(**changed))
