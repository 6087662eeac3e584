"""One running saga: its row, its step log and its timers, loaded under a lock and saved by compare-and-set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.ids import derived_id
from libs.common.saga.tables import saga, saga_step, saga_timer

State = Literal["running", "done", "compensated"]
Direction = Literal["forward", "compensating"]
Status = Literal["sent", "waiting", "done", "refused", "undone", "given_up", "late", "early", "used"]
TimerName = Literal["ask_again", "deadline"]
OPEN: tuple[Status, ...] = ("sent", "waiting")


class SagaConflict(RuntimeError):
    """Somebody changed the saga although this transaction holds its lock: a fault in the engine or the database."""


@dataclass
class LoggedStep:
    """One line of the step log: a step going one way, or a reply that was not applied."""

    id: str
    n: int
    step: str
    direction: Direction
    status: Status
    command_id: str | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    replied_at: datetime | None = None
    reply_type: str | None = None
    reply: dict[str, Any] | None = None
    error: str | None = None


@dataclass
class Instance:
    """One conversation as it stands; ``steps`` is its log in order."""

    id: str
    name: str
    definition_version: int
    key: str
    step: str | None
    state: State
    direction: Direction
    needs_attention: bool
    version: int
    data: dict[str, Any]
    correlation_id: str
    reason: str | None
    deadline_at: datetime | None
    created_at: datetime
    updated_at: datetime
    steps: list[LoggedStep] = field(default_factory=list)

    @property
    def open_step(self) -> LoggedStep | None:
        """The line of the log that waits for its answer."""
        lines = (line for line in reversed(self.steps) if line.status in OPEN and line.step == self.step)
        return next((line for line in lines if line.direction == self.direction), None)

    def command_id(self, step: str, direction: Direction, attempt: int) -> str:
        """Return the id of the command of an attempt: the same however often it is worked out."""
        return derived_id(self.id, step, direction, str(attempt))

    def asks(self, step: str, direction: Direction) -> int:
        """Return how often the command of ``step`` in ``direction`` was sent."""
        lines = (line for line in self.steps if (line.step, line.direction) == (step, direction))
        return sum(line.attempts for line in lines)

    def step_that_asked(self, message_id: str | None) -> str | None:
        """Return the step whose command, in either direction, has the id ``message_id``; ``None`` if none has."""
        asked = dict.fromkeys((line.step, line.direction) for line in self.steps if line.attempts)
        for step, direction in asked if message_id else ():
            attempts = range(1, self.asks(step, direction) + 1)
            if any(self.command_id(step, direction, attempt) == message_id for attempt in attempts):
                return step
        return None


def saga_id(name: str, key: str) -> str:
    """Return the id of the saga ``name`` about ``key``."""
    return derived_id("saga", name, key)


def insert_if_absent(tx: Transaction, instance: Instance) -> bool:
    """Store a new saga; false when there is one of this name and key already."""
    columns = {name: value for name, value in vars(instance).items() if name != "steps"}
    statement = upsert_into(tx.connection, saga).values(**columns).on_conflict_do_nothing()
    return bool(tx.connection.execute(statement.returning(saga.c.id)).first())


def lock(tx: Transaction, name: str, key: str) -> Instance | None:
    """Return the saga with its log, its row locked until the transaction ends."""
    query = select(saga).where(saga.c.name == name, saga.c.key == key).with_for_update()
    row = tx.connection.execute(query).mappings().first()
    return None if row is None else with_log(tx.connection, row)


def with_log(connection: Connection, row: RowMapping) -> Instance:
    """Return the saga in ``row`` together with its log."""
    query = select(saga_step).where(saga_step.c.saga_id == row["id"]).order_by(saga_step.c.n)
    return Instance(**row, steps=[_line(line) for line in connection.execute(query).mappings()])


def _line(row: RowMapping) -> LoggedStep:
    return LoggedStep(**{name: value for name, value in row.items() if name != "saga_id"})


def save(tx: Transaction, instance: Instance) -> None:
    """Write the saga's row, one version on; ``SagaConflict`` when it is not the version that was read."""
    instance.version += 1
    instance.updated_at = tx.now
    columns = {name: value for name, value in vars(instance).items() if name not in ("steps", "id")}
    unchanged = and_(saga.c.id == instance.id, saga.c.version == instance.version - 1)
    if tx.connection.execute(update(saga).where(unchanged).values(**columns)).rowcount != 1:
        raise SagaConflict(
            f"{instance.name} {instance.key} is not at version {instance.version - 1} any more"
        )


def insert_line(tx: Transaction, instance: Instance, line: LoggedStep) -> None:
    """Store a new line of the log."""
    tx.connection.execute(insert(saga_step).values(saga_id=instance.id, **vars(line)))


def add_line(tx: Transaction, instance: Instance, line: LoggedStep) -> None:
    """Append ``line`` to the log and store it."""
    instance.steps.append(line)
    insert_line(tx, instance, line)


def save_line(tx: Transaction, line: LoggedStep) -> None:
    """Write a changed line of the log."""
    tx.connection.execute(update(saga_step).where(saga_step.c.id == line.id).values(**vars(line)))


def set_timers(tx: Transaction, instance: Instance, due: dict[TimerName, datetime]) -> None:
    """Replace the saga's live timers by ``due``."""
    clear_timers(tx, instance)
    rows = [
        {"id": tx.new_id(), "saga_id": instance.id, "name": name, "due_at": moment, "fired_at": None}
        for name, moment in due.items()
    ]
    tx.connection.execute(insert(saga_timer), rows)


def set_timer(tx: Transaction, instance: Instance, name: TimerName, due_at: datetime) -> None:
    """Set one timer, leaving the others."""
    values = {"id": tx.new_id(), "saga_id": instance.id, "name": name, "due_at": due_at, "fired_at": None}
    tx.connection.execute(insert(saga_timer).values(**values))


def clear_timer(tx: Transaction, instance: Instance, name: TimerName) -> None:
    """Remove one timer if it has not fired."""
    live = and_(
        saga_timer.c.saga_id == instance.id, saga_timer.c.fired_at.is_(None), saga_timer.c.name == name
    )
    tx.connection.execute(delete(saga_timer).where(live))


def forget_timers(tx: Transaction, instance: Instance) -> None:
    """Remove every timer of a saga that has ended."""
    tx.connection.execute(delete(saga_timer).where(saga_timer.c.saga_id == instance.id))


def clear_timers(tx: Transaction, instance: Instance) -> None:
    """Remove the timers that have not fired."""
    live = and_(saga_timer.c.saga_id == instance.id, saga_timer.c.fired_at.is_(None))
    tx.connection.execute(delete(saga_timer).where(live))
