"""Knowing who calls: an access token, an API key in ``X-API-Key`` or as the bearer, or the console's cookie."""

from __future__ import annotations

from datetime import timedelta

from flask import Request

from gateway.auth.api_keys import principal_of_key
from gateway.auth.cookies import COOKIE, by_cookie
from gateway.auth.keys import Keyring
from gateway.auth.secrets import API_KEY_PREFIX
from libs.common.db import Database
from libs.common.web import Principal
from libs.common.web.edge import Authenticate, bearer_token, unauthorized
from libs.common.web.tokens import TokenRefused

_LONGEST_KEY = 200


def by_token_key_or_cookie(database: Database, keyring: Keyring, longest: timedelta) -> Authenticate:
    """Return how the gateway knows its callers."""

    def identify(incoming: Request) -> Principal:
        secret = incoming.cookies.get(COOKIE)
        if secret is not None and not {"X-API-Key", "Authorization"} & set(incoming.headers.keys()):
            return by_cookie(database, incoming, secret)
        text = incoming.headers.get("X-API-Key") or bearer_token(incoming)
        if text.startswith(API_KEY_PREFIX):
            return _by_key(database, text)
        if "X-API-Key" in incoming.headers:
            raise unauthorized()
        try:
            claims = keyring.verify(text, longest)
        except TokenRefused as reason:
            raise unauthorized() from reason
        return Principal(claims.subject, claims.name, claims.roles, claims.superiors)

    return identify


def _by_key(database: Database, text: str) -> Principal:
    usable = len(text) <= _LONGEST_KEY and text.isascii()
    found = database.read(lambda connection: principal_of_key(connection, text)) if usable else None
    if found is None:
        raise unauthorized()
    return found
