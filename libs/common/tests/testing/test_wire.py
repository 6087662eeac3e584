"""The wire between a client and a server does to it what it says."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from libs.common.testing.wire import CALM, Weather, Wire

PATIENCE_S = 10.0


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    """Give the address of a server that answers with what it is told."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(client: socket.socket) -> None:
        with client:
            try:
                while data := client.recv(4096):
                    client.sendall(data)
            except OSError:
                return

    def accept() -> None:
        try:
            while True:
                client, _ = server.accept()
                threading.Thread(target=answer, args=(client,), daemon=True).start()
        except OSError:
            return

    threading.Thread(target=accept, daemon=True).start()
    yield server.getsockname()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.fixture
def wire(echo: tuple[str, int]) -> Iterator[Wire]:
    wire = Wire(echo)
    yield wire
    wire.close()


@pytest.fixture
def client(wire: Wire) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", wire.port), timeout=PATIENCE_S) as client:
        yield client


def exchanged(client: socket.socket, text: bytes) -> bytes:
    """Return what comes back for ``text``."""
    client.sendall(text)
    found = b""
    while len(found) < len(text):
        piece = client.recv(4096)
        if not piece:
            break
        found += piece
    return found


def test_a_calm_wire_carries_everything(client: socket.socket) -> None:
    assert exchanged(client, b"word" * 20_000) == b"word" * 20_000


def test_split_and_slow_lose_nothing(wire: Wire, client: socket.socket) -> None:
    wire.weather = Weather(split=7, bytes_per_s=100_000)
    assert exchanged(client, b"0123456789" * 50) == b"0123456789" * 50


def test_a_delay_holds_back_what_it_says_and_no_less(wire: Wire, client: socket.socket) -> None:
    wire.weather = Weather(delay_s=0.2)
    began = time.monotonic()
    assert exchanged(client, b"x") == b"x"
    assert time.monotonic() - began >= 0.4, "there and back"


def test_one_direction_alone_can_be_silent(wire: Wire, client: socket.socket) -> None:
    wire.weather = Weather(silent=True, there=False)
    client.sendall(b"x")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(1)
    wire.weather = CALM
    client.settimeout(PATIENCE_S)
    assert client.recv(1) == b"x", "what was held back arrives when the wire is calm again"


def test_after_so_many_bytes_the_connection_is_reset(wire: Wire, client: socket.socket) -> None:
    wire.weather = Weather(reset_after=10)
    with pytest.raises(ConnectionError):
        while exchanged(client, b"12345678"):
            pass


def test_a_cut_resets_what_stands_and_takes_new_connections(wire: Wire, client: socket.socket) -> None:
    assert exchanged(client, b"x") == b"x"
    wire.cut()
    with pytest.raises(ConnectionError):
        while exchanged(client, b"y"):
            pass
    with socket.create_connection(("127.0.0.1", wire.port), timeout=PATIENCE_S) as again:
        assert exchanged(again, b"z") == b"z"
    assert wire.accepted == 2


def test_a_cut_is_seen_by_one_who_only_waits(wire: Wire, client: socket.socket) -> None:
    assert exchanged(client, b"x") == b"x"
    wire.cut()
    client.settimeout(2)
    with contextlib.suppress(ConnectionResetError):
        assert client.recv(1) == b""
