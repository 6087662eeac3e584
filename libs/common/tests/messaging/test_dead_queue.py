"""What the broker gave up, and the event log sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from libs.common.db import Database
from libs.common.inbox import Receiver, dead
from libs.common.messaging import topology
from libs.common.messaging.dead_queue import DeadQueue, DeadQueueUnavailable
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.publisher import Publisher
from libs.common.messaging.relay import Relay
from libs.common.messaging.replay import Selection, replay, replay_embedded, select_events
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import Broker, MakeBroker, wait_until
from libs.common.tests.messaging.test_consumer import consuming

pytestmark = pytest.mark.rabbitmq
ORDER = dead.Order("ann", "the process is mended")


@pytest.fixture
def shop(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    return sqlite_databases.make("shop", None, clock=clock)


@pytest.fixture
def store_room(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    return sample.create_effects(sqlite_databases.make("room", None, clock=clock))


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker({"room": ("shop.sale.made.v1",)})


@pytest.fixture
def dead_queue(broker: Broker, shop: Database) -> DeadQueue:
    """Let the broker give up two messages."""
    sample.sell(shop, "a", 1, 2)
    publisher = Publisher(broker.url, broker.names)
    Relay(shop, publisher, ShardLeases(shop, "one")).turn()
    publisher.close()
    with topology.open_channel(broker.url) as channel:
        for taken, (method, _, _) in enumerate(channel.consume(broker.names.queue("room")), start=1):
            channel.basic_reject(method.delivery_tag, requeue=False)
            if taken == 2:
                break
        channel.cancel()
    wait_until(lambda: broker.depth(broker.names.dead_queue("room")) == 2, "two dead letters")
    return DeadQueue(broker.url, "room", broker.names)


def test_listing_leaves_them_where_they_are(dead_queue: DeadQueue) -> None:
    for _ in range(2):
        assert [(letter.type, letter.reason) for letter in dead_queue.list()] == [
            ("shop.sale.made.v1", "rejected")
        ] * 2


def test_retry_brings_them_to_the_service_and_is_written_down(
    dead_queue: DeadQueue, store_room: Database, broker: Broker
) -> None:
    assert dead_queue.retry(store_room, None, ORDER) == 2
    assert dead_queue.list() == []
    with consuming(broker, Receiver(store_room, sample.Room().subscriptions())):
        wait_until(lambda: sample.effects_of(store_room) == [("a", 1), ("a", 2)], "both effects")
    acts = store_room.read(dead.acts)
    assert [(act.act, act.actor, act.reason) for act in acts] == [("retry", "ann", ORDER.reason)] * 2


def test_discard_takes_the_one_that_is_meant(dead_queue: DeadQueue, store_room: Database) -> None:
    first, second = dead_queue.list()
    assert dead_queue.discard(store_room, first.id, ORDER) == 1
    assert dead_queue.list() == [second]
    (act,) = store_room.read(dead.acts)
    assert (act.act, act.event_id, act.before) == ("discard", first.id, first.body)


def test_looking_thirty_times_loses_nothing(dead_queue: DeadQueue) -> None:
    seen = [dead_queue.list() for _ in range(30)]
    assert seen == [seen[0]] * 30


def test_what_came_without_an_id_is_told_apart_by_its_bytes(broker: Broker, store_room: Database) -> None:
    for body in (b"one", b"two"):
        broker.put(broker.names.dead_queue("room"), body)
    letters = DeadQueue(broker.url, "room", broker.names)
    one, two = letters.list()
    assert letters.discard(store_room, two.id, ORDER) == 1
    assert letters.list() == [one]
    (act,) = store_room.read(dead.acts)
    assert (act.event_id, act.before) == (two.id, "two")


@pytest.mark.parametrize("url", ["amqp://guest:guest@127.0.0.1:1/%2F", None])
def test_a_broker_or_queue_that_is_not_there_is_told(broker: Broker, url: str | None) -> None:
    letters = DeadQueue(url or broker.url, "nobody", broker.names)
    with pytest.raises(DeadQueueUnavailable, match=r"nobody\.dlq"):
        letters.list()


def test_replay_fills_one_queue_in_order_and_is_marked(broker: Broker, shop: Database) -> None:
    sample.sell(shop, "a", 1, 2)
    sample.sell(shop, "b", 1)
    sample.order_count(shop, "a")
    selection = Selection(types=("shop.sale.made.v1",), partition_key="a")
    assert replay(shop, selection, broker.url, "room", names=broker.names) == 2
    with topology.open_channel(broker.url) as channel:
        marks = []
        for _, properties, _ in channel.consume(broker.names.queue("room"), inactivity_timeout=0.2):
            if properties is None:
                break
            marks.append((properties.message_id, properties.headers["replay"]))
        channel.cancel()
    assert marks == [(row.id, True) for row in select_events(shop, selection)]


def test_a_replay_reads_page_by_page_and_by_time(
    shop: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.messaging.replay.PAGE", 2)
    sample.sell(shop, "a", 1, 2, 3)
    clock.advance(timedelta(hours=1))
    middle = clock.now()
    sample.sell(shop, "a", 4, 5)

    def numbers(selection: Selection) -> list[int]:
        return [row.message.data["n"] for row in select_events(shop, selection)]

    assert numbers(Selection()) == [1, 2, 3, 4, 5]
    assert numbers(Selection(since=middle)) == [4, 5]
    assert numbers(Selection(until=middle)) == [1, 2, 3]


def test_a_replay_in_one_process_repeats_no_effect(shop: Database, store_room: Database) -> None:
    sample.sell(shop, "a", 1, 2, 3)
    receiver = Receiver(store_room, sample.Room().subscriptions())
    assert replay_embedded(shop, Selection(), receiver).handled == 3
    assert replay_embedded(shop, Selection(), receiver).duplicates == 3
    assert sample.effects_of(store_room) == [("a", 1), ("a", 2), ("a", 3)]
