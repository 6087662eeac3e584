"""One running saga as it stands: its row, its step log and its timers. What changes is noted; ``store`` writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from libs.common.ids import derived_id

State = Literal["running", "done", "compensated"]
Direction = Literal["forward", "compensating"]
Status = Literal["sent", "waiting", "done", "refused", "undone", "given_up", "late", "early", "used"]
TimerName = Literal["ask_again", "deadline"]
OPEN: tuple[Status, ...] = ("sent", "waiting")


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
    ask_again_at: datetime | None
    deadline_at: datetime | None
    created_at: datetime
    updated_at: datetime
    steps: list[LoggedStep] = field(default_factory=list)
    changed_lines: dict[str, LoggedStep] = field(default_factory=dict)
    """Lines of the log that are new or different from what is stored, by id."""

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


def add_line(instance: Instance, line: LoggedStep) -> None:
    """Append ``line`` to the log."""
    instance.steps.append(line)
    change_line(instance, line)


def change_line(instance: Instance, line: LoggedStep) -> None:
    """Note that ``line`` is to be written."""
    instance.changed_lines[line.id] = line


def set_timer(instance: Instance, name: TimerName, due_at: datetime | None) -> None:
    """Let a timer fire at ``due_at``, or not at all."""
    if name == "ask_again":
        instance.ask_again_at = due_at
    else:
        instance.deadline_at = due_at


def timer_of(instance: Instance, name: TimerName) -> datetime | None:
    """Return when a timer fires; ``None`` when it does not."""
    return instance.ask_again_at if name == "ask_again" else instance.deadline_at
