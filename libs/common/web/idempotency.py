"""Idempotency-Key: the same request sent twice has one effect and one answer.

The key's row is written first, in the same transaction as the change. A twin in flight therefore waits for the
row (or for the write lock) and then finds the stored answer; a request that is refused rolls its row back and
stores nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from flask import Request
from sqlalchemy import and_, bindparam, select, update

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.db.idempotency import idempotency
from libs.common.errors import Invalid
from libs.common.web.problems import EdgeError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?\Z", re.ASCII)
_THIS = and_(idempotency.c.subject == bindparam("of_subject"), idempotency.c.key == bindparam("of_key"))
# An INSERT's rowcount tells nothing; what it returns does.
_TAKE = Upsert(idempotency, lambda insert: insert.on_conflict_do_nothing().returning(idempotency.c.key))
_FIND = Prepared(select(idempotency).where(_THIS))
_KEEP = Prepared(update(idempotency).where(_THIS))


class IdempotencyKeyReused(Invalid):
    """The key was used before for a different request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class Answer:
    """What a command answers: status, JSON text and headers; ``replayed`` when it was given before."""

    status: int
    body: str
    headers: dict[str, str]
    replayed: bool = False


@dataclass(frozen=True)
class Claim:
    """One caller's key for one request."""

    subject: str
    key: str
    fingerprint: str

    def take(self, tx: Transaction) -> Answer | None:
        """Take the key in ``tx``; return the stored answer when the request was answered before.

        Waits while a twin is under way. Raises ``IdempotencyKeyReused`` when the key stands for another request.
        """
        row = {
            "subject": self.subject,
            "key": self.key,
            "fingerprint": self.fingerprint,
            "created_at": tx.now,
        }
        if tx.connection.execute(_TAKE.on(tx.connection), row).one_or_none() is not None:
            return None
        found = tx.connection.execute(_FIND, self._which).one_or_none()
        if found is None or found.fingerprint != self.fingerprint or found.status is None:
            raise IdempotencyKeyReused(
                "This Idempotency-Key was used for a different request.",
                field=HEADER,
                cure="Send a new key with a new request, and the same key only with the very same request.",
            )
        return Answer(found.status, found.body or "", dict(found.headers or {}), replayed=True)

    def store(self, tx: Transaction, answer: Answer) -> None:
        """Keep ``answer`` for the next time."""
        given = {"status": answer.status, "body": answer.body, "headers": answer.headers}
        tx.connection.execute(_KEEP, self._which | given)

    @property
    def _which(self) -> dict[str, str]:
        return {"of_subject": self.subject, "of_key": self.key}


def claim_of(request: Request, subject: str, raw_body: bytes) -> Claim | None:
    """Return the claim that the request's ``Idempotency-Key`` makes; ``None`` without one."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.match(key):
        raise EdgeError(
            422,
            "invalid",
            "The Idempotency-Key must be 1 to 255 printable ASCII characters.",
            field=HEADER,
            cure="Send a UUID.",
        )
    return Claim(subject, key, _fingerprint(request, raw_body))


def _fingerprint(request: Request, raw_body: bytes) -> str:
    body = hashlib.sha256(raw_body).hexdigest()
    return hashlib.sha256(f"{request.method}\n{request.full_path}\n{body}".encode()).hexdigest()
