"""API keys in the database: a key is known by its id and the hash of its secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from gateway.store.tables import api_key
from libs.common.db import Transaction


@dataclass(frozen=True)
class ApiKey:
    """A program's way in, with the role ``api_client``."""

    id: str
    name: str
    secret_hash: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(**row)


def find(connection: Connection, key_id: str) -> ApiKey | None:
    """Return the key with this id, revoked or not."""
    row = connection.execute(select(api_key).where(api_key.c.id == key_id)).mappings().first()
    return None if row is None else _key(row)


def index(connection: Connection, *, after: str | None, limit: int) -> list[ApiKey]:
    """Return keys in the order of their making."""
    query = select(api_key).order_by(api_key.c.id).limit(limit)
    if after is not None:
        query = query.where(api_key.c.id > after)
    return [_key(row) for row in connection.execute(query).mappings()]


def add(tx: Transaction, key: ApiKey) -> None:
    """Store a new key."""
    tx.connection.execute(insert(api_key).values(**vars(key)))


def revoke(tx: Transaction, key_id: str, by: str) -> bool:
    """Make a key useless; false when there is no such key in use."""
    valid = (api_key.c.id == key_id) & api_key.c.revoked_at.is_(None)
    changed = update(api_key).where(valid).values(revoked_at=tx.now, revoked_by=by)
    return tx.connection.execute(changed).rowcount == 1
