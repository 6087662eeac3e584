"""First passwords: made by chance, told once, to be changed by their owner."""

from __future__ import annotations

import secrets

_BYTES = 9


def first_password() -> str:
    """Return a fresh password of twelve characters."""
    return secrets.token_urlsafe(_BYTES)
