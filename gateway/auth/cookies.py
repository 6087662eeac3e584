"""Knowing a browser by its cookie, and telling what the console's own page asks from what a foreign page has it ask.

A browser sends the cookie with whatever any page makes it send. So a request that changes something needs two more:
an ``Origin`` that is ours when one is named, and a token that only our own page can have read.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request

from gateway.auth.secrets import cookie_digest, csrf_token, same
from gateway.auth.sessions import principal_of
from gateway.store import sessions, users
from gateway.store.users import User
from libs.common.db import Connection, Database
from libs.common.web import Principal
from libs.common.web.edge import unauthorized
from libs.common.web.problems import EdgeError
from libs.common.web.tokens import MOST_SUPERIORS

COOKIE = "meridian_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_LONGEST = 100


def by_cookie(database: Database, incoming: Request, secret: str) -> Principal:
    """Return whose browser it is; 401 when its session is over, 403 when it was not our page that asked."""
    found = database.read(lambda connection: _find(connection, secret, database))
    if found is None:
        raise unauthorized()
    if incoming.method not in _SAFE:
        require_own_page(incoming)
        _require_csrf_token(incoming, secret)
    user, superiors = found
    return principal_of(user, superiors)


def still_the_same(database: Database, secret: str, who: Principal) -> bool:
    """Tell whether the session of a cookie is open still, and its user has the roles of ``who`` still."""
    found = database.read(lambda connection: _find(connection, secret, database))
    return found is not None and frozenset(found[0].roles) == frozenset(who.roles)


def _find(connection: Connection, secret: str, database: Database) -> tuple[User, tuple[str, ...]] | None:
    if len(secret) > _LONGEST or not secret.isascii():
        return None
    user = sessions.user_of(connection, cookie_digest(secret), database.clock.now())
    if user is None:
        return None
    return user, users.superiors_of(connection, user, MOST_SUPERIORS)


def require_own_page(incoming: Request) -> None:
    """Refuse (403) what a page of another origin has a browser send; programs name no origin."""
    origin = incoming.headers.get("Origin")
    site = incoming.headers.get("Sec-Fetch-Site", "same-origin")
    if (origin is not None and urlsplit(origin).netloc != incoming.host) or site not in (
        "same-origin",
        "none",
    ):
        raise EdgeError(
            403,
            "foreign_origin",
            "This request comes from a page of another origin.",
            field="Origin",
            cure="Send it from the console, or use a token instead of the cookie.",
        )


def _require_csrf_token(incoming: Request, secret: str) -> None:
    sent = incoming.headers.get(CSRF_HEADER, "")
    if not sent.isascii() or not same(sent, csrf_token(secret)):
        raise EdgeError(
            403,
            "csrf_token",
            "The token that must go with the cookie is missing or not right.",
            field=CSRF_HEADER,
            cure="Send the csrf_token of GET /api/v1/auth/session in this header.",
        )
