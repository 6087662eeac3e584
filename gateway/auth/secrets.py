"""Secrets that the gateway hands out once and then knows only by their hash."""

from __future__ import annotations

import secrets

from libs.common.ids import secret_digest

API_KEY_PREFIX = "mk_"
REFRESH_PREFIX = "mr_"
_BYTES = 32


def new_secret() -> str:
    """Return 256 random bits as text; too many to guess, so a plain SHA-256 keeps them safe."""
    return secrets.token_urlsafe(_BYTES)


def cookie_digest(secret: str) -> str:
    """Return what is stored of a browser's secret: never what a refresh token of the same text would be stored as."""
    return secret_digest(f"cookie {secret}")


def csrf_token(secret: str) -> str:
    """Return what a page must send beside the cookie; who knows it knows nothing of the secret."""
    return secret_digest(f"csrf {secret}")


def same(one: str, other: str) -> bool:
    """Compare two digests in constant time."""
    return secrets.compare_digest(one, other)
