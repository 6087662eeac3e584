"""One running saga: its row, its step log and its timers, loaded under a lock and saved by compare-and-set.

What changes on the way is noted in the instance and written once, by ``save``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.ids import derived_id
from libs.common.saga.tables import saga, saga_step, saga_timer

State = Literal["running", "done", "compensated"]
Direction = Literal["forward", "compensating"]
Status = Literal["sent", "waiting", "done", "refused", "undone", "given_up", "late", "early", "used"]
TimerName = Literal["ask_again", "deadline"]
OPEN: tuple[Status, ...] = ("sent", "waiting")
TIMERS: tuple[TimerName, ...] = ("ask_again", "deadline")


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
    changed_lines: dict[str, LoggedStep] = field(default_factory=dict)
    """Lines of the log that are new or different from what is stored, by id."""

    changed_timers: dict[TimerName, datetime | None] = field(default_factory=dict)
    """When a timer is to fire from now on; ``None`` when it is not to fire."""

    @property
    def columns(self) -> dict[str, Any]:
        """The saga's own row."""
        return {name: getattr(self, name) for name in _COLUMNS}

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


_COLUMNS = tuple(column.name for column in saga.c)
_BEGIN = Upsert(saga, lambda insert: insert.on_conflict_do_nothing().returning(saga.c.id))
_LOCK = Prepared(
    select(saga)
    .where(saga.c.name == bindparam("of_name"), saga.c.key == bindparam("of_key"))
    .with_for_update()
)
_LOG = Prepared(select(saga_step).where(saga_step.c.saga_id == bindparam("of_saga")).order_by(saga_step.c.n))
_SAVE = Prepared(
    update(saga).where(saga.c.id == bindparam("of_saga"), saga.c.version == bindparam("of_version"))
)
_WRITE_LINES = Upsert(
    saga_step,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={
            name: insert.excluded[name]
            for name in (
                "command_id",
                "status",
                "attempts",
                "sent_at",
                "replied_at",
                "reply_type",
                "reply",
                "error",
            )
        },
    ),
)
_SET_TIMERS = Upsert(
    saga_timer,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"], set_={"due_at": insert.excluded.due_at, "fired_at": None}
    ),
)
_CLEAR_TIMERS = Prepared(delete(saga_timer).where(saga_timer.c.id.in_(bindparam("ids", expanding=True))))
_FORGET_TIMERS = Prepared(delete(saga_timer).where(saga_timer.c.saga_id == bindparam("of_saga")))


def insert_if_absent(tx: Transaction, instance: Instance) -> bool:
    """Store a new saga; false when there is one of this name and key already."""
    return bool(tx.connection.execute(_BEGIN.on(tx.connection), instance.columns).first())


def lock(tx: Transaction, name: str, key: str) -> Instance | None:
    """Return the saga with its log, its row locked until the transaction ends."""
    row = tx.connection.execute(_LOCK, {"of_name": name, "of_key": key}).mappings().first()
    return None if row is None else with_log(tx.connection, row)


def with_log(connection: Connection, row: RowMapping) -> Instance:
    """Return the saga in ``row`` together with its log."""
    log = connection.execute(_LOG, {"of_saga": row["id"]}).mappings()
    return Instance(**row, steps=[_line(line) for line in log])


def _line(row: RowMapping) -> LoggedStep:
    return LoggedStep(**{name: value for name, value in row.items() if name != "saga_id"})


def save(tx: Transaction, instance: Instance) -> None:
    """Write what has changed, one version on; ``SagaConflict`` when it is not the version that was read."""
    instance.version += 1
    instance.updated_at = tx.now
    before = {"of_saga": instance.id, "of_version": instance.version - 1}
    if tx.connection.execute(_SAVE, before | instance.columns).rowcount != 1:
        raise SagaConflict(
            f"{instance.name} {instance.key} is not at version {instance.version - 1} any more"
        )
    lines = [{"saga_id": instance.id, **vars(line)} for line in instance.changed_lines.values()]
    if lines:
        tx.connection.execute(_WRITE_LINES.on(tx.connection), lines)
        instance.changed_lines = {}
    _save_timers(tx, instance)


def _save_timers(tx: Transaction, instance: Instance) -> None:
    changed, instance.changed_timers = instance.changed_timers, {}
    if instance.state != "running":
        tx.connection.execute(_FORGET_TIMERS, {"of_saga": instance.id})
        return
    live = [
        {
            "id": _timer_id(instance, name),
            "saga_id": instance.id,
            "name": name,
            "due_at": due,
            "fired_at": None,
        }
        for name, due in changed.items()
        if due is not None
    ]
    if live:
        tx.connection.execute(_SET_TIMERS.on(tx.connection), live)
    gone = [_timer_id(instance, name) for name, due in changed.items() if due is None]
    if gone:
        tx.connection.execute(_CLEAR_TIMERS, {"ids": gone})


def _timer_id(instance: Instance, name: TimerName) -> str:
    """Return the id of a saga's timer: there is one of each name, set again and again."""
    return derived_id("timer", instance.id, name)


def add_line(instance: Instance, line: LoggedStep) -> None:
    """Append ``line`` to the log."""
    instance.steps.append(line)
    change_line(instance, line)


def change_line(instance: Instance, line: LoggedStep) -> None:
    """Note that ``line`` is to be written."""
    instance.changed_lines[line.id] = line


def set_timers(instance: Instance, due: dict[TimerName, datetime]) -> None:
    """Let the timers of ``due`` fire, and no other."""
    instance.changed_timers.update({name: due.get(name) for name in TIMERS})


def set_timer(instance: Instance, name: TimerName, due_at: datetime) -> None:
    """Set one timer, leaving the other."""
    instance.changed_timers[name] = due_at


def clear_timer(instance: Instance, name: TimerName) -> None:
    """Let one timer not fire."""
    instance.changed_timers[name] = None
