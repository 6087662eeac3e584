"""Broker to receiver: nothing is acknowledged before it is committed, and nothing is lost on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.inbox import Receiver
from libs.common.inbox.tables import parked
from libs.common.messaging.consumer import QueueConsumer, Source, Watchdog
from libs.common.messaging.lanes import SUSPECT_FROM
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.publisher import Publisher
from libs.common.messaging.relay import Relay
from libs.common.testing.plugin import MakeDatabase
from libs.common.testing.wire import CALM, FROZEN, Wire
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import Broker, MakeBroker, in_thread, wait_until

pytestmark = pytest.mark.rabbitmq
# For what happens between the broker and the consumer, whatever the database below.
ON_ONE_ENGINE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def shop(make_database: MakeDatabase) -> Database:
    return make_database("shop")


@pytest.fixture
def store_room(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def room() -> sample.Room:
    return sample.Room()


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker({"room": ("shop.sale.made.v1",)})


@pytest.fixture
def send_all(shop: Database, broker: Broker) -> Iterator[Callable[[], None]]:
    publisher = Publisher(broker.url, broker.names)
    relay = Relay(shop, publisher, ShardLeases(shop, "relay"))

    def send() -> None:
        while relay.turn():
            pass

    yield send
    publisher.close()


@contextmanager
def consuming(broker: Broker, receiver: Receiver, **source: object) -> Iterator[QueueConsumer]:
    options = {"url": broker.url, "queue": broker.names.queue("room"), "threads": 3} | source
    consumer = QueueConsumer(Source(**options), receiver)  # type: ignore[arg-type]
    stopping = threading.Event()
    thread = in_thread(lambda: consumer.run(stopping))
    try:
        yield consumer
    finally:
        stopping.set()
        consumer.wake()
        thread.join(10)
        assert not thread.is_alive(), "the consumer does not stop"


def effects(database: Database, key: str) -> list[int]:
    return [n for sale_id, n in sample.effects_of(database) if sale_id == key]


def test_messages_arrive_once_and_in_order_per_aggregate(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    for n in range(40):
        sample.sell(shop, f"s{n % 7}", n)
    with consuming(broker, Receiver(store_room, room.subscriptions())):
        send_all()
        wait_until(lambda: len(sample.effects_of(store_room)) == 40, "40 effects")
    for key in range(7):
        assert effects(store_room, f"s{key}") == list(range(key, 40, 7))
    assert broker.depth(broker.names.queue("room")) == 0, "all are acknowledged"


def test_a_crash_after_the_commit_and_before_the_acknowledgement_repeats_nothing(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    """The wire is cut while the worker commits: the acknowledgement is lost, and everything comes again."""
    wire = Wire.before(broker.url)
    cut = threading.Event()

    def cut_once() -> None:
        if not cut.is_set():
            cut.set()
            wire.cut()

    receiver = _ThenAct(store_room, room, cut_once)
    sample.sell(shop, "a", *range(20))
    send_all()
    try:
        with consuming(broker, receiver, url=wire.url):
            wait_until(
                lambda: broker.depth(broker.names.queue("room")) == 0 and wire.accepted > 1, "redelivery"
            )
            wait_until(lambda: receiver.duplicates > 0, "duplicates are recognised")
    finally:
        wire.close()
    assert effects(store_room, "a") == list(range(20))
    assert broker.depth(broker.names.queue("room")) == 0


@ON_ONE_ENGINE
def test_what_comes_again_and_again_is_set_aside_and_tried_alone(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    """The wire is cut before anything is committed, as when a process dies of a message, until that goes apart."""
    wire = Wire.before(broker.url)
    receiver = _DiesOfGroups(store_room, room, wire.cut)
    sample.sell(shop, "a", 1, 2)
    sample.sell(shop, "b", 1)
    send_all()
    try:
        with consuming(broker, receiver, url=wire.url):
            wait_until(lambda: receiver.total.parked == 3, "all three are set aside", 30)
            wait_until(lambda: broker.depth(broker.names.queue("room")) == 0, "they left the queue")
    finally:
        wire.close()
    assert receiver.groups >= SUSPECT_FROM
    receiver.retry_due()
    assert effects(store_room, "a") == [1, 2]
    assert effects(store_room, "b") == [1]


class _DiesOfGroups(Receiver):
    """A receiver that handles no group; what is set aside it tries alone."""

    def __init__(self, database: Database, room: sample.Room, die: Callable[[], None]) -> None:
        super().__init__(database, room.subscriptions())
        self.die = die
        self.groups = 0

    def receive(self, batch):  # type: ignore[no-untyped-def]
        self.groups += 1
        self.die()
        raise ConnectionError("gone")


class _ThenAct(Receiver):
    """A receiver after whose commit something happens."""

    def __init__(self, database: Database, room: sample.Room, act: Callable[[], None]) -> None:
        super().__init__(database, room.subscriptions())
        self.act = act
        self.duplicates = 0

    def receive(self, batch):  # type: ignore[no-untyped-def]
        receipt = super().receive(batch)
        self.duplicates += receipt.duplicates
        self.act()
        return receipt


@ON_ONE_ENGINE
def test_a_frozen_broker_is_noticed_and_left(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    wire = Wire.before(broker.url)
    try:
        with consuming(
            broker, Receiver(store_room, room.subscriptions()), url=wire.url, heartbeat=1
        ) as consumer:
            wait_until(lambda: consumer.connected, "connected")
            wire.weather = FROZEN
            wait_until(lambda: not consumer.connected, "the silence is noticed")
            wire.weather = CALM
            sample.sell(shop, "a", 1)
            send_all()
            wait_until(lambda: effects(store_room, "a") == [1], "work goes on")
    finally:
        wire.close()


def test_a_failing_database_acknowledges_nothing_and_is_tried_again(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    failing = _Failing(store_room, room)
    sample.sell(shop, "a", 1, 2)
    send_all()
    with consuming(broker, failing):
        wait_until(lambda: failing.failures >= 1, "a failure")
        assert sample.effects_of(store_room) == []
        failing.broken = False
        wait_until(lambda: effects(store_room, "a") == [1, 2], "the effects after the repair")
    assert store_room.read(lambda c: c.execute(select(parked)).all()) == [], "no message was to blame"


class _Failing(Receiver):
    """A receiver whose database is down until it is repaired."""

    def __init__(self, database: Database, room: sample.Room) -> None:
        super().__init__(database, room.subscriptions())
        self.broken = True
        self.failures = 0

    def receive(self, batch):  # type: ignore[no-untyped-def]
        if self.broken:
            self.failures += 1
            raise OperationalError("select 1", {}, Exception("server closed the connection"))
        return super().receive(batch)


def _spoilt(**changes: object) -> bytes:
    document = json.loads(sale("a", 1).to_bytes()) | changes
    return json.dumps(document).encode()


UNDECODABLE = (
    b"\xff\xfe",
    b"[]",
    b'{"specversion":"1.0","id":"x"}',
    b"\x80\x04pickle",
    b"[" * 100_000,
    _spoilt(id="nul\x00"),
    _spoilt(data={"sale_id": "half \ud800", "n": 1}),
    _spoilt(time="0001-01-01T00:00:00+14:00"),
    _spoilt(data={"n": json.loads("[" * 80 + "]" * 80)}),
)


def test_undecodable_bytes_are_parked_with_the_reason_kept_by_the_broker_and_stop_nothing(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    queue, dead_queue = broker.names.queue("room"), broker.names.dead_queue("room")
    for body in UNDECODABLE:
        broker.put(queue, body, content_encoding="utf-8", content_type="application/x-python-serialize")
    sample.sell(shop, "a", 1)
    send_all()
    with consuming(broker, Receiver(store_room, room.subscriptions())):
        wait_until(lambda: effects(store_room, "a") == [1], "the good one behind them")
        wait_until(lambda: broker.depth(dead_queue) == len(UNDECODABLE), "dead letters on the broker")
    rows = store_room.read(lambda c: c.execute(select(parked)).all())
    assert {(row.state, row.reason) for row in rows} == {("dead", "undecodable")}
    assert len(rows) == len(UNDECODABLE)
    assert all(row.error for row in rows)


def test_stopping_finishes_what_has_begun_and_returns_the_rest(
    shop: Database, store_room: Database, broker: Broker, send_all: Callable[[], None]
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    subscriptions = sample.Subscriptions("room")

    @subscriptions.on("shop.sale.made.v1", sample.SaleMade)
    def slow(tx: Transaction, sale: sample.SaleMade, message: Message) -> None:
        begun.set()
        go_on.wait(5)
        sample.add_effect(tx, sale.sale_id, sale.n)

    with consuming(broker, Receiver(store_room, subscriptions)) as consumer:
        sample.sell(shop, "a", 1)
        send_all()
        assert begun.wait(5)
        in_thread(lambda: (threading.Event().wait(0.1), go_on.set()))  # type: ignore[arg-type, func-returns-value]
        assert consumer.connected
    assert effects(store_room, "a") == [1]
    assert broker.depth(broker.names.queue("room")) == 0


@ON_ONE_ENGINE
def test_a_second_consumer_stands_by_and_takes_over(
    shop: Database, store_room: Database, room: sample.Room, broker: Broker, send_all: Callable[[], None]
) -> None:
    first, second = sample.Room(), sample.Room()
    with consuming(broker, Receiver(store_room, second.subscriptions())):
        pass
    with consuming(broker, Receiver(store_room, first.subscriptions())) as active:
        wait_until(lambda: active.connected, "connected")
        with consuming(broker, Receiver(store_room, second.subscriptions())) as standby:
            wait_until(lambda: standby.connected, "connected")
            sample.sell(shop, "a", *range(10))
            send_all()
            wait_until(lambda: len(effects(store_room, "a")) == 10, "the first ten")
            assert second.calls == []
    with consuming(broker, Receiver(store_room, second.subscriptions())):
        sample.sell(shop, "a", *range(10, 20))
        send_all()
        wait_until(lambda: len(effects(store_room, "a")) == 20, "the second ten")
    assert effects(store_room, "a") == list(range(20))


def test_the_watchdog_ends_a_loop_that_does_not_turn() -> None:
    stalled = threading.Event()

    class Still:
        ticked = -1e9

    Watchdog(Still(), 1, stalled.set).run(threading.Event())  # type: ignore[arg-type]
    assert stalled.is_set()
