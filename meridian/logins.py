"""First passwords: made by chance, told once, to be changed by their owner."""

from __future__ import annotations

import secrets

_BYTES = 9
_DRAWS = 100


def first_password(username: str) -> str:
    """Return a fresh password of twelve characters, drawn again while the user's name happens to stand in it.

    Such a one would be refused as easy to guess; of a name of three letters that is one in some thousand.
    """
    password = secrets.token_urlsafe(_BYTES)
    for _ in range(_DRAWS):
        if username.lower() not in password.lower():
            break
        password = secrets.token_urlsafe(_BYTES)
    return password
