"""Handling messages: exactly once in effect, in order per aggregate, many in one commit when all goes well."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.common.db import Cause, Database, Transaction
from libs.common.envelope import Message, Undecodable, Unreadable, decode
from libs.common.errors import Later
from libs.common.inbox import parking
from libs.common.inbox.failures import (
    INTERRUPTED,
    UNDECODABLE,
    UNKNOWN_TYPE,
    UNREADABLE,
    UNROUTABLE,
    UNSUPPORTED_VERSION,
    Failure,
    is_outage,
)
from libs.common.inbox.parking import ParkedRow, Stream, stream_of
from libs.common.inbox.subscriptions import Subscription, Subscriptions
from libs.common.inbox.unreadable import undecodable_row
from libs.common.observability import attach, bound

log = logging.getLogger(__name__)
REGROUPINGS = 3


@dataclass(frozen=True)
class Receipt:
    """What became of a batch of messages."""

    handled: int = 0
    duplicates: int = 0
    parked: int = 0
    dead: int = 0

    def __add__(self, other: Receipt) -> Receipt:
        return Receipt(
            self.handled + other.handled,
            self.duplicates + other.duplicates,
            self.parked + other.parked,
            self.dead + other.dead,
        )


_HANDLED = Receipt(handled=1)
_DUPLICATE = Receipt(duplicates=1)
_PARKED = Receipt(parked=1)
_DEAD = Receipt(dead=1)
_NOTHING = Receipt()
_BRACED = Receipt()

Call = tuple[Subscription, Any]


@dataclass
class _Plan:
    """A batch sorted by what is to be done, before anything is done."""

    run: list[tuple[Message, list[Call]]]
    behind: list[Message]
    dead: list[tuple[Message, Failure]]
    duplicates: int = 0


class Receiver:
    """Hands messages to a service's handlers; the one way in, whoever delivered them.

    ``total`` counts what became of everything so far. ``lanes`` is how many group transactions may run side by
    side. With more than one, two groups that touch the same rows in another order can deadlock; the engine
    undoes one of them and it runs again.
    """

    def __init__(
        self, database: Database, subscriptions: Subscriptions, consumer: str | None = None, *, lanes: int = 1
    ) -> None:
        self.database = database
        self.subscriptions = subscriptions
        self.consumer = consumer or subscriptions.service
        self.something_parked = threading.Event()
        self.total = _NOTHING
        self._began = database.clock.now()
        self._braced: set[str] = set()
        self._counting = threading.Lock()
        self._lanes = threading.BoundedSemaphore(lanes)

    def receive(self, batch: Sequence[Message]) -> Receipt:
        """Handle ``batch`` and return once all of it is committed: handled, recognised as known, or parked.

        The batch is one transaction. When a handler fails, its aggregate is set aside and the others run again
        together; what was set aside runs message by message, so that a failure costs its own aggregate only.
        A failure of the database itself is raised: nothing that was not committed may then be acknowledged.
        """
        together, aside, tally = list(batch), [], _NOTHING
        for _ in range(REGROUPINGS):
            if len(together) < 2:
                break
            culprit: list[Message] = []
            try:
                tally, together = self._group(together, culprit), []
            except Exception as error:
                if is_outage(error):
                    raise
                log.info("group of %d failed (%s); splitting", len(together), error)
                if not culprit:
                    break
                stream = stream_of(culprit[0])
                aside += [message for message in together if stream_of(message) == stream]
                together = [message for message in together if stream_of(message) != stream]
        for message in (*together, *aside):
            tally += self._single(message)
        return self._count(tally)

    def set_aside(self, batch: Sequence[Message]) -> Receipt:
        """Park ``batch`` and return once that is committed; ``retry_due`` tries each message alone.

        This is for messages one of which may end the process. Together they would come again together, until the
        broker gave all of them up; alone, the guilty one is known, and its aggregate alone waits for it.
        """
        receipt = self._count(self.database.transact(lambda tx: self._park(tx, batch)))
        self.something_parked.set()
        return receipt

    def _park(self, tx: Transaction, batch: Sequence[Message]) -> Receipt:
        plan = self._plan(tx, batch)
        self._park_hopeless(tx, plan)
        for message, _ in plan.run:
            parking.park_interrupted(tx, self.consumer, message)
        parked = len(plan.run) + len(plan.behind)
        return Receipt(duplicates=plan.duplicates, parked=parked, dead=len(plan.dead))

    def _park_hopeless(self, tx: Transaction, plan: _Plan) -> None:
        for message, failure in plan.dead:
            parking.park_dead(tx, self.consumer, message, failure)
            log.error("%s %s is a dead letter: %s", message.type, message.id, failure.error)
        for message in plan.behind:
            parking.park_behind(tx, self.consumer, message)

    def _count(self, tally: Receipt) -> Receipt:
        with self._counting:
            self.total += tally
        return tally

    def _group(self, batch: Sequence[Message], culprit: list[Message]) -> Receipt:
        with self._lanes:
            return self.database.transact(lambda tx: self._settle(tx, batch, culprit))

    def _single(self, message: Message) -> Receipt:
        try:
            return self.database.transact(lambda tx: self._settle(tx, [message], []))
        except Exception as error:
            if is_outage(error):
                raise
            if self._was_handled(message):
                return _DUPLICATE
            failure = self._failure(message, error)
        self.database.transact(lambda tx: parking.park_failed(tx, self.consumer, message, failure))
        self.something_parked.set()
        return _PARKED

    def _was_handled(self, message: Message) -> bool:
        """Tell whether a twin of the message was committed elsewhere while this one was tried."""
        with self.database.reading() as connection:
            return bool(parking.handled(connection, self.consumer, [message.id]))

    def _failure(self, message: Message, error: Exception) -> Failure:
        if isinstance(error, Later):
            log.info("%s %s waits: %s", message.type, message.id, error)
        else:
            log.warning("%s %s failed", message.type, message.id, exc_info=error)
        return Failure.of(error)

    def _settle(self, tx: Transaction, batch: Sequence[Message], culprit: list[Message]) -> Receipt:
        culprit.clear()
        plan = self._plan(tx, batch)
        self._park_hopeless(tx, plan)
        messages = [message for message, _ in plan.run]
        parking.record(tx, self.consumer, messages)
        self.subscriptions.prepare(tx, messages)
        for message, calls in plan.run:
            culprit[:] = [message]
            _run(tx, message, calls)
        culprit.clear()
        if plan.behind:
            tx.after_commit(self.something_parked.set)
        return Receipt(len(plan.run), plan.duplicates, len(plan.behind), len(plan.dead))

    def _plan(self, tx: Transaction, batch: Sequence[Message]) -> _Plan:
        known = parking.look_up(tx.connection, self.consumer, batch)
        ids, held = set(known.ids), set(known.held)
        plan = _Plan([], [], [])
        for message in batch:
            if message.id in ids:
                plan.duplicates += 1
                continue
            ids.add(message.id)
            self._sort(message, held, plan)
        return plan

    def _sort(self, message: Message, held: set[Stream], plan: _Plan) -> None:
        calls = self._calls(message)
        if isinstance(calls, Failure):
            plan.dead.append((message, calls))
            if calls.reason != UNKNOWN_TYPE:
                held.add(stream_of(message))
        elif stream_of(message) in held:
            plan.behind.append(message)
        else:
            plan.run.append((message, calls))

    def _calls(self, message: Message) -> list[Call] | Failure:
        handlers = self.subscriptions.handlers_of(message.type)
        if not handlers:
            return self._no_handler(message)
        try:
            return [(handler, _view(handler, message)) for handler in handlers]
        except Unreadable as error:
            return Failure(UNREADABLE, "Unreadable", str(error))

    def _no_handler(self, message: Message) -> Failure:
        if self.subscriptions.knows_stem(message.type):
            return Failure(
                UNSUPPORTED_VERSION, "Unsupported", f"{self.consumer} reads another version of {message.type}"
            )
        return Failure(UNKNOWN_TYPE, "Unknown", f"{self.consumer} has no handler for {message.type}")

    def retry_due(self, limit: int = 100) -> Receipt:
        """Try the parked messages whose time has come, and after each the ones that wait behind it."""
        now = self.database.clock.now()
        streams = self.database.read(lambda c: parking.due_streams(c, self.consumer, now, limit))
        return self._count(sum((self._retry_stream(stream) for stream in streams), _NOTHING))

    def retry_waiting(self) -> Receipt:
        """Try the messages that wait for another fact before their time; a further failure is not counted."""
        streams = self.database.read(lambda c: parking.waiting_streams(c, self.consumer))
        return sum((self._retry_stream(stream, early=True) for stream in streams), _NOTHING)

    def next_due(self) -> datetime | None:
        """Return when a parked message is to be tried next."""
        return self.database.read(lambda c: parking.next_due(c, self.consumer))

    def _retry_stream(self, stream: Stream, *, early: bool = False) -> Receipt:
        tally = _NOTHING
        while True:
            receipt = self._retry_head(stream, early)
            tally += receipt
            if not (receipt.handled or receipt.duplicates):
                return tally
            early = False

    def _retry_head(self, stream: Stream, early: bool) -> Receipt:
        taken: list[ParkedRow] = []
        try:
            receipt = self.database.transact(lambda tx: self._try_head(tx, stream, early, taken))
            if receipt is _BRACED:
                receipt = self.database.transact(lambda tx: self._try_head(tx, stream, early, taken))
            self._braced -= {row.id for row in taken}
            return receipt
        except Exception as error:
            if is_outage(error) or not taken:
                raise
            if early and isinstance(error, Later):
                return _NOTHING
            row, failure = taken[0], Failure.of(error)
            log.warning(
                "%s %s failed again (attempt %d): %s", row.type, row.event_id, row.attempts + 1, error
            )
        self._braced.discard(row.id)
        dead = self.database.transact(lambda tx: parking.mark_failed(tx, row, failure))
        return _DEAD if dead else _PARKED

    def _try_head(self, tx: Transaction, stream: Stream, early: bool, taken: list[ParkedRow]) -> Receipt:
        row = parking.lock_head(tx.connection, self.consumer, stream)
        if row is None or row.state == "dead":
            return _NOTHING
        if row.next_at > tx.now and not early:
            return _NOTHING
        if self._may_end_the_process(row) and row.id not in self._braced:
            return self._brace(tx, row)
        taken[:] = [row]
        message = _parked_message(row)
        calls = message if isinstance(message, Failure) else self._calls(message)
        if isinstance(message, Failure) or isinstance(calls, Failure):
            failure = message if isinstance(message, Failure) else calls
            assert isinstance(failure, Failure)
            parking.mark_dead(tx, row, failure)
            return _DEAD
        return self._release(tx, row, message, calls)

    def _may_end_the_process(self, row: ParkedRow) -> bool:
        """Tell whether it is suspected, or was due before this process began: the last one may have ended of it."""
        return bool(row.reason == INTERRUPTED or row.next_at < self._began)

    def _brace(self, tx: Transaction, row: ParkedRow) -> Receipt:
        """Count a try that may end the process; a process counts it once, also when the database fails meanwhile."""
        if parking.brace(tx, row):
            log.error("%s %s is a dead letter: the process ends when it is handled", row.type, row.event_id)
            return _DEAD
        self._braced.add(row.id)
        return _BRACED

    def _release(self, tx: Transaction, row: ParkedRow, message: Message, calls: list[Call]) -> Receipt:
        parking.remove(tx, row.id)
        if message.id in parking.handled(tx.connection, self.consumer, [message.id]):
            return _DUPLICATE
        parking.record(tx, self.consumer, [message])
        self.subscriptions.prepare(tx, [message])
        _run(tx, message, calls)
        return _HANDLED

    def record_undecodable(self, body: bytes, reason: str) -> None:
        """Keep bytes that are no message as a dead letter with the reason."""
        row = undecodable_row(body)
        failure = Failure(UNDECODABLE, "Undecodable", reason)
        log.error("undecodable message: %s", reason)
        self.database.transact(lambda tx: parking.insert_parked(tx, self.consumer, row, failure))

    def record_unroutable(self, message: Message) -> None:
        """Keep a message that no service takes as a dead letter of this consumer."""
        failure = Failure(UNROUTABLE, "Unroutable", f"no service takes {message.type}")
        log.error("%s %s is a dead letter: no service takes it", message.type, message.id)
        self.database.transact(lambda tx: parking.park_dead(tx, self.consumer, message, failure))


def _view(handler: Subscription, message: Message) -> Any:
    return message.data if handler.view is None else decode(handler.view, message.data)


def _run(tx: Transaction, message: Message, calls: list[Call]) -> None:
    before = tx.cause
    tx.cause = Cause(message.correlation_id, message.id, message.actor, message.traceparent)
    try:
        with attach(message.traceparent), bound(correlation_id=message.correlation_id, message_id=message.id):
            for subscription, view in calls:
                subscription.handler(tx, view, message)
    finally:
        tx.cause = before


def _parked_message(row: ParkedRow) -> Message | Failure:
    try:
        return Message.from_bytes(row.envelope.encode())
    except Undecodable as error:
        return Failure(UNDECODABLE, "Undecodable", str(error))
