"""Publishing while the broker is silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from libs.common.db import Database
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.publisher import LinkDown, Publisher
from libs.common.messaging.relay import Relay
from libs.common.outbox import event_log, outbox
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.wire import CALM, FROZEN, Wire
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import Broker, MakeBroker

pytestmark = pytest.mark.rabbitmq


@pytest.fixture
def shop(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    return sqlite_databases.make("shop", None, clock=clock)


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker({"room": ("shop.sale.made.v1",)})


@pytest.fixture
def wire(broker: Broker) -> Iterator[Wire]:
    wire = Wire.before(broker.url)
    yield wire
    wire.close()


def attempts(database: Database) -> list[int]:
    return list(
        database.read(lambda c: c.execute(select(outbox.c.attempts).order_by(outbox.c.seq)).scalars().all())
    )


def test_no_confirm_in_time_drops_the_connection_and_the_same_message_goes_out_again(
    shop: Database, broker: Broker, wire: Wire, clock: ManualClock
) -> None:
    publisher = Publisher(wire.url, broker.names, confirm_timeout=0.2)
    relay = Relay(shop, publisher, ShardLeases(shop, "one"))
    sample.sell(shop, "a", 1)
    assert relay.turn() == 1
    wire.weather = FROZEN
    sample.sell(shop, "a", 2, 3)
    with pytest.raises(LinkDown):
        relay.turn()
    assert attempts(shop) == [1, 0], "the one under way waits; the one behind it was never sent"
    wire.cut()
    wire.weather = CALM
    clock.advance(timedelta(seconds=2))
    assert relay.turn() == 2
    publisher.close()
    said = list(
        shop.read(lambda c: c.execute(select(event_log.c.event_id).order_by(event_log.c.seq)).scalars().all())
    )
    arrived = broker.messages(broker.names.queue("room"))
    assert list(dict.fromkeys(arrived)) == said


def test_a_cut_connection_counts_no_attempt(shop: Database, broker: Broker, wire: Wire) -> None:
    publisher = Publisher(wire.url, broker.names)
    relay = Relay(shop, publisher, ShardLeases(shop, "one"))
    sample.sell(shop, "a", 1)
    assert relay.turn() == 1
    sample.sell(shop, "a", 2)
    wire.close()
    with pytest.raises(LinkDown):
        relay.turn()
    assert attempts(shop) == [0]
    publisher.close()
