"""Passwords: argon2id, the same work for a user that does not exist, and few hashes at a time."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from libs.common.errors import Invalid

SHORTEST, LONGEST = 10, 128
AT_ONCE = 4


class Passwords:
    """Hashes and verifies, at most four at once: each takes ``memory_kib``, and logins may come in crowds."""

    def __init__(self, *, memory_kib: int = 65536, rounds: int = 3) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """Return the hash to store."""
        with self._turns:
            return self._hasher.hash(_normal(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Tell whether ``password`` belongs to the hash; without a hash, work as long and say no."""
        with self._turns:
            try:
                return self._hasher.verify(stored or self._nobody, _normal(password)) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, stored: str) -> bool:
        """Tell whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def require_strong(password: str, username: str) -> None:
    """Refuse a password that is short or is the user's own name (``Invalid``)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"The password must have {SHORTEST} to {LONGEST} characters.",
            field="password",
            cure="Choose a longer one; a sentence is good.",
        )
    if username.lower() in password.lower() or len(set(password)) < 4:
        raise Invalid("The password is easy to guess.", field="password", cure="Choose another one.")
