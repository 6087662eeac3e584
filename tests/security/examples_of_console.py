"""A valid request of every operation about the console's session."""

from __future__ import annotations

from tests.security.example import Example, Make, listing
from tests.security.shelf import PASSWORD, Shelf


def _login(shelf: Shelf) -> Example:
    return Example(body={"username": shelf.user["username"], "password": PASSWORD})


CONSOLE: dict[str, Make] = {
    "POST /api/v1/auth/session": _login,
    "GET /api/v1/auth/session": listing,
    "DELETE /api/v1/auth/session": listing,
}
