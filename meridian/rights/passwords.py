"""The passwords of database roles and broker users, and the forms in which the servers keep them.

A server is only ever told a password's salted digest, so no log, process list or definition file gives one away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from meridian.rights.broker import BROKER_USERS
from meridian.target import write_private
from meridian.topography import STORES

_SCRAM_ROUNDS = 4096
_FILE = "passwords.json"


@dataclass(frozen=True)
class Passwords:
    """One system's passwords: of each database's owner and run-time role by store, and of each broker user."""

    owners: dict[str, str] = field(repr=False)
    stores: dict[str, str] = field(repr=False)
    broker: dict[str, str] = field(repr=False)

    @classmethod
    def fresh(cls) -> Passwords:
        """Return new passwords of 192 bits each."""
        return cls(_for_each(STORES), _for_each(STORES), _for_each(BROKER_USERS))

    @classmethod
    def of_home(cls, home: Path) -> Passwords:
        """Return the passwords of the system in ``home``, made and kept there at the first call."""
        file = home / _FILE
        if file.exists():
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        made = cls.fresh()
        write_private(file, json.dumps(asdict(made), indent=2))
        return made


def forget_passwords(home: Path) -> None:
    """Remove the passwords of ``home``, whose servers know them no longer."""
    (home / _FILE).unlink(missing_ok=True)


def _for_each(names: tuple[str, ...]) -> dict[str, str]:
    return {name: secrets.token_urlsafe(24) for name in names}


def scram_verifier(password: str) -> str:
    """Return ``password`` as PostgreSQL stores it: SCRAM-SHA-256 with a fresh salt (RFC 5802). ASCII only."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def broker_hash(password: str) -> str:
    """Return ``password`` as RabbitMQ stores it: a salt, then the SHA-256 of salt and password, in base64."""
    salt = secrets.token_bytes(4)
    return _text(salt + hashlib.sha256(salt + password.encode()).digest())


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
