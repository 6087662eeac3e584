"""The only maker of identifiers: time-ordered ones for new things, derived ones for repeatable messages."""

from __future__ import annotations

import hashlib
import uuid
from typing import Protocol

import uuid_utils

_TIME_ORDERED = 7
_DERIVED = uuid_utils.UUID("6f1d9a52-2f0b-5c0e-9a3e-0c6a4a1f7b10")


class Ids(Protocol):
    """Makes identifiers."""

    def new(self) -> str:
        """Return a new identifier, as canonical UUID text."""
        ...


class SystemIds:
    """UUIDv7 (RFC 9562): unique everywhere, and in time order, so that indexes grow at one end."""

    def new(self) -> str:
        """Return a new UUIDv7 as text."""
        return str(uuid_utils.uuid7())


def derived_id(*parts: str) -> str:
    """Return the UUIDv5 of ``parts``: the same parts give the same id on every machine and at every attempt."""
    return str(uuid_utils.uuid5(_DERIVED, "\x1f".join(parts)))


def unguessable_id() -> str:
    """Return a UUIDv4: 122 bits that nobody can guess, for an address that is its own key. It is not in time order."""
    return str(uuid_utils.uuid4())


def secret_digest(secret: str) -> str:
    """Return what is kept of a secret that was handed out; one that nobody can guess is safe behind a plain hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_id(text: str) -> bool:
    """Tell whether ``text`` is a UUID in canonical lower-case form."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def is_time_ordered(text: str) -> bool:
    """Tell whether ``text`` is a UUIDv7 in canonical form: what else somebody hands us may not become a row's id."""
    return is_id(text) and uuid.UUID(text).version == _TIME_ORDERED
