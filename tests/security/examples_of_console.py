"""A valid request of every operation of the console: its session, and hints of what changed."""

from __future__ import annotations

from tests.security.example import Example, Make, listing
from tests.security.shelf import PASSWORD, Shelf


def _login(shelf: Shelf) -> Example:
    return Example(body={"username": shelf.user["username"], "password": PASSWORD})


CONSOLE: dict[str, Make] = {
    "POST /api/v1/auth/session": _login,
    "GET /api/v1/auth/session": listing,
    "GET /api/v1/changes": listing,
    "DELETE /api/v1/auth/session": listing,
}
