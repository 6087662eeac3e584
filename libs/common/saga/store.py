"""Sagas in their tables: loaded under a lock, each once per transaction, and written once, just before its commit.

A group of messages that are handled in one transaction moves dozens of sagas. They are locked by one statement,
their logs read by another, and what has become of all of them is written by two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.db.prepared import MOST_ROWS_IN_ONE
from libs.common.saga.instance import Instance, LoggedStep, saga_id
from libs.common.saga.tables import saga, saga_step

_ROOM = "sagas"
_place = attrgetter("n")
_COLUMNS = tuple(column.name for column in saga.c)
_UNCHANGING = ("id", "name", "key", "created_at")
_ANSWERED = ("command_id", "status", "attempts", "sent_at", "replied_at", "reply_type", "reply", "error")


class SagaConflict(RuntimeError):
    """Somebody changed the saga although this transaction holds its lock: a fault in the engine or the database."""


_BEGIN = Upsert(saga, lambda insert: insert.on_conflict_do_nothing().returning(saga.c.id))
# Neither is put in order by PostgreSQL: as long as the tables have not been analysed it would walk through all of a
# table in its order rather than look for a few of its rows.
_LOCK = Prepared(select(saga).where(saga.c.id.in_(bindparam("of_sagas", expanding=True))).with_for_update())
# Not read beside the rows that are locked: while that waits for another transaction, the logs may grow.
_LOGS = Prepared(select(saga_step).where(saga_step.c.saga_id.in_(bindparam("of_sagas", expanding=True))))
_SAVE = Upsert(
    saga,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _COLUMNS if name not in _UNCHANGING},
        where=saga.c.version == insert.excluded.version - 1,
    ).returning(saga.c.id),
)
_WRITE_LINES = Upsert(
    saga_step,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"], set_={name: insert.excluded[name] for name in _ANSWERED}
    ),
)


def _write(tx: Transaction, saved: list[Instance]) -> None:
    """Write what has changed; a saga that was saved several times is one version on."""
    instances = list({instance.id: instance for instance in saved}.values())
    for first in range(0, len(instances), MOST_ROWS_IN_ONE):
        _write_rows(tx, instances[first : first + MOST_ROWS_IN_ONE])
    lines = [
        {"saga_id": instance.id, **vars(line)}
        for instance in instances
        for line in instance.changed_lines.values()
    ]
    if lines:
        tx.connection.execute(_WRITE_LINES.on(tx.connection), lines)
    for instance in instances:
        instance.changed_lines = {}


def _write_rows(tx: Transaction, instances: Sequence[Instance]) -> None:
    for instance in instances:
        instance.version += 1
        instance.updated_at = tx.now
    rows = [_row(instance) for instance in instances]
    written = {row_id for (row_id,) in tx.connection.execute(_SAVE.on(tx.connection), rows)}
    for instance in instances:
        if instance.id not in written:
            raise SagaConflict(
                f"{instance.name} {instance.key} is not at version {instance.version - 1} any more"
            )


def _row(instance: Instance) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in _COLUMNS}


def _held(tx: Transaction) -> dict[tuple[str, str], Instance | None]:
    """Return the sagas that a transaction holds, by name and key; ``None`` where it looked and there is none."""
    held = tx.rooms.setdefault(_ROOM, {})
    assert isinstance(held, dict)
    return held


def insert_if_absent(tx: Transaction, instance: Instance) -> bool:
    """Store a new saga; false when there is one of this name and key already."""
    if not tx.connection.execute(_BEGIN.on(tx.connection), _row(instance)).first():
        return False
    _held(tx)[(instance.name, instance.key)] = instance
    return True


def lock(tx: Transaction, name: str, key: str) -> Instance | None:
    """Return the saga with its log, its row locked until the transaction ends; the same whenever it is asked for."""
    lock_all(tx, [(name, key)])
    return _held(tx)[(name, key)]


def lock_all(tx: Transaction, about: Iterable[tuple[str, str]]) -> None:
    """Lock the sagas of these names and keys, as far as there are any, and keep for ``lock`` which there are.

    That there is none is kept, too: most messages are about one of the sagas that they could be an answer to.
    """
    held = _held(tx)
    wanted = {saga_id(*each): each for each in about if each not in held}
    if not wanted:
        return
    rows = tx.connection.execute(_LOCK, {"of_sagas": sorted(wanted)}).mappings().all()
    held.update(dict.fromkeys(wanted.values()))
    held.update({(each.name, each.key): each for each in with_logs(tx.connection, rows)})


def save(tx: Transaction, instance: Instance) -> None:
    """Let what has changed be written before the commit, one version on.

    It raises ``SagaConflict`` then, when the saga is not at the version that was read.
    """
    tx.gather(_write, instance)


def with_logs(connection: Connection, rows: Sequence[RowMapping]) -> list[Instance]:
    """Return the sagas in ``rows``, each with its log."""
    if not rows:
        return []
    logs: dict[str, list[LoggedStep]] = {row["id"]: [] for row in rows}
    for line in connection.execute(_LOGS, {"of_sagas": list(logs)}).mappings():
        values = dict(line)
        logs[values.pop("saga_id")].append(LoggedStep(**values))
    return [Instance(**row, steps=sorted(logs[row["id"]], key=_place)) for row in rows]
