"""Keys for programs: ``mk_<id>_<secret>``, shown once, stored as a hash, revoked at once."""

from __future__ import annotations

from uuid import UUID

from gateway.auth.secrets import API_KEY_PREFIX, new_secret, same
from gateway.store import api_keys as store
from gateway.store.api_keys import ApiKey
from libs.common.db import Connection, Transaction
from libs.common.errors import NotFound
from libs.common.ids import secret_digest
from libs.common.web import Principal

ROLE = "api_client"
_ID_DIGITS = 32


def add_api_key(tx: Transaction, *, name: str, created_by: str) -> tuple[ApiKey, str]:
    """Store a new key; return it and the text that the program must send, which nobody can read again."""
    secret = new_secret()
    key = ApiKey(
        id=tx.new_id(), name=name, secret_hash=secret_digest(secret), created_by=created_by, created_at=tx.now
    )
    store.add(tx, key)
    return key, f"{API_KEY_PREFIX}{UUID(key.id).hex}_{secret}"


def list_api_keys(connection: Connection, *, after: str | None, limit: int) -> list[ApiKey]:
    """Return keys in the order of their making, those behind ``after``."""
    return store.index(connection, after=after, limit=limit)


def revoke_api_key(tx: Transaction, key_id: str, by: str) -> None:
    """Make a key useless from now on; ``NotFound`` when there is no such key in use."""
    if not store.revoke(tx, key_id, by):
        raise NotFound("There is no such key in use.")


def principal_of_key(connection: Connection, text: str) -> Principal | None:
    """Return the program that ``text`` belongs to; ``None`` when it is no key in use."""
    key_id, _, secret = text.removeprefix(API_KEY_PREFIX).partition("_")
    if len(key_id) != _ID_DIGITS or not secret:
        return None
    try:
        key = store.find(connection, str(UUID(hex=key_id)))
    except ValueError:
        return None
    if key is None or not same(key.secret_hash, secret_digest(secret)) or key.revoked_at is not None:
        return None
    return Principal(key.id, key.name, frozenset({ROLE}))
