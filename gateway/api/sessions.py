"""The console's session: a cookie that scripts cannot read, and the token that must go with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, after_this_request, request

from gateway.api.auth import LoginIn, MeOut, login_failed, too_many
from gateway.api.direct import direct
from gateway.api.parts import caller_address, parts
from gateway.auth.cookies import COOKIE, require_own_page
from gateway.auth.secrets import csrf_token
from gateway.auth.sessions import LoginFailed, TooManyTries
from gateway.auth.users import find_user
from libs.common.web import ANY, PUBLIC, Noun, Strict, fields, principal

sessions = Noun("sessions", "/api/v1/auth/session", description="The console's session")


class SessionOut(Strict):
    """Who is logged in; ``csrf_token`` goes into ``X-CSRF-Token`` of whatever changes something."""

    user = fields.Nested(MeOut)
    csrf_token = fields.Text(
        max=64, allow_none=True, metadata={"description": "None for who sends a token instead of the cookie."}
    )
    company_zone = fields.Text(
        max=64,
        metadata={"description": "The time zone, by its IANA name, in which the company's days begin."},
    )


@direct(
    sessions,
    "POST",
    "",
    roles=PUBLIC,
    body=LoginIn,
    answer=SessionOut,
    summary="Log a browser in",
    refusals=(401, 403, 429),
)
def begin(body: dict[str, str]) -> dict[str, Any]:
    """Set the cookie for the right password; it is for this site alone and no script reads it."""
    require_own_page(request)
    parts().forgetting.when_due()
    try:
        cookie = parts().sessions.login_by_cookie(body["username"], body["password"], caller_address())
    except LoginFailed:
        login_failed()
    except TooManyTries as error:
        too_many(error)
    _set(cookie.secret, cookie.lifetime)
    user = cookie.user
    shown = {"id": user.id, "username": user.username, "name": user.name, "roles": sorted(user.roles)}
    return {"user": shown, "csrf_token": csrf_token(cookie.secret), "company_zone": parts().company_zone.key}


@direct(sessions, "GET", "", roles=ANY, answer=SessionOut, summary="Whose browser it is")
def show() -> dict[str, Any]:
    """Tell the page who is logged in, and the token that it must send."""
    who, secret = principal(), request.cookies.get(COOKIE)
    user = parts().database.read(lambda connection: find_user(connection, who.subject))
    return {
        "user": {
            "id": who.subject,
            "username": user.username if user else None,
            "name": who.name,
            "roles": sorted(who.roles),
        },
        "csrf_token": csrf_token(secret) if secret else None,
        "company_zone": parts().company_zone.key,
    }


@direct(sessions, "DELETE", "", roles=ANY, summary="Log the browser out")
def end() -> None:
    """End the session of the cookie, and take the cookie away."""
    secret = request.cookies.get(COOKIE)
    if secret is not None:
        parts().sessions.end_cookie(secret)
        _set("", timedelta(0))


def _set(secret: str, lifetime: timedelta) -> None:
    # A proxy that ends TLS asks us over plain HTTP: the page's own origin tells which of the two the browser speaks.
    secure = request.is_secure or urlsplit(request.headers.get("Origin", "")).scheme == "https"

    def add(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(lifetime.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=secure,
            path="/",
        )
        return response

    after_this_request(add)
