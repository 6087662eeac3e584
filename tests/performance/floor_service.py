"""One service of the floor: it takes messages, writes rows and messages, one commit each, and nothing else.

No rules, no HTTP, no schema checks, no objects: psycopg in pipeline mode (one round trip per commit), pika with
pipelined confirms, four threads, a relay that sends from the outbox in batches and deletes what was confirmed.
What a person would ask for over HTTP is a commit too; it is made as soon as its time has come.

    python -m tests.performance.floor_service RECIPE SERVICE DATABASE_URL AMQP_URL CYCLES_IN_FLIGHT
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import traceback
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pika
import psycopg

from libs.common.ids import SystemIds
from libs.common.messaging.names import Names
from libs.common.outbox import shard_of
from tests.performance.floor_rows import Cycle, Writer
from tests.performance.recipe import COMMANDS, FOLLOWS, LAST, Letter, Part, Recipe

LANES = 4
PREFETCH = 200
BATCH = 500
IDLE_S = 0.02
_EVENT_LOG = (
    "INSERT INTO event_log (event_id, type, kind, partition_key, sequence, correlation_id, causation_id,"
    " recorded_at, envelope) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_OUTBOX = (
    "INSERT INTO outbox (shard, event_id, partition_key, type, kind, envelope, attempts, recorded_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, 0, %s)"
)
_STREAM = (
    "INSERT INTO event_stream (partition_key, last_sequence) VALUES (%s, %s)"
    " ON CONFLICT (partition_key) DO UPDATE SET last_sequence = event_stream.last_sequence + %s"
)
_INBOX = (
    "INSERT INTO inbox (consumer, event_id, source, partition_key, sequence, type, received_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


def or_end(run: Callable[[], None]) -> None:
    """Run a thread; when it fails the whole process ends, so that nothing half is measured."""
    try:
        run()
    except BaseException:
        traceback.print_exc()
        os._exit(1)


class Lane:
    """A thread with a database connection; the messages of one cycle always come to the same one."""

    def __init__(self, floor: FloorService, place: int) -> None:
        self.line: queue.SimpleQueue[tuple[str, str, str, int]] = queue.SimpleQueue()
        self._floor = floor
        self._part = floor.part
        self._connection = psycopg.connect(floor.database_url, autocommit=False)
        self._writer = Writer(floor.part.tables, place)
        self._ids = SystemIds()
        self._cycles: dict[str, Cycle] = {}
        threading.Thread(target=or_end, args=(self._run,), daemon=True).start()

    def _run(self) -> None:
        while True:
            cycle, type_, message_id, tag = self.line.get()
            if type_ in COMMANDS.get(self._part.service, ()):
                self._commit(cycle, type_, None)
                continue
            self._commit(cycle, type_, message_id)
            self._floor.link.acknowledge(tag)
            for letter in self._part.told.get(type_, ()):
                if letter.type in FOLLOWS:
                    self._commit(cycle, FOLLOWS[letter.type], None)
            if type_ == LAST and self._part.service == "sales":
                self._floor.begin()

    def _commit(self, name: str, step: str, message_id: str | None) -> None:
        cycle = self._cycles.setdefault(name, Cycle(self._part.transactions))
        letters = self._part.told.get(step, [])
        now = datetime.now(UTC)
        with self._connection.pipeline():
            cursor = self._connection.cursor()
            if message_id is not None:
                cursor.execute(_INBOX, (self._part.service, message_id, "floor", name, cycle.done, step, now))
            self._writer.write(cursor, cycle)
            if letters:
                self._say(cursor, name, letters, message_id, now)
            self._connection.commit()
        if cycle.over:
            del self._cycles[name]
        if letters:
            self._floor.relay.wake.set()

    def _say(
        self, cursor: psycopg.Cursor[Any], name: str, letters: list[Letter], cause: str | None, now: datetime
    ) -> None:
        cursor.execute(_STREAM, (name, len(letters), len(letters)))
        for letter in letters:
            id_ = self._ids.new()
            cursor.execute(
                _EVENT_LOG, (id_, letter.type, "event", name, 1, name, cause, now, letter.envelope)
            )
            cursor.execute(_OUTBOX, (shard_of(name), id_, name, letter.type, "event", letter.envelope, now))


class Relay:
    """Sends what is in the outbox, in batches, and deletes what the broker has confirmed."""

    def __init__(self, floor: FloorService) -> None:
        self.wake = threading.Event()
        self._floor = floor
        self._connection = psycopg.connect(floor.database_url, autocommit=True)

    def run(self) -> None:
        """Send for ever."""
        statement = "SELECT seq, event_id, partition_key, type, envelope FROM outbox ORDER BY seq LIMIT %s"
        while True:
            self.wake.clear()
            rows = self._connection.execute(statement, (BATCH,)).fetchall()
            if rows:
                self._floor.link.publish(rows)
                self._connection.execute(
                    "DELETE FROM outbox WHERE seq = ANY (%s)", ([row[0] for row in rows],)
                )
            else:
                self.wake.wait(IDLE_S)


class Link:
    """The connection to the broker: one channel to read, one to publish with confirms, one thread for both."""

    def __init__(self, floor: FloorService, url: str, on_ready: Callable[[], None]) -> None:
        self._floor = floor
        self._names = Names()
        self._on_ready = on_ready
        self._reading: Any = None
        self._publishing: Any = None
        self._unconfirmed: set[int] = set()
        self._last_tag = 0
        self._all_confirmed = threading.Event()
        self._connection = pika.SelectConnection(pika.URLParameters(url), on_open_callback=self._opened)

    def run(self) -> None:
        """Turn the loop for ever."""
        self._connection.ioloop.start()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._publisher_open)

    def _publisher_open(self, channel: Any) -> None:
        self._publishing = channel
        channel.confirm_delivery(
            self._confirmed,
            callback=lambda _frame: self._connection.channel(on_open_callback=self._reader_open),
        )

    def _reader_open(self, channel: Any) -> None:
        self._reading = channel
        channel.basic_qos(prefetch_count=PREFETCH, callback=lambda _frame: self._consume())

    def _consume(self) -> None:
        self._reading.basic_consume(self._names.queue(self._floor.part.service), self._received)
        self._on_ready()

    def _received(self, _channel: Any, method: Any, about: Any, _body: bytes) -> None:
        self._floor.hand_on(about.correlation_id, about.type, about.message_id, method.delivery_tag)

    def acknowledge(self, tag: int) -> None:
        """Acknowledge a message, from any thread."""
        self._connection.ioloop.add_callback_threadsafe(lambda: self._reading.basic_ack(tag))

    def publish(self, rows: list[Any]) -> None:
        """Publish a batch and return once the broker has confirmed all of it."""
        self._all_confirmed.clear()
        self._connection.ioloop.add_callback_threadsafe(lambda: self._send(rows))
        self._all_confirmed.wait()

    def _send(self, rows: list[Any]) -> None:
        for _seq, event_id, name, type_, envelope in rows:
            self._last_tag += 1
            self._unconfirmed.add(self._last_tag)
            about = pika.BasicProperties(
                message_id=str(event_id),
                type=type_,
                content_type="application/cloudevents+json",
                delivery_mode=2,
                correlation_id=name,
            )
            self._publishing.basic_publish(
                self._names.exchange_for(type_), type_, envelope.encode(), about, mandatory=True
            )

    def _confirmed(self, frame: Any) -> None:
        method = frame.method
        if method.multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > method.delivery_tag}
        else:
            self._unconfirmed.discard(method.delivery_tag)
        if not self._unconfirmed:
            self._all_confirmed.set()


class FloorService:
    """The parts of one process."""

    def __init__(self, part: Part, database_url: str, amqp_url: str, in_flight: int) -> None:
        self.part = part
        self.database_url = database_url
        self._names = (f"{SystemIds().new()}" for _ in count())
        self.relay = Relay(self)
        self.link = Link(self, amqp_url, self._ready)
        self.lanes = [Lane(self, place) for place in range(LANES)]
        self._in_flight = in_flight if part.service == "sales" else 0

    def run(self) -> None:
        """Work until the process is ended."""
        threading.Thread(target=or_end, args=(self.relay.run,), daemon=True).start()
        self.link.run()

    def _ready(self) -> None:
        for _ in range(self._in_flight):
            self.begin()

    def begin(self) -> None:
        """Begin a cycle: what the customer's side asks for until the order is accepted."""
        name = next(self._names)
        for command in COMMANDS["sales"]:
            self.hand_on(name, command, "", 0)

    def hand_on(self, name: str, type_: str, message_id: str, tag: int) -> None:
        """Give work to the lane of its cycle."""
        self.lanes[zlib.crc32(name.encode()) % LANES].line.put((name, type_, message_id, tag))


def main(arguments: list[str]) -> None:
    """Run one service."""
    file, service, database_url, amqp_url, in_flight = arguments
    recipe: Recipe = pickle.loads(Path(file).read_bytes())
    FloorService(recipe.parts[service], database_url, amqp_url, int(in_flight)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
