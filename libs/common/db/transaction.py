"""The unit of work: one connection, one moment, one cause, and what shall happen around its commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from libs.common.ids import Ids

T = TypeVar("T")


@dataclass(frozen=True)
class Cause:
    """Why a change happens: the conversation, the message that led to it, who acts, and the trace.

    ``superiors`` are those of the person who acts, the direct one first, as far as that person's token names them.
    """

    correlation_id: str | None = None
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None
    superiors: tuple[str, ...] = ()


class Transaction:
    """One unit of work. Use cases receive it; only ``Database.transact`` makes and commits it.

    ``now`` is read once, so that everything a transaction writes bears the same time.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        service: str,
        now: datetime,
        ids: Ids,
        cause: Cause,
        announce: Callable[[], None] | None = None,
    ) -> None:
        self.connection = connection
        self.service = service
        self.now = now
        self.cause = cause
        self.announce = announce
        self._ids = ids
        self._before_commit: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []
        self._gathered: dict[Any, list[Any]] = {}
        self.rooms: dict[str, object] = {}
        self.is_undone = False

    def new_id(self) -> str:
        """Return a new UUIDv7 as text."""
        return self._ids.new()

    def before_commit(self, act: Callable[[], None]) -> None:
        """Run ``act`` as the last thing inside the transaction."""
        self._before_commit.append(act)

    def gather(self, write: Callable[[Transaction, list[T]], None], item: T) -> None:
        """Hand ``item`` to ``write`` just before the commit, together with all else that was gathered for it.

        For what comes in messages, one by one, and is written cheaper in one statement. Until then it is nowhere:
        this is only for what nothing else of the same transaction looks for.
        """
        gathered = self._gathered.get(write)
        if gathered is None:
            gathered = self._gathered[write] = []
            self.before_commit(lambda: write(self, self._gathered.pop(write)))
        gathered.append(item)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Run ``act`` once the commit is durable; never when it was rolled back."""
        self._after_commit.append(act)

    def undo(self) -> None:
        """Let nothing of this be kept: the work goes on to its end and is answered, then all of it is rolled back.

        For a look at what would come of it. What was asked for before the commit runs, and may refuse; what was
        asked for after it does not.
        """
        self.is_undone = True

    def run_before_commit(self) -> None:
        """Run the acts that were asked for before the commit, including those that they ask for themselves."""
        while self._before_commit:
            self._before_commit.pop(0)()

    def run_after_commit(self) -> None:
        """Run the acts that were asked for after the commit."""
        for act in self._after_commit:
            act()
