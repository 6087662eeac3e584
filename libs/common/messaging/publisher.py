"""Publishing with pipelined confirms: a batch goes out at once, and each message is settled by the broker's word.

Within a batch an aggregate has one message under way at a time: if the broker refuses it, the next one has not
overtaken it. Aggregates do not wait for each other.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.channel import Channel
from pika.spec import Basic, BasicProperties

from libs.common.envelope.message import CONTENT_TYPE
from libs.common.messaging.names import Names
from libs.common.messaging.pending import PendingRow

log = logging.getLogger(__name__)
HEARTBEAT_S = 10
CONFIRM_TIMEOUT_S = 10.0
_CONNECT_TIMEOUT_S = 10.0
_CLOSE_TIMEOUT_S = 2.0
_PERSISTENT = 2


class LinkDown(Exception):
    """The broker cannot be reached, or the connection was lost before anything could be sent."""


@dataclass
class Settlement:
    """What the broker said about a batch; what it did not mention is unknown and must be sent again.

    ``refused`` were nacked or had no route, ``silent`` were not answered in time, and ``lost`` tells that the
    connection is gone.
    """

    confirmed: list[PendingRow] = field(default_factory=list)
    refused: list[PendingRow] = field(default_factory=list)
    silent: list[PendingRow] = field(default_factory=list)
    lost: bool = False


class _Connection(pika.SelectConnection):
    """A connection that can be torn down without asking the other side, which may be frozen."""

    def abort(self, reason: str) -> None:
        """Close the socket now."""
        if not self.is_closed:
            self._terminate_stream(pika.exceptions.AMQPHeartbeatTimeout(reason))


class _Batch:
    """One batch on its way; everything but ``done`` is touched by the connection's thread only."""

    def __init__(self, rows: Sequence[PendingRow], names: Names) -> None:
        self.settlement = Settlement()
        self.done = threading.Event()
        self.progress = 0
        self._names = names
        self._lines: dict[str, deque[PendingRow]] = {}
        self._under_way: dict[int, PendingRow] = {}
        self._returned: set[str] = set()
        for row in rows:
            self._lines.setdefault(row.partition_key, deque()).append(row)

    def start(self, link: _Link) -> None:
        for key in list(self._lines):
            self._send_next(link, key)
        self._finish_when_empty()

    def _send_next(self, link: _Link, key: str) -> None:
        line = self._lines.get(key)
        if line:
            row = line.popleft()
            self._under_way[link.publish(self._names.exchange_for(row.type), row)] = row

    def returned(self, message_id: str | None) -> None:
        if message_id is not None:
            self._returned.add(message_id)

    def answered(self, link: _Link, tag: int, multiple: bool, accepted: bool) -> None:
        tags = [known for known in self._under_way if known <= tag] if multiple else [tag]
        for answered in tags:
            row = self._under_way.pop(answered, None)
            if row is not None:
                self._settle(link, row, accepted and row.id not in self._returned)
        self.progress += 1
        self._finish_when_empty()

    def _settle(self, link: _Link, row: PendingRow, accepted: bool) -> None:
        if accepted:
            self.settlement.confirmed.append(row)
            self._send_next(link, row.partition_key)
        else:
            self.settlement.refused.append(row)
            self._lines.pop(row.partition_key, None)

    def _finish_when_empty(self) -> None:
        if not self._under_way:
            self.done.set()

    def give_up(self, silent: bool) -> None:
        self.settlement.lost = True
        if silent:
            self.settlement.silent = list(self._under_way.values())
        self.done.set()


