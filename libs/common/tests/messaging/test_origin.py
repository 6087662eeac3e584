"""A message inside which another sender or another type speaks is kept as a dead letter and never believed."""

from __future__ import annotations

import json

import pika
import pytest
from sqlalchemy import select

from libs.common.db import Database
from libs.common.errors import Invalid
from libs.common.inbox import Receiver, dead
from libs.common.inbox.tables import parked
from libs.common.messaging import topology
from libs.common.messaging.dead_queue import DeadQueue, Forged
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import Broker, MakeBroker, wait_until
from libs.common.tests.messaging.test_consumer import consuming

pytestmark = pytest.mark.rabbitmq
ORDER = dead.Order("ann", "somebody spoke as another")
# What a taken-over "mill" may send under the broker's rights: routing keys of its own. It is handled by the envelope.
OWN_KEY = "mill.sale.made.v1"
FORGED = {
    "the fact of another": json.loads(sale("a", 1).to_bytes()),
    "an order": json.loads(sale("a", 2).to_bytes()) | {"type": "room.count_stock.v1", "kind": "command"},
    "in the name of another": json.loads(sale("a", 3).to_bytes()) | {"type": OWN_KEY, "source": "shop"},
}


@pytest.fixture
def store_room(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    return sample.create_effects(sqlite_databases.make("room", None, clock=clock))


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker({"room": ("shop.sale.made.v1", OWN_KEY)})


@pytest.fixture
def letters(broker: Broker, store_room: Database) -> DeadQueue:
    """Let the consumer see every forged message, and then one that is sound."""
    room = sample.Room()
    with topology.open_channel(broker.url) as channel:
        channel.confirm_delivery()
        for document in FORGED.values():
            body = json.dumps(document).encode()
            about = pika.BasicProperties(message_id=document["id"], delivery_mode=2)
            channel.basic_publish(broker.names.events, OWN_KEY, body, about, mandatory=True)
        channel.basic_publish(
            broker.names.events, "shop.sale.made.v1", sale("b", 1).to_bytes(), mandatory=True
        )
    with consuming(broker, Receiver(store_room, room.subscriptions())):
        wait_until(lambda: sample.effects_of(store_room) == [("b", 1)], "the sound one behind them")
        dead_queue = broker.names.dead_queue("room")
        wait_until(lambda: broker.depth(dead_queue) == len(FORGED), "the forged ones among the dead")
    return DeadQueue(broker.url, "room", broker.names)


def test_what_contradicts_its_way_is_dead_with_the_reason(letters: DeadQueue, store_room: Database) -> None:
    rows = store_room.read(lambda c: c.execute(select(parked.c.state, parked.c.error)).all())

    assert [state for state, _ in rows] == ["dead"] * len(FORGED)
    assert sorted(error for _, error in rows) == [
        "forged: mill.sale.made.v1 is not for shop to say",
        "forged: sent as mill.sale.made.v1, the envelope says room.count_stock.v1",
        "forged: sent as mill.sale.made.v1, the envelope says shop.sale.made.v1",
    ]


def test_a_person_cannot_make_it_true_by_retry_or_edit(letters: DeadQueue, store_room: Database) -> None:
    with pytest.raises(Forged, match="the envelope says"):
        letters.retry(store_room, None, ORDER)
    assert len(letters.list()) == len(FORGED)
    for row in store_room.read(dead.list_parked):
        with pytest.raises(Invalid):
            store_room.transact(lambda tx, id_=row.id: dead.retry(tx, id_, ORDER))
        with pytest.raises(Invalid):
            store_room.transact(lambda tx, id_=row.id: dead.edit(tx, id_, {"sale_id": "a", "n": 1}, ORDER))


def test_giving_it_up_does_not_close_the_door_to_the_true_one(
    letters: DeadQueue, store_room: Database
) -> None:
    """A forger may take the id of a message that is still to come."""
    assert letters.discard(store_room, None, ORDER) == len(FORGED)
    for row in store_room.read(dead.list_parked):
        store_room.transact(lambda tx, id_=row.id: dead.discard(tx, id_, ORDER))

    Receiver(store_room, sample.Room().subscriptions()).receive([sale("a", 1)])
    assert ("a", 1) in sample.effects_of(store_room)
