"""Outbox to broker: what the broker did not confirm stays, and order per aggregate survives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text

from libs.common.db import Database, Transaction
from libs.common.messaging import topology
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.names import Names
from libs.common.messaging.pending import PendingRow, backlog
from libs.common.messaging.publisher import LinkDown, Publisher, Settlement
from libs.common.messaging.relay import Relay
from libs.common.outbox import event_log, outbox
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import Broker, MakeBroker

pytestmark = pytest.mark.rabbitmq
ROOM = {"room": ("shop.sale.made.v1",)}


@pytest.fixture
def shop(make_database: MakeDatabase) -> Database:
    return make_database("shop")


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker(ROOM)


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Publisher]:
    publisher = Publisher(broker.url, broker.names)
    yield publisher
    publisher.close()


def relay_of(database: Database, publisher: Publisher, owner: str = "one") -> Relay:
    return Relay(database, publisher, ShardLeases(database, owner))


def said(database: Database, key: str | None = None) -> list[str]:
    query = select(event_log.c.event_id).order_by(event_log.c.seq)
    if key is not None:
        query = query.where(event_log.c.partition_key == key)
    return list(database.read(lambda c: c.execute(query).scalars().all()))


def pending(database: Database) -> list[tuple[str, int]]:
    query = select(outbox.c.partition_key, outbox.c.attempts).order_by(outbox.c.seq)
    return [tuple(row) for row in database.read(lambda c: c.execute(query).all())]


def test_everything_arrives_in_order_and_leaves_the_outbox(
    shop: Database, publisher: Publisher, broker: Broker
) -> None:
    for sale_id in ("a", "b", "c"):
        sample.sell(shop, sale_id, *range(20))
    assert relay_of(shop, publisher).turn() == 60
    arrived = broker.messages(broker.names.queue("room"))
    for sale_id in ("a", "b", "c"):
        own = said(shop, sale_id)
        assert [event_id for event_id in arrived if event_id in own] == own
    assert pending(shop) == []


def test_a_command_goes_to_its_target_even_without_a_handler_there(
    shop: Database, publisher: Publisher, broker: Broker
) -> None:
    sample.order_count(shop, "a")
    relay_of(shop, publisher).turn()
    assert broker.messages(broker.names.queue("room")) == said(shop)


def test_what_nobody_wants_is_kept_aside_by_the_broker(
    shop: Database, publisher: Publisher, broker: Broker
) -> None:
    shop.transact(lambda tx: sample.publish(tx, sample.StockCounted("a")))
    relay_of(shop, publisher).turn()
    assert broker.messages(broker.names.unrouted) == said(shop)


def test_a_returned_message_waits_and_so_does_its_aggregate(
    shop: Database, publisher: Publisher, broker: Broker, clock: ManualClock
) -> None:
    with topology.open_channel(broker.url) as channel:
        channel.queue_delete(broker.names.unrouted)
        channel.queue_unbind(broker.names.queue("room"), broker.names.events, "shop.sale.made.v1")
    sample.sell(shop, "a", 1, 2)
    sample.order_count(shop, "b")
    relay = relay_of(shop, publisher)
    assert relay.turn() == 1, "the command flows"
    assert pending(shop) == [("a", 1), ("a", 0)]
    assert relay.turn() == 0, "its time has not come"
    topology.apply(broker.url, broker.topology)
    clock.advance(timedelta(seconds=2))
    assert relay.turn() == 2
    assert broker.messages(broker.names.queue("room"))[1:] == said(shop, "a")


def test_a_full_queue_pushes_back_and_nothing_overtakes(
    shop: Database, make_broker: MakeBroker, clock: ManualClock
) -> None:
    broker = make_broker({})
    queue = broker.names.queue("tiny")
    with topology.open_channel(broker.url) as channel:
        limits = {"x-queue-type": "quorum", "x-max-length": 3, "x-overflow": "reject-publish"}
        channel.queue_declare(queue, durable=True, arguments=limits)
        channel.queue_bind(queue, broker.names.events, "shop.#")
    publisher = Publisher(broker.url, broker.names)
    try:
        sample.sell(shop, "a", *range(30))
        relay, arrived = relay_of(shop, publisher), []
        for _ in range(40):
            relay.turn()
            arrived += broker.messages(queue)
            clock.advance(timedelta(minutes=2))
        assert arrived == said(shop, "a")
        assert pending(shop) == []
    finally:
        publisher.close()
        with topology.open_channel(broker.url) as channel:
            channel.queue_delete(queue)


def test_a_refusal_is_answered_with_a_new_connection(
    shop: Database, make_broker: MakeBroker, clock: ManualClock
) -> None:
    """A quorum queue whose limit was lifted goes on refusing on the channels that it had refused on."""
    broker = make_broker({})
    queue = broker.names.queue("tiny")
    with topology.open_channel(broker.url) as channel:
        limits = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "reject-publish"}
        channel.queue_declare(queue, durable=True, arguments=limits)
        channel.queue_bind(queue, broker.names.events, "shop.#")
    publisher = Publisher(broker.url, broker.names)
    try:
        sample.sell(shop, "a", *range(30))
        relay = relay_of(shop, publisher)
        while not any(attempts for _, attempts in pending(shop)):
            relay.turn()
        assert publisher._link is None, "the connection that was refused on is not used again"
        clock.advance(timedelta(minutes=2))
        broker.messages(queue)
        assert relay.turn() > 0
    finally:
        publisher.close()
        with topology.open_channel(broker.url) as channel:
            channel.queue_delete(queue)


def test_no_broker_counts_no_attempt(shop: Database) -> None:
    sample.sell(shop, "a", 1)
    relay = relay_of(shop, Publisher("amqp://guest:guest@127.0.0.1:1/%2F", Names()))
    with pytest.raises(LinkDown):
        relay.turn()
    assert pending(shop) == [("a", 0)]


class _Scripted(Publisher):
    """A publisher whose broker answers as the test says."""

    def __init__(self, *answers: Settlement) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        self.sent.append([row.id for row in rows])
        return self.answers.pop(0)


def test_a_connection_lost_half_way_keeps_the_unanswered_under_the_same_id(shop: Database) -> None:
    sample.sell(shop, "a", 1)
    sample.sell(shop, "b", 1)
    publisher = _Scripted()
    relay = relay_of(shop, publisher)
    first = shop.read(
        lambda c: list(c.execute(select(outbox.c.seq, outbox.c.event_id).order_by(outbox.c.seq)))
    )[0]
    row = PendingRow(first.seq, first.event_id, "", "", "a", "", 0)
    publisher.answers = [Settlement(confirmed=[row], lost=True), Settlement()]
    with pytest.raises(LinkDown):
        relay.turn()
    assert pending(shop) == [("b", 0)]
    relay.turn()
    assert publisher.sent == [said(shop), said(shop, "b")]


def test_a_second_relay_takes_over_when_the_first_is_silent(
    shop: Database, publisher: Publisher, broker: Broker, clock: ManualClock
) -> None:
    first, second = relay_of(shop, publisher, "one"), relay_of(shop, publisher, "two")
    sample.sell(shop, "a", 1)
    assert first.turn() == 1
    sample.sell(shop, "a", 2)
    assert second.turn() == 0, "the shards are taken"
    clock.advance(timedelta(seconds=16))
    assert second.turn() == 1
    sample.sell(shop, "a", 3)
    assert first.turn() == 0, "it notices that its leases are gone"
    assert second.turn() == 1
    assert broker.messages(broker.names.queue("room")) == said(shop)


def test_a_relay_that_wakes_after_its_lease_repeats_but_never_reorders(
    shop: Database, publisher: Publisher, broker: Broker, clock: ManualClock
) -> None:
    sample.sell(shop, "a", 1, 2)
    zombie = _Sleepy(publisher)
    stale = relay_of(shop, zombie, "one")

    def meanwhile() -> None:
        clock.advance(timedelta(seconds=16))
        sample.sell(shop, "a", 3)
        assert relay_of(shop, publisher, "two").turn() == 3

    zombie.meanwhile = meanwhile
    stale.turn()
    arrived = broker.messages(broker.names.queue("room"))
    one, two, three = said(shop)
    assert arrived == [one, two, three, one, two], "first arrivals are in order; the rest are duplicates"


class _Sleepy(Publisher):
    """A publisher that is paused between reading its rows and sending them."""

    def __init__(self, real: Publisher) -> None:
        self.real = real
        self.meanwhile = lambda: None

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        self.meanwhile()
        return self.real.publish(rows)


def test_a_released_lease_is_free_at_once(shop: Database) -> None:
    first, second = ShardLeases(shop, "one"), ShardLeases(shop, "two")
    assert first.held() == tuple(range(8))
    assert second.held() == ()
    first.release()
    assert ShardLeases(shop, "two").held() == tuple(range(8))


def test_relays_that_live_share_the_shards_fairly(shop: Database, clock: ManualClock) -> None:
    relays = [ShardLeases(shop, owner) for owner in ("one", "two", "three")]
    for living, shares in ((1, [8]), (2, [4, 4]), (3, [3, 3, 2])):
        for _ in range(3):
            held = [leases.held() for leases in relays[:living]]
            clock.advance(timedelta(seconds=5))
        assert sorted(map(len, held), reverse=True) == shares
        assert sorted(shard for share in held for shard in share) == list(range(8))


def test_the_share_of_a_dead_relay_is_taken_over_when_its_lease_ends(
    shop: Database, clock: ManualClock
) -> None:
    dying, living = ShardLeases(shop, "one"), ShardLeases(shop, "two")
    for _ in range(3):
        last_shares = [len(dying.held()), len(living.held())]
        clock.advance(timedelta(seconds=5))
    assert last_shares == [4, 4]
    for _ in range(9):
        assert len(living.held()) == 4, "the other may yet come back"
        clock.advance(timedelta(seconds=1))
    clock.advance(timedelta(seconds=1))
    assert living.held() == tuple(range(8))


def test_what_nobody_claims_at_once_is_never_held_twice(shop: Database, clock: ManualClock) -> None:
    owners = [f"r{n}" for n in range(6)]
    for _ in range(4):
        with ThreadPoolExecutor(6) as pool:
            held = list(pool.map(lambda owner: ShardLeases(shop, owner).held(), owners))
        clock.advance(timedelta(seconds=5))
    assert sorted(shard for share in held for shard in share) == list(range(8))


class _Simultaneous(ShardLeases):
    """One of four relays that all see which shards are free before any of them takes one."""

    barrier: Barrier | None = None

    def _report(self, tx: Transaction) -> int:
        super()._report(tx)
        return 4

    def _shards_of_others(self, tx: Transaction) -> dict[int, datetime]:
        seen = super()._shards_of_others(tx)
        if self.barrier is not None:
            barrier, self.barrier = self.barrier, None
            barrier.wait(timeout=20)
        return seen


def test_relays_that_want_the_same_shards_leave_none_idle(shop: Database) -> None:
    relays = [_Simultaneous(shop, f"r{n}") for n in range(4)]
    if not shop.is_sqlite:  # there writers queue up, and none sees what another is about to take
        barrier = Barrier(4)
        for leases in relays:
            leases.barrier = barrier
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(lambda leases: leases.held(), relays))
    assert [len(share) for share in held] == [2, 2, 2, 2]
    assert sorted(shard for share in held for shard in share) == list(range(8))


def test_finding_what_has_to_wait_reads_an_index(shop: Database, clock: ManualClock) -> None:
    """A window is looked for twenty times a second; a deep outbox must not be read through for it each time."""

    def plan(tx: Transaction) -> str:
        explain = "EXPLAIN QUERY PLAN" if shop.is_sqlite else "EXPLAIN"
        if not shop.is_sqlite:  # a small table is read through, unless that is made dear
            tx.connection.execute(text("SET LOCAL enable_seqscan = off"))
        query = select(outbox.c.partition_key).where(outbox.c.next_at > clock.now())
        written = query.compile(shop.engine, compile_kwargs={"literal_binds": True})
        return str(tx.connection.execute(text(f"{explain} {written}")).all())

    assert "outbox_refused" in shop.transact(plan)


def test_backlog_tells_depth_age_and_refusals(shop: Database, clock: ManualClock) -> None:
    start = clock.now()
    sample.sell(shop, "a", 1)
    clock.advance(timedelta(seconds=40))
    sample.sell(shop, "b", 1)
    waiting = shop.read(backlog)
    assert (waiting.depth, waiting.oldest, waiting.refused) == (2, start, 0)
