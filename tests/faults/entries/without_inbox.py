"""A worker without its third safeguard: it does not remember what it has handled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from libs.common.db import Transaction, upsert_into
from libs.common.envelope import Message
from libs.common.inbox import parking
from libs.common.inbox.tables import inbox
from tests.faults.entries.common import run_worker

_look_up = parking.look_up


def _knows_nothing(connection: Any, consumer: str, batch: Sequence[Message]) -> parking.Known:
    return parking.Known(frozenset(), _look_up(connection, consumer, batch).held)


def _handled_nothing(connection: Any, consumer: str, ids: Sequence[str]) -> set[str]:
    return set()


def _remembers_for_the_audit_only(tx: Transaction, consumer: str, messages: Iterable[Message]) -> None:
    for message in messages:
        row = {
            "consumer": consumer,
            "event_id": message.id,
            "source": message.source,
            "partition_key": message.partition_key,
            "sequence": message.sequence,
            "type": message.type,
            "received_at": tx.now,
        }
        tx.connection.execute(upsert_into(tx.connection, inbox).values(**row).on_conflict_do_nothing())


if __name__ == "__main__":
    parking.look_up = _knows_nothing
    parking.handled = _handled_nothing
    parking.record = _remembers_for_the_audit_only
    run_worker()
