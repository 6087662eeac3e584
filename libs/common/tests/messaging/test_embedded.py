"""Delivery in one process."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.inbox import Receipt, Subscriptions
from libs.common.inbox.tables import parked
from libs.common.messaging.embedded import EmbeddedBus
from libs.common.outbox import outbox
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import wait_until


@pytest.fixture
def shop(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("shop"))


@pytest.fixture
def store_room(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def room() -> sample.Room:
    return sample.Room()


@pytest.fixture
def bus(shop: Database, store_room: Database, room: sample.Room) -> EmbeddedBus:
    return EmbeddedBus(
        {"shop": shop, "room": store_room},
        {"shop": sample.shop_subscriptions(), "room": room.subscriptions()},
    )


def pending(database: Database) -> int:
    return int(database.read(lambda c: c.execute(select(func.count()).select_from(outbox)).scalar_one()))


def test_drain_delivers_everything_and_what_follows_from_it(
    bus: EmbeddedBus, shop: Database, store_room: Database
) -> None:
    sample.sell(shop, "a", 1, 2)
    sample.order_count(shop, "a")
    assert bus.drain() == Receipt(handled=4)
    assert sample.effects_of(store_room) == [("a", 1), ("a", 2)]
    assert sample.effects_of(shop) == [("a", 0)], "the answer came back to the shop"
    assert pending(shop) == pending(store_room) == 0


def test_a_crash_between_delivery_and_delete_repeats_the_delivery_but_not_the_effect(
    bus: EmbeddedBus, shop: Database, store_room: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.sell(shop, "a", 1, 2)
    with monkeypatch.context() as crash:
        crash.setattr("libs.common.messaging.embedded.delete_rows", _die)
        with pytest.raises(SystemExit):
            bus.drain()
    assert pending(shop) == 2
    assert bus.drain() == Receipt(duplicates=2)
    assert sample.effects_of(store_room) == [("a", 1), ("a", 2)]


def _die(*_args: object) -> None:
    raise SystemExit


def test_a_poisoned_message_holds_up_its_own_aggregate_only(
    bus: EmbeddedBus, shop: Database, store_room: Database, room: sample.Room, clock: ManualClock
) -> None:
    room.poison.add(("a", 1))
    sample.sell(shop, "a", 1, 2)
    sample.sell(shop, "b", 1)
    bus.drain()
    assert sample.effects_of(store_room) == [("b", 1)]
    room.poison.clear()
    clock.advance(timedelta(seconds=6))
    bus.drain()
    assert sample.effects_of(store_room) == [("b", 1), ("a", 1), ("a", 2)]


def test_drain_tries_what_waits_for_a_fact_once_there_is_progress(
    bus: EmbeddedBus, shop: Database, store_room: Database, room: sample.Room
) -> None:
    room.missing.add(("a", 1))
    sample.sell(shop, "a", 1, 2)
    bus.drain()
    assert sample.effects_of(store_room) == []
    room.missing.clear()
    sample.sell(shop, "b", 1)
    bus.drain()
    assert sample.effects_of(store_room) == [("b", 1), ("a", 1), ("a", 2)]


def test_a_command_that_no_service_takes_is_a_dead_letter_of_its_sender(shop: Database) -> None:
    alone = EmbeddedBus({"shop": shop}, {"shop": sample.shop_subscriptions()})
    sample.order_count(shop, "a")
    alone.drain()
    rows = shop.read(lambda c: c.execute(select(parked)).all())
    assert [(row.state, row.reason, row.type) for row in rows] == [
        ("dead", "unroutable", "room.count_stock.v1")
    ]
    assert pending(shop) == 0


def test_a_command_without_a_handler_is_a_dead_letter_of_its_target(
    shop: Database, store_room: Database
) -> None:
    bus = EmbeddedBus({"shop": shop, "room": store_room}, {"room": Subscriptions("room")})
    sample.order_count(shop, "a")
    bus.drain()
    rows = store_room.read(lambda c: c.execute(select(parked)).all())
    assert [(row.state, row.reason) for row in rows] == [("dead", "unknown_type")]


def test_threads_deliver_as_soon_as_a_commit_tells_them(
    bus: EmbeddedBus, shop: Database, store_room: Database
) -> None:
    bus.start()
    try:
        for n in range(5):
            sample.sell(shop, "a", n)
        wait_until(lambda: len(sample.effects_of(store_room)) == 5, "five effects")
    finally:
        bus.stop()
    assert sample.effects_of(store_room) == [("a", n) for n in range(5)]


def test_embedded_delivery_never_loads_a_broker_client() -> None:
    code = (
        "import sys; import libs.common.messaging.embedded; "
        "sys.exit(any(name.split('.')[0] in ('kombu', 'pika', 'amqp') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
