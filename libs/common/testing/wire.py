"""A wire between a client and a server that can be made slow, cut, half-open, or torn after some bytes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

_AMQP = 5672
_CHUNK = 16384
_IDLE_S = 0.002


@dataclass(frozen=True)
class Weather:
    """How a wire behaves. Bytes arrive ``delay_s`` later, at most ``bytes_per_s`` of them, ``split`` at a time.

    ``there`` and ``back`` say in which directions all of this holds. A connection is reset when ``reset_after``
    bytes have passed, and while the wire is ``silent`` nothing passes, though both ends believe it stands.
    """

    delay_s: float = 0.0
    bytes_per_s: float | None = None
    split: int = _CHUNK
    reset_after: int | None = None
    silent: bool = False
    there: bool = True
    back: bool = True


CALM = Weather()
FROZEN = Weather(silent=True)


class _Pair:
    """One connection through the wire."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self._wire = wire
        self._sockets = (client, server)
        self._passed = 0

    def start(self) -> None:
        """Carry bytes from now on."""
        client, server = self._sockets
        for source, sink, there in ((client, server, True), (server, client, False)):
            held: deque[tuple[float, bytes]] = deque()
            ended = threading.Event()
            for act in (self._take, self._give):
                threading.Thread(target=act, args=(source, sink, there, held, ended), daemon=True).start()

    def _take(
        self, source: socket.socket, _sink: socket.socket, there: bool, held: deque[tuple[float, bytes]],
        ended: threading.Event,
    ) -> None:  # fmt: skip
        """Read from one end and note when it was read."""
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                held.append((time.monotonic(), data))
        ended.set()

    def _give(
        self, _source: socket.socket, sink: socket.socket, there: bool, held: deque[tuple[float, bytes]],
        ended: threading.Event,
    ) -> None:  # fmt: skip
        """Write to the other end what is due."""
        with contextlib.suppress(OSError):
            while not (ended.is_set() and not held):
                weather = self._wire.weather_of(there)
                if not held or weather.silent or time.monotonic() - held[0][0] < weather.delay_s:
                    time.sleep(_IDLE_S)
                    continue
                self._send(sink, held.popleft()[1], weather)
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _send(self, sink: socket.socket, data: bytes, weather: Weather) -> None:
        for start in range(0, len(data), weather.split):
            piece = data[start : start + weather.split]
            sink.sendall(piece)
            self._passed += len(piece)
            if weather.reset_after is not None and self._passed >= weather.reset_after:
                self.reset()
            if weather.bytes_per_s is not None:
                time.sleep(len(piece) / weather.bytes_per_s)

    def reset(self) -> None:
        """Break the connection with a RST at both ends."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.shutdown(socket.SHUT_RD)  # a thread that still reads would keep the connection alive
            sock.close()
        raise ConnectionResetError


class Wire:
    """Listens on ``port`` (0: any) and carries connections to ``target`` through the weather of the moment.

    ``accepted`` counts the connections that it has taken.
    """

    def __init__(self, target: tuple[str, int], port: int = 0) -> None:
        self.weather = CALM
        self.accepted = 0
        self.url = ""
        self._target = target
        self._pairs: list[_Pair] = []
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @classmethod
    def before(cls, url: str) -> Wire:
        """Return a wire to the server of ``url``; its own ``url`` is the same through the wire."""
        parts = urlsplit(url)
        wire = cls((parts.hostname or "127.0.0.1", parts.port or _AMQP))
        credentials, at, _ = parts.netloc.rpartition("@")
        wire.url = urlunsplit(parts._replace(netloc=f"{credentials}{at}127.0.0.1:{wire.port}"))
        return wire

    def weather_of(self, there: bool) -> Weather:
        """Return the weather in one direction."""
        weather = self.weather
        return weather if (weather.there if there else weather.back) else CALM

    def cut(self) -> None:
        """Reset every connection; new ones are taken."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            with contextlib.suppress(ConnectionResetError):
                pair.reset()

    def close(self) -> None:
        """Carry nothing more."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self.accepted += 1
                try:
                    server = socket.create_connection(self._target, timeout=5)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                for sock in (client, server):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                pair = _Pair(self, client, server)
                self._pairs.append(pair)  # first: from its first byte on, a cut must find it
                pair.start()
