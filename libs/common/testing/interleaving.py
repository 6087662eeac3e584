"""Two transactions in every order in which one can run while the other stands still.

The first is stopped before its n-th statement; the second then runs until it has committed or waits for a lock of the
first; the first goes on. Played for every n, with either in front, this meets each place where one can see what the
other has half done. It needs an engine that lets two transactions write at once: PostgreSQL.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from sqlalchemy import event, text

from libs.common.db import Database, form
from libs.common.db.wire import wire_of

Work = Callable[[], object]
_LOOK_EVERY_S = 0.005
_PATIENCE_S = 20.0
_MOST_STATEMENTS = 200
_WAITING = text(
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class _Gate:
    """Stops the thread of ``owner`` before its ``at``-th statement until it is opened."""

    at: int
    owner: int | None = None
    seen: int = 0

    def __post_init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, *_arguments: Any) -> None:
        if threading.get_ident() != self.owner:
            return
        self.seen += 1
        if self.seen == self.at:
            self.reached.set()
            assert self.opened.wait(_PATIENCE_S), "nobody let the first transaction go on"

    def wire_of(self, connection: Any) -> Any:
        """Stand where a prepared statement, of which SQLAlchemy tells nothing, gets its wire."""
        self()
        return wire_of(connection)

    def run(self, work: Work) -> object:
        """Run ``work`` in this thread, through the gate."""
        self.owner = threading.get_ident()
        try:
            return work()
        finally:
            self.owner = None  # the pool may use this thread again


def _outcome(future: Future[object]) -> object:
    return future.exception() or future.result()


def interleaved(database: Database, first: Work, second: Work, at: int) -> tuple[object, object, bool]:
    """Run both, the first stopped before its statement number ``at``; return what came of each (an answer or an
    exception), and whether the first was stopped at all: not when it has fewer statements.
    """
    gate = _Gate(at)
    event.listen(database.engine, "before_cursor_execute", gate)
    try:
        with ThreadPoolExecutor(2) as pool, patch.object(form, "wire_of", gate.wire_of):
            one = pool.submit(gate.run, first)
            while not gate.reached.wait(_LOOK_EVERY_S) and not one.done():
                continue
            other = pool.submit(second)
            while not wait([other], _LOOK_EVERY_S).done and not _somebody_waits(database):
                continue
            gate.opened.set()
            return _outcome(one), _outcome(other), gate.reached.is_set()
    finally:
        gate.opened.set()
        event.remove(database.engine, "before_cursor_execute", gate)


def _somebody_waits(database: Database) -> bool:
    with database.reading() as connection:
        return bool(connection.execute(_WAITING).scalar_one())


def every_order(play: Callable[[int, bool], bool]) -> int:
    """Call ``play(at, swapped)`` for every statement of the first and then of the second transaction.

    ``play`` tells whether the one in front was stopped; the count of orders played is returned.
    """
    played = 0
    for swapped in (False, True):
        for at in range(1, _MOST_STATEMENTS):
            played += 1
            if not play(at, swapped):
                break
    return played
