"""RabbitMQ to the receiver: one thread owns the connection, and nothing but that thread touches it.

Workers commit; this thread acknowledges. It checks the heartbeat every second, and when anything is wrong it
closes the raw socket: a polite close waits for a peer that may be frozen, without end.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kombu import Connection, Consumer, Queue

from libs.common.envelope import Message, Undecodable
from libs.common.inbox import Receiver
from libs.common.messaging.backoff import backoff
from libs.common.messaging.lanes import Delivery, Lanes
from libs.common.messaging.origin import contradiction

log = logging.getLogger(__name__)
HEARTBEAT_S = 10
LONGEST_PREFETCH = 200
_CONNECT_TIMEOUT_S = 5
_TICK_S = 1.0
_DRAIN_TICK_S = 0.05
_STALL_HEARTBEATS = 3
_EXIT_STALLED = 70


@dataclass(frozen=True)
class Source:
    """Where a consumer reads, and how hard."""

    url: str
    queue: str
    threads: int = 4
    heartbeat: int = HEARTBEAT_S
    grace: float = 20.0

    @property
    def prefetch(self) -> int:
        """How many messages may be here unacknowledged: enough for full groups, few enough for a quick drain."""
        return min(LONGEST_PREFETCH, 50 * self.threads)


class QueueConsumer:
    """Reads one queue and hands what it gets to a receiver."""

    def __init__(self, source: Source, receiver: Receiver) -> None:
        self.ticked = time.monotonic()
        self.connected = False
        self._source = source
        self._settled: queue.SimpleQueue[tuple[Delivery, bool]] = queue.SimpleQueue()
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._lanes = Lanes(receiver, self._on_settled, source.threads)
        self._link: _Link | None = None
        self._draining = False

    def run(self, stopping: threading.Event) -> None:
        """Consume until ``stopping`` is set, then finish what has begun and go."""
        failures = 0
        while not stopping.is_set():
            try:
                self._connect()
                failures = 0
                while not stopping.is_set():
                    self._tick()
                self._drain()
            except Exception as error:  # noqa: BLE001 - whatever it was, the answer is a new connection
                failures += 1
                log.warning(
                    "consumer of %s: %s: %s; reconnecting", self._source.queue, type(error).__name__, error
                )
                self._abort()
                self._pause(stopping, backoff(failures))
        self._end()

    def wake(self) -> None:
        """End a wait for the network at once."""
        with contextlib.suppress(BlockingIOError, OSError):
            self._wake_in.send(b"!")

    def _on_settled(self, delivery: Delivery, accepted: bool) -> None:
        self._settled.put((delivery, accepted))
        self.wake()

    def _connect(self) -> None:
        self._lanes.generation += 1
        self._link = _Link(self._source, self._on_message)
        self._link.open()
        self.connected = True
        log.info("consuming %s", self._source.queue)

    def _on_message(self, raw: Any) -> None:
        if self._draining:
            return
        body = raw.body if isinstance(raw.body, bytes) else str(raw.body).encode("utf-8", "surrogatepass")
        message, fault = _read(body)
        if message is not None and (fault := contradiction(message, **_way_of(raw))):
            message = None
        times = _delivered_before(raw.headers)
        self._lanes.put(Delivery(self._lanes.generation, raw.delivery_tag, body, message, fault, times))

    def _tick(self, longest: float = _TICK_S) -> None:
        link = self._open_link()
        self.ticked = time.monotonic()
        readable, _, _ = select.select([link.socket, self._wake_out], [], [], longest)
        if self._wake_out in readable:
            self._forget_wakes()
        self._acknowledge(link)
        if link.socket in readable:
            link.read()
        link.check_heartbeat()

    def _open_link(self) -> _Link:
        assert self._link is not None
        return self._link

    def _forget_wakes(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake_out.recv(4096):
                pass

    def _acknowledge(self, link: _Link) -> None:
        while True:
            try:
                delivery, accepted = self._settled.get_nowait()
            except queue.Empty:
                return
            # A tag means nothing on another connection; what it stood for is delivered again.
            if delivery.generation == self._lanes.generation:
                link.settle(delivery.tag, accepted)

    def _drain(self) -> None:
        """Let the workers finish what is queued, acknowledge that, and go; the rest returns to the queue.

        The consumer is not cancelled first: the broker would then hand newer messages of the same aggregates to
        the next consumer while this one still works on older ones.
        """
        self._draining = True
        self._lanes.finish()
        end = time.monotonic() + self._source.grace
        while not self._lanes.finished() and time.monotonic() < end:
            self._tick(_DRAIN_TICK_S)  # nothing tells that a lane has ended
        self._lanes.abandon()
        self._acknowledge(self._open_link())
        self._open_link().close()
        self._link = None

    def _pause(self, stopping: threading.Event, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not stopping.is_set() and (left := end - time.monotonic()) > 0:
            self.ticked = time.monotonic()
            stopping.wait(min(left, _TICK_S))

    def _abort(self) -> None:
        self.connected = False
        self._lanes.generation += 1
        if self._link is not None:
            self._link.abort()
            self._link = None

    def _end(self) -> None:
        self._abort()
        self._lanes.abandon()
        self._wake_in.close()
        self._wake_out.close()


def _read(body: bytes) -> tuple[Message | None, str]:
    """Return the message in ``body``, or none and why; no bytes whatever may stop the loop."""
    try:
        return Message.from_bytes(body), ""
    except Undecodable as error:
        return None, str(error)
    except Exception as error:
        log.exception("reading a message failed in a way that was not foreseen")
        return None, f"{type(error).__name__}: {error}"


def _delivered_before(headers: Mapping[str, Any] | None) -> int:
    """Return how often the broker says that it has delivered this before; from version 4 on it counts two ways."""
    counts = [(headers or {}).get(name) for name in ("x-delivery-count", "x-acquired-count")]
    return max((count for count in counts if isinstance(count, int)), default=0)


def _way_of(raw: Any) -> dict[str, str]:
    return {name: raw.delivery_info[name] for name in ("exchange", "routing_key")}


class _Link:
    """One connection with one channel and one consumer on it."""

    def __init__(self, source: Source, on_message: Callable[[Any], None]) -> None:
        self._source = source
        self._on_message = on_message
        self._checked = time.monotonic()
        self._connection = Connection(
            source.url, heartbeat=source.heartbeat, connect_timeout=_CONNECT_TIMEOUT_S, transport_options={}
        )
        self._channel: Any = None
        self._consumer: Any = None
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connect and start consuming."""
        self._connection.connect()
        self._socket = self._connection.connection.sock
        # Requests from here on are answered within the connect timeout or the attempt has failed.
        self.socket.settimeout(_CONNECT_TIMEOUT_S)
        self._channel = self._connection.channel()
        self._channel.basic_qos(0, self._source.prefetch, False)
        queue_ = Queue(self._source.queue, no_declare=True)
        self._consumer = Consumer(
            self._channel, queues=[queue_], on_message=self._on_message, auto_declare=False
        )
        self._consumer.consume()

    @property
    def socket(self) -> socket.socket:
        """The raw socket, to wait on and, in trouble, to close; ours to close even when the client forgot it."""
        assert self._socket is not None
        return self._socket

    def read(self) -> None:
        """Take in what has arrived; the callback is called for each message."""
        # A heartbeat or half a frame ends in a timeout; the half is kept and completed by the next read.
        with contextlib.suppress(TimeoutError):
            self._connection.drain_events(timeout=_TICK_S)
            while self._more():
                self._connection.drain_events(timeout=_TICK_S)

    def _more(self) -> bool:
        sock = self.socket
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        return bool(select.select([sock], [], [], 0)[0])

    def settle(self, tag: int, accepted: bool) -> None:
        """Acknowledge, or reject to the dead letters."""
        if accepted:
            self._channel.basic_ack(tag)
        else:
            self._channel.basic_reject(tag, requeue=False)

    def check_heartbeat(self) -> None:
        """Send a heartbeat when one is due; raises when the peer has been silent for two."""
        if time.monotonic() - self._checked >= _TICK_S:
            self._checked = time.monotonic()
            self._connection.heartbeat_check()

    def close(self) -> None:
        """Say goodbye, then close the socket whatever the answer."""
        with contextlib.suppress(Exception):
            self.socket.settimeout(_TICK_S)
            self._channel.close()
        self.abort()

    def abort(self) -> None:
        """Close the raw socket and forget the connection, without a word to the other side."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()


class Turning(Protocol):
    """A loop that notes when it last turned, by the monotonic clock."""

    ticked: float


class Watchdog:
    """Ends the process when a loop has not turned for three heartbeats; its supervisor starts it anew.

    A peer that is gone behind something that still holds the connection never answers, and no time limit of the
    network sees that.
    """

    def __init__(self, loop: Turning, heartbeat: int, on_stall: Callable[[], None] | None = None) -> None:
        self._loop = loop
        self._limit = heartbeat * _STALL_HEARTBEATS
        self._on_stall = on_stall or _exit_now

    def run(self, stopping: threading.Event) -> None:
        """Look every second until ``stopping`` is set."""
        while not stopping.wait(_TICK_S):
            silence = time.monotonic() - self._loop.ticked
            if silence > self._limit:
                log.critical("%s has not turned for %.0f s", type(self._loop).__name__, silence)
                self._on_stall()
                return


def _exit_now() -> None:
    os._exit(_EXIT_STALLED)
