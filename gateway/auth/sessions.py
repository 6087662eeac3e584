"""Logging in, staying logged in by refresh tokens that serve once, and logging out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from gateway.auth import throttle
from gateway.auth.keys import Keyring
from gateway.auth.passwords import Passwords
from gateway.auth.secrets import REFRESH_PREFIX, cookie_digest, new_secret
from gateway.store import sessions, users
from gateway.store.users import User
from libs.common.db import Database, Transaction
from libs.common.ids import secret_digest
from libs.common.observability import logger
from libs.common.web import Principal
from libs.common.web.tokens import MOST_SUPERIORS

_log = logger(__name__)


class LoginFailed(Exception):
    """Name and password do not belong together, or the session is over; the caller is not told more."""


class TooManyTries(Exception):
    """Nobody may try this name from this address for ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"blocked for {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Tokens:
    """What a login gives: a short access token and a refresh token that serves once."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True)
class Cookie:
    """What a browser's login gives: the secret of its cookie, and how long it serves."""

    secret: str
    user: User
    lifetime: timedelta


Given = TypeVar("Given", Tokens, Cookie)
Giver = Callable[[Transaction, str, User], Given]


def principal_of(user: User, superiors: tuple[str, ...] = ()) -> Principal:
    """Return the user as the services know them."""
    return Principal(user.id, user.name, frozenset(user.roles), superiors)


@dataclass(frozen=True)
class Sessions:
    """The life of a login; each method opens its own short transactions and hashes outside of them."""

    database: Database
    passwords: Passwords
    keyring: Keyring
    access_lifetime: timedelta
    refresh_lifetime: timedelta

    def login(self, username: str, password: str, address: str) -> Tokens:
        """Return tokens for the right password; ``LoginFailed`` or ``TooManyTries`` otherwise."""
        return self._login(username, password, address, self._tokens)

    def login_by_cookie(self, username: str, password: str, address: str) -> Cookie:
        """Like ``login``, for a browser: its session is known by one secret that no script can read."""
        return self._login(username, password, address, self._cookie)

    def _login(self, username: str, password: str, address: str, give: Giver[Given]) -> Given:
        key = throttle.key_of(username, address)
        wait = self.database.transact(lambda tx: throttle.take_turn(tx, key))
        if wait:
            raise TooManyTries(wait)
        user = self.database.read(lambda connection: users.find_by_username(connection, username))
        matches = self.passwords.matches(user.password_hash if user else None, password)
        if user is None or not matches or not user.active:
            _log.warning("login_failed", address=address)
            raise LoginFailed
        fresh = self.passwords.hash(password) if self.passwords.outdated(user.password_hash) else None
        return self.database.transact(lambda tx: self._open(tx, key, user, fresh, give))

    def _open(
        self, tx: Transaction, key: str, user: User, fresh_hash: str | None, give: Giver[Given]
    ) -> Given:
        throttle.succeeded(tx, key)
        if fresh_hash is not None:
            users.set_password_hash(tx, user.id, fresh_hash)
        session_id = sessions.open_session(tx, user.id, tx.now + self.refresh_lifetime)
        return give(tx, session_id, user)

    def _cookie(self, tx: Transaction, session_id: str, user: User) -> Cookie:
        secret = new_secret()
        sessions.add_token(tx, session_id, cookie_digest(secret))
        return Cookie(secret, user, self.refresh_lifetime)

    def _tokens(self, tx: Transaction, session_id: str, user: User) -> Tokens:
        secret = REFRESH_PREFIX + new_secret()
        sessions.add_token(tx, session_id, secret_digest(secret))
        who = principal_of(user, users.superiors_of(tx.connection, user, MOST_SUPERIORS))
        access = self.keyring.access_token(who, self.access_lifetime)
        return Tokens(access, secret, int(self.access_lifetime.total_seconds()))

    def refresh(self, token: str) -> Tokens:
        """Return new tokens for a refresh token; using one twice ends its session (``LoginFailed``)."""
        tokens = self.database.transact(lambda tx: self._refresh(tx, secret_digest(token)))
        if tokens is None:
            raise LoginFailed
        return tokens

    def _refresh(self, tx: Transaction, token_hash: str) -> Tokens | None:
        session = sessions.session_of(tx, token_hash)
        if session is None or session["ended_at"] is not None or session["expires_at"] <= tx.now:
            return None
        if not sessions.use_token(tx, token_hash):
            _log.warning("refresh_token_reused", session=session["id"], user=session["user_id"])
            sessions.end_session(tx, session["id"], "token_reused")
            return None
        user = users.find(tx.connection, session["user_id"])
        if user is None or not user.active:
            sessions.end_session(tx, session["id"], "user_inactive")
            return None
        return self._tokens(tx, session["id"], user)

    def logout(self, token: str) -> None:
        """End the session of a refresh token; an unknown token is no error."""
        self.database.transact(lambda tx: self._logout(tx, secret_digest(token)))

    def end_cookie(self, secret: str) -> None:
        """End the session of a browser; an unknown secret is no error."""
        self.database.transact(lambda tx: self._logout(tx, cookie_digest(secret)))

    def _logout(self, tx: Transaction, token_hash: str) -> None:
        session = sessions.session_of(tx, token_hash)
        if session is not None:
            sessions.end_session(tx, session["id"], "logout")

    def change_password(self, user_id: str, current: str, password: str, address: str) -> None:
        """Replace a user's own password and end all sessions; ``LoginFailed`` when ``current`` is wrong.

        The new one is hashed last: who does not know the current one, or is slowed down, costs no second hash.
        """
        user = self.database.read(lambda connection: users.find(connection, user_id))
        key = throttle.key_of(user.username if user else user_id, address)
        wait = self.database.transact(lambda tx: throttle.take_turn(tx, key))
        if wait:
            raise TooManyTries(wait)
        if user is None or not self.passwords.matches(user.password_hash, current):
            raise LoginFailed
        new_hash = self.passwords.hash(password)

        def change(tx: Transaction) -> None:
            throttle.succeeded(tx, key)
            users.set_password_hash(tx, user.id, new_hash)
            sessions.end_all(tx, user.id, "password_changed")

        self.database.transact(change)