class _Link:
    """One connection with one channel in confirm mode, running in a thread of its own."""

    def __init__(self, url: str) -> None:
        parameters = pika.URLParameters(url)
        parameters.heartbeat = HEARTBEAT_S
        parameters.socket_timeout = _CONNECT_TIMEOUT_S
        parameters.stack_timeout = _CONNECT_TIMEOUT_S
        parameters.blocked_connection_timeout = CONFIRM_TIMEOUT_S
        self.batch: _Batch | None = None
        self.closed = threading.Event()
        self._ready = threading.Event()
        self._closing = threading.Lock()
        self._channel: Channel | None = None
        self._last_tag = 0
        self._reason: BaseException | None = None
        self._connection = _Connection(
            parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._lost,
            on_close_callback=self._lost,
        )
        self._thread = threading.Thread(target=self._loop, name="publisher", daemon=True)
        self._thread.start()
        if not self._ready.wait(_CONNECT_TIMEOUT_S + _CLOSE_TIMEOUT_S) or self.closed.is_set():
            self.abort("no connection in time")
            raise LinkDown(f"no connection to the broker: {self._reason!r}")

    def _loop(self) -> None:
        try:
            self._connection.ioloop.start()
        except Exception:
            log.exception("the publishing connection failed")
        finally:
            self._gone()
            with self._closing:
                self._connection.ioloop.close()

    def _gone(self) -> None:
        self.closed.set()
        if self.batch is not None:
            self.batch.give_up(silent=False)
        self._ready.set()

    def run(self, act: Callable[[], object]) -> bool:
        """Run ``act`` in the connection's thread; ``False`` when that has ended and it will never run."""
        with self._closing:
            if self.closed.is_set():
                return False
            self._connection.ioloop.add_callback_threadsafe(act)
            return True

    def _opened(self, connection: pika.SelectConnection) -> None:
        connection.channel(on_open_callback=self._channel_open)

    def _channel_open(self, channel: Channel) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._returned)
        channel.confirm_delivery(self._answered, callback=lambda _frame: self._ready.set())

    def _channel_closed(self, _channel: Channel, reason: Exception) -> None:
        if not (self._connection.is_closing or self._connection.is_closed):
            log.warning("publishing channel closed: %s", reason)
            self._connection.abort(str(reason))

    def _lost(self, _connection: Any, reason: BaseException) -> None:
        self._reason = reason
        self._gone()
        self._connection.ioloop.stop()

    def publish(self, exchange: str, row: PendingRow) -> int:
        """Send one message and return the number under which the broker will answer."""
        assert self._channel is not None
        self._last_tag += 1
        if self._channel.is_open:
            self._channel.basic_publish(
                exchange, row.type, row.envelope.encode(), properties(row), mandatory=True
            )
        return self._last_tag

    def _returned(
        self, _channel: Channel, method: Basic.Return, about: BasicProperties, _body: bytes
    ) -> None:
        log.warning("no route for %s %s: %s", method.routing_key, about.message_id, method.reply_text)
        if self.batch is not None:
            self.batch.returned(about.message_id)

    def _answered(self, frame: Any) -> None:
        method = frame.method
        if self.batch is not None:
            self.batch.answered(self, method.delivery_tag, method.multiple, isinstance(method, Basic.Ack))

    def abort(self, reason: str) -> None:
        """Close the socket without waiting for the broker."""
        self.run(lambda: self._connection.abort(reason))
        self._thread.join(_CLOSE_TIMEOUT_S)
        if self._thread.is_alive():
            self.run(self._connection.ioloop.stop)

    def close(self) -> None:
        """Say goodbye to the broker, but do not wait long for its answer."""
        if not self.closed.is_set():
            self.run(lambda: self._connection.close() if self._connection.is_open else None)
            if not self.closed.wait(_CLOSE_TIMEOUT_S):
                self.abort("the broker did not say goodbye")
        self._thread.join(_CLOSE_TIMEOUT_S)


def properties(row: PendingRow, headers: dict[str, Any] | None = None) -> BasicProperties:
    """Return the AMQP properties of a message: copies of its envelope, for tools that do not open the body."""
    message = row.message
    about: dict[str, Any] = {"partitionkey": message.partition_key, "source": message.source}
    if message.traceparent is not None:
        about["traceparent"] = message.traceparent
    return BasicProperties(
        message_id=message.id,
        type=message.type,
        content_type=CONTENT_TYPE,
        delivery_mode=_PERSISTENT,
        correlation_id=message.correlation_id,
        timestamp=int(message.time.timestamp()),
        headers=about | (headers or {}),
    )


class Publisher:
    """Publishes batches over one connection at a time, which is opened when needed and dropped when in doubt."""

    def __init__(self, url: str, names: Names, *, confirm_timeout: float = CONFIRM_TIMEOUT_S) -> None:
        self._url = url
        self._names = names
        self._confirm_timeout = confirm_timeout
        self._link: _Link | None = None

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Send ``rows`` and wait for the broker's answers; ``LinkDown`` when nothing was sent at all.

        When no answer comes for the length of the confirm timeout the connection is dropped: a late answer on a
        channel that is used again could be taken for that of another message. It is renewed after a refusal too:
        for a quorum queue whose limit was lifted, the broker goes on refusing on the channels that it had refused on.
        """
        link = self._connected()
        batch = _Batch(rows, self._names)
        link.batch = batch
        if not link.run(lambda: batch.start(link)):
            batch.give_up(silent=False)
        seen = -1
        while not batch.done.wait(self._confirm_timeout) and not link.closed.is_set():
            if batch.progress == seen:
                self._drop(batch, link)
                break
            seen = batch.progress
        batch.settlement.lost |= link.closed.is_set()
        link.batch = None
        if batch.settlement.lost:
            self._link = None
        elif batch.settlement.refused:
            self.close()
        return batch.settlement

    def _connected(self) -> _Link:
        if self._link is None or self._link.closed.is_set():
            self._link = _Link(self._url)
        return self._link

    def _drop(self, batch: _Batch, link: _Link) -> None:
        log.warning("no confirm within %.0f s; dropping the connection", self._confirm_timeout)
        link.batch = None
        if link.run(lambda: batch.give_up(silent=True)):
            batch.done.wait(_CLOSE_TIMEOUT_S)
        batch.settlement.lost = True
        link.abort("no confirm in time")

    def close(self) -> None:
        """End the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None
