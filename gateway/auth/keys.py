"""The keys that sign tokens, read again when their file changes, so that a rotation needs no restart."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from libs.common.clock import Clock, SystemClock
from libs.common.web import Principal, SigningKeys, TokenKeys
from libs.common.web.tokens import INTERNAL_LIFETIME, Claims

AUDIENCE = "meridian-gateway"
KEPT = 2
_RENEW_BEFORE = timedelta(seconds=20)
_REMEMBERED = 2048


class Keyring:
    """Signs and verifies with the present keys; internal tokens are reused while they have 20 s or more to live."""

    def __init__(self, keys: SigningKeys, *, file: Path | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._file = file
        self._stamp = self._file_stamp()
        self._take(keys)

    def _take(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._known = keys.key_ids
        self._verifier: TokenKeys = keys.verifier()
        self._internal: dict[tuple[str, Principal], tuple[datetime, str]] = {}

    def _file_stamp(self) -> tuple[int, int] | None:
        if self._file is None or not self._file.exists():
            return None
        status = self._file.stat()
        return status.st_mtime_ns, status.st_size

    def _current(self) -> SigningKeys:
        with self._lock:
            stamp = self._file_stamp()
            if self._file is not None and stamp != self._stamp:
                self._take(SigningKeys.load(self._file, clock=self._clock))
                self._stamp = stamp
            elif self._keys.key_ids != self._known:
                self._take(self._keys)
            return self._keys

    def access_token(self, who: Principal, lifetime: timedelta) -> str:
        """Return a token with which ``who`` may call the gateway."""
        return self._current().sign(
            subject=who.subject,
            audience=AUDIENCE,
            name=who.name,
            roles=who.roles,
            superiors=who.superiors,
            lifetime=lifetime,
        )

    def verify(self, token: str, longest: timedelta) -> Claims:
        """Return what an access token says; ``TokenRefused`` when it is not valid here."""
        self._current()
        return self._verifier.verify(token, audience=AUDIENCE, max_lifetime=longest)

    def internal_token(self, who: Principal, service: str) -> str:
        """Return a token with which the gateway speaks to ``service`` for ``who`` (60 s at most)."""
        keys, now = self._current(), self._clock.now()
        remembered = (service, who)
        found = self._internal.get(remembered)
        if found is not None and found[0] - now >= _RENEW_BEFORE:
            return found[1]
        token = keys.sign(
            subject=who.subject,
            audience=service,
            name=who.name,
            roles=who.roles,
            superiors=who.superiors,
        )
        if len(self._internal) >= _REMEMBERED:
            self._internal.clear()
        self._internal[remembered] = (now + INTERNAL_LIFETIME, token)
        return token


def rotate_keys(signing_keys_file: Path, token_keys_file: Path) -> str:
    """Sign with a new key from now on and return its id; the one before still verifies, older ones are retired.

    The public half is written first, so that no service meets a token of a key that it does not know. A token
    lives ten minutes at most: rotate no more often than that, or people must log in again.
    """
    keys = SigningKeys.load(signing_keys_file)
    key_id = keys.rotate()
    for old in keys.key_ids[:-KEPT]:
        keys.retire(old)
    keys.publish(token_keys_file)
    keys.save(signing_keys_file)
    return key_id
