"""Logging in and out, and who one is."""

from __future__ import annotations

from typing import Any, NoReturn

from gateway.api.direct import direct
from gateway.api.parts import caller_address, parts
from gateway.auth.passwords import LONGEST, require_strong
from gateway.auth.sessions import LoginFailed, Tokens, TooManyTries
from gateway.auth.users import find_user
from libs.common.db import Connection
from libs.common.errors import Refused
from libs.common.web import ANY, PUBLIC, Noun, Strict, fields, principal
from libs.common.web.problems import EdgeError

auth = Noun("auth", "/api/v1/auth", description="Logging in")
_TOKEN = fields.Text(
    max=100, required=True, metadata={"description": "The refresh token of the last answer."}
)


class LoginIn(Strict):
    """Who one claims to be."""

    username = fields.Text(max=64, required=True)
    password = fields.Text(max=LONGEST, required=True)


class RefreshIn(Strict):
    """The refresh token, which serves once."""

    refresh_token = _TOKEN


class TokensOut(Strict):
    """Tokens: the access token goes into ``Authorization: Bearer``."""

    access_token = fields.Text(max=4000)
    refresh_token = fields.Text(max=100)
    expires_in = fields.CountField(metadata={"description": "Seconds until the access token expires."})
    token_type = fields.Choice("Bearer")


class MeOut(Strict):
    """Who is logged in."""

    id = fields.Text(max=64)
    username = fields.Text(max=64, allow_none=True)
    name = fields.Text(max=200)
    roles = fields.ListOf(fields.Text(max=32))


class PasswordIn(Strict):
    """A new password of one's own."""

    current = fields.Text(max=LONGEST, required=True)
    password = fields.Text(max=LONGEST, required=True)


def login_failed() -> NoReturn:
    """Refuse, without a word on whether it was the name or the password."""
    raise EdgeError(
        401,
        "login_failed",
        "These credentials are not valid.",
        cure="Check them, or log in again.",
        headers={"WWW-Authenticate": 'Bearer realm="meridian"'},
    )


def too_many(error: TooManyTries) -> NoReturn:
    """Refuse, and say when to try again."""
    raise EdgeError(
        429,
        "too_many_tries",
        f"Too many failed tries. Wait {error.seconds} s.",
        headers={"Retry-After": str(error.seconds)},
    )


def _shown(tokens: Tokens) -> dict[str, Any]:
    return {**vars(tokens), "token_type": "Bearer"}  # nosec B105 # a word of RFC 6750


@direct(
    auth,
    "POST",
    "/login",
    roles=PUBLIC,
    body=LoginIn,
    answer=TokensOut,
    summary="Log in with name and password",
    refusals=(401, 429),
)
def login(body: dict[str, str]) -> dict[str, Any]:
    """Give tokens for the right password; the same answer after the same work for a name that does not exist."""
    parts().forgetting.when_due()
    try:
        return _shown(parts().sessions.login(body["username"], body["password"], caller_address()))
    except LoginFailed:
        login_failed()
    except TooManyTries as error:
        too_many(error)


@direct(
    auth,
    "POST",
    "/refresh",
    roles=PUBLIC,
    body=RefreshIn,
    answer=TokensOut,
    summary="Renew the tokens; a refresh token serves once",
    refusals=(401,),
)
def refresh(body: dict[str, str]) -> dict[str, Any]:
    """Give new tokens; a token that comes twice was stolen or lost, and its session ends."""
    try:
        return _shown(parts().sessions.refresh(body["refresh_token"]))
    except LoginFailed:
        login_failed()


@direct(auth, "POST", "/logout", roles=PUBLIC, body=RefreshIn, summary="End the session")
def logout(body: dict[str, str]) -> None:
    """End the session of the refresh token; access tokens given before live on for their few minutes."""
    parts().sessions.logout(body["refresh_token"])


@direct(
    auth,
    "POST",
    "/password",
    roles=ANY,
    body=PasswordIn,
    summary="Change one's own password; every session ends",
    refusals=(401, 409, 429),
)
def change_password(body: dict[str, str]) -> None:
    """Replace the password of the user who asks."""
    here, who = parts(), principal()
    user = here.database.read(lambda connection: find_user(connection, who.subject))
    if user is None:
        raise Refused("A program has no password.", cure="Make a new API key and revoke the old one.")
    require_strong(body["password"], user.username)
    try:
        here.sessions.change_password(who.subject, body["current"], body["password"], caller_address())
    except LoginFailed:
        login_failed()
    except TooManyTries as error:
        too_many(error)


@auth.query("/me", answer=MeOut, roles=ANY, summary="Who is logged in")
def me(connection: Connection) -> dict[str, Any]:
    """Show the user, or the program, as the token names it."""
    who = principal()
    user = find_user(connection, who.subject)
    return {
        "id": who.subject,
        "username": user.username if user else None,
        "name": who.name,
        "roles": sorted(who.roles),
    }
