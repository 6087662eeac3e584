"""One service's database: the only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from sqlalchemy import Connection

from libs.common.clock import Clock, SystemClock, pause
from libs.common.db.engine import NO_SETTINGS, POOL_SIZE, WRITE_OPTION, make_engine
from libs.common.db.retry import ATTEMPTS, backoff_seconds, is_disconnect, is_transient
from libs.common.db.transaction import Cause, Transaction
from libs.common.db.wire import wire_of
from libs.common.ids import Ids, SystemIds

T = TypeVar("T")
_NO_CAUSE = Cause()


class Database:
    """The database of ``service``; hands out units of work and re-runs those that the engine could not serialize."""

    def __init__(
        self,
        url: str,
        *,
        service: str,
        clock: Clock | None = None,
        ids: Ids | None = None,
        pool_size: int = POOL_SIZE,
        settings: Mapping[str, str] = NO_SETTINGS,
    ) -> None:
        self.url = url
        self.service = service
        self.clock = clock or SystemClock()
        self.ids = ids or SystemIds()
        self.engine = make_engine(url, pool_size=pool_size, settings=settings)
        self._writing = self.engine.execution_options(**{WRITE_OPTION: True})
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer at a time; queueing for it here is fair and cheaper than its busy polling.
        self._writer: threading.Lock | nullcontext[None] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        self._inside = threading.local()
        self._listeners: list[Callable[[], None]] = []

    def transact(self, work: Callable[[Transaction], T], *, cause: Cause = _NO_CAUSE) -> T:
        """Run ``work`` in one transaction and return its answer once the commit is durable.

        The whole of ``work`` runs again after a serialization failure, a deadlock, a busy database or a
        connection lost before the commit, so it must change nothing outside the transaction. Any other error
        rolls back and is raised; what the work itself undoes (``Transaction.undo``) is rolled back and answered.
        A transaction inside a transaction is a fault in the caller.
        """
        if getattr(self._inside, "value", False):
            raise RuntimeError(
                "a transaction may not be opened inside another; hand the transaction on instead"
            )
        self._inside.value = True
        try:
            transaction, answer = self._attempts(work, cause)
        finally:
            self._inside.value = False
        if not transaction.is_undone:
            transaction.run_after_commit()
        return answer

    def _attempts(self, work: Callable[[Transaction], T], cause: Cause) -> tuple[Transaction, T]:
        for attempt in range(1, ATTEMPTS + 1):
            committing = False
            try:
                with self._writer, self._writing.connect() as connection:
                    transaction = self._transaction(connection, cause)
                    answer = work(transaction)
                    transaction.run_before_commit()
                    if transaction.is_undone:
                        connection.rollback()
                        return transaction, answer
                    committing = True
                    _commit(connection)
                    return transaction, answer
            except Exception as error:
                again = is_transient(error) or (is_disconnect(error) and not committing)
                if not again or attempt == ATTEMPTS:
                    raise
            pause(backoff_seconds(attempt))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _transaction(self, connection: Connection, cause: Cause) -> Transaction:
        return Transaction(
            connection,
            service=self.service,
            now=self.clock.now(),
            ids=self.ids,
            cause=cause,
            announce=self.announce,
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only looks; whatever it did is rolled back."""
        with self.engine.connect() as connection, self._only_reading(connection):
            yield connection

    @contextmanager
    def _only_reading(self, connection: Connection) -> Iterator[None]:
        """Let each statement be for itself where the engine can: nothing is held open between two looks."""
        if self.is_sqlite:
            yield
            return
        wire = wire_of(connection.connection.dbapi_connection)
        wire.each_alone = True
        try:
            yield
        finally:
            wire.each_alone = False

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` finds; looked for once more when the connection turns out to be lost.

        After the database was away, every pooled connection is of the old server; the first one to fail
        empties the pool, so that the second attempt has a fresh one.
        """
        try:
            with self.reading() as connection:
                return work(connection)
        except Exception as error:
            if not is_disconnect(error):
                raise
        with self.reading() as connection:
            return work(connection)

    def alone(self, work: Callable[[Connection], T]) -> T:
        """Return the answer of the one statement that ``work`` executes, as a transaction of its own.

        On PostgreSQL without the two round trips of a transaction around it. It is executed again when the
        connection turns out to be lost, maybe after it was done: it must be one that may be repeated.
        """
        if self.is_sqlite:
            return self.transact(lambda tx: work(tx.connection))
        return self.read(work)

    def on_message(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit that left messages in the outbox, in the committing thread."""
        self._listeners.append(listener)

    def announce(self) -> None:
        """Tell the listeners that there are new messages."""
        for listener in self._listeners:
            listener()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _commit(connection: Connection) -> None:
    """Commit, or drop the connection: SQLite keeps the transaction of a refused commit open for its next user."""
    try:
        connection.commit()
    except Exception:
        connection.invalidate()
        raise
