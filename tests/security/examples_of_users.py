"""A valid request of every operation about users, their sessions, and the keys of programs."""

from __future__ import annotations

from tests.security.example import Example, Make, document, listing
from tests.security.shelf import PASSWORD, Shelf


def _own_password(shelf: Shelf) -> Example:
    bearer = shelf.login(shelf.fresh_user()["username"])["access_token"]
    return Example(body={"current": PASSWORD, "password": PASSWORD + "!"}, bearer=bearer)


def _session(shelf: Shelf) -> Example:
    return Example(body={"refresh_token": shelf.login(shelf.user["username"])["refresh_token"]})


def _login(shelf: Shelf) -> Example:
    return Example(body={"username": shelf.user["username"], "password": PASSWORD})


def _api_key(shelf: Shelf) -> Example:
    return Example({"key_id": shelf.post("admin", "/api-keys", {"name": "Shop"})["id"]})


USERS: dict[str, Make] = {
    "POST /api/v1/auth/login": _login,
    "POST /api/v1/auth/logout": _session,
    "POST /api/v1/auth/refresh": _session,
    "POST /api/v1/auth/password": _own_password,
    "GET /api/v1/auth/me": listing,
    "GET /api/v1/api-keys": listing,
    "POST /api/v1/api-keys": lambda shelf: Example(body={"name": "Shop"}),
    "DELETE /api/v1/api-keys/{key_id}": _api_key,
    "GET /api/v1/users": listing,
    "GET /api/v1/users/{user_id}": document("user_id", lambda shelf: shelf.user),
    "DELETE /api/v1/users/{user_id}": document("user_id", lambda shelf: shelf.fresh_user()),
    "PUT /api/v1/users/{user_id}/password": lambda shelf: Example(
        {"user_id": shelf.fresh_user()["id"]}, {"password": PASSWORD}
    ),
}
