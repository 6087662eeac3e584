"""A message that ends the process is found, and only its own aggregate waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.inbox import Receipt, Receiver, Subscriptions, dead
from libs.common.inbox.failures import INTERRUPTIONS, LADDER
from libs.common.inbox.tables import parked
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.inbox.test_receiver import parked_rows, sale
from libs.common.tests.messaging import sample

DEADLY = ("k", 1)


class PowerCut(BaseException):
    """Ends everything, as the end of a process does: no handler of errors sees it."""


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def deadly() -> set[tuple[str, int]]:
    return {DEADLY}


@pytest.fixture
def subscriptions(deadly: set[tuple[str, int]]) -> Subscriptions:
    subscriptions = Subscriptions("room")

    @subscriptions.on("shop.sale.made.v1", sample.SaleMade)
    def sale_made(tx: Transaction, made: sample.SaleMade, message: Message) -> None:
        sample.add_effect(tx, made.sale_id, made.n)
        if (made.sale_id, made.n) in deadly:
            raise PowerCut

    return subscriptions


def start_again(database: Database, subscriptions: Subscriptions, clock: ManualClock) -> Receiver:
    """Return the receiver of a process that begins a little later."""
    clock.advance(timedelta(seconds=2))
    return Receiver(database, subscriptions)


def test_what_was_together_with_a_killer_is_handled_and_the_killer_alone_is_dead(
    database: Database, subscriptions: Subscriptions, clock: ManualClock
) -> None:
    receiver = Receiver(database, subscriptions)
    batch = [sale("a", 1), sale("k", 1), sale("k", 2), sale("b", 1)]
    assert receiver.set_aside(batch) == Receipt(parked=4)
    assert sample.effects_of(database) == [], "nothing is tried while it is set aside"
    deaths = 0
    while deaths < 10:
        try:
            receiver.retry_due()
            break
        except PowerCut:
            deaths += 1
            receiver = start_again(database, subscriptions, clock)
    assert deaths == INTERRUPTIONS
    assert sorted(sample.effects_of(database)) == [("a", 1), ("b", 1)]
    assert parked_rows(database) == [("k-1", "dead", "interrupted"), ("k-2", "retry", "interrupted")]


def test_a_person_retries_it_once_the_handler_is_mended_and_its_aggregate_goes_on_in_order(
    database: Database, subscriptions: Subscriptions, clock: ManualClock, deadly: set[tuple[str, int]]
) -> None:
    test_what_was_together_with_a_killer_is_handled_and_the_killer_alone_is_dead(
        database, subscriptions, clock
    )
    deadly.clear()
    letter = database.read(
        lambda c: c.execute(select(parked.c.id).where(parked.c.state == "dead"))
    ).scalar_one()
    database.transact(lambda tx: dead.retry(tx, letter, dead.Order("ann", "mended")))
    assert Receiver(database, subscriptions).retry_due() == Receipt(handled=2)
    assert sample.effects_of(database)[-2:] == [("k", 1), ("k", 2)]


def test_a_parked_message_that_ends_the_process_does_not_do_so_for_ever(
    database: Database, subscriptions: Subscriptions, clock: ManualClock
) -> None:
    """Parked for any other reason, it is due again whenever a process begins."""
    receiver = Receiver(database, subscriptions)
    receiver.set_aside([sale("k", 1)])
    database.transact(lambda tx: tx.connection.execute(parked.update().values(reason="failed", attempts=4)))
    deaths = 0
    while deaths < 10 and parked_rows(database)[0][1] != "dead":
        try:
            receiver.retry_due()
        except PowerCut:
            deaths += 1
            receiver = start_again(database, subscriptions, clock)
    assert deaths == INTERRUPTIONS + 1, "the first time nothing was known against it"


def test_an_innocent_that_fails_has_its_whole_ladder_before_it(
    database: Database, clock: ManualClock
) -> None:
    room = sample.Room(poison={("a", 1)})
    receiver = Receiver(database, room.subscriptions())
    receiver.set_aside([sale("a", 1)])
    receiver.retry_due()
    row = database.read(lambda c: c.execute(select(parked)).one())
    assert (row.reason, row.attempts, row.next_at) == ("failed", 1, clock.now() + LADDER[0])


def test_what_is_handled_or_parked_already_is_not_set_aside_again(
    database: Database, subscriptions: Subscriptions
) -> None:
    receiver = Receiver(database, subscriptions)
    receiver.receive([sale("a", 1)])
    receiver.set_aside([sale("b", 1)])
    assert receiver.set_aside([sale("a", 1), sale("b", 1), sale("b", 2)]) == Receipt(duplicates=2, parked=1)
    assert receiver.retry_due() == Receipt(handled=2)
    assert sample.effects_of(database) == [("a", 1), ("b", 1), ("b", 2)]


def test_a_failing_database_is_no_end_of_the_process(database: Database, clock: ManualClock) -> None:
    """A suspect whose try the database refuses, often, is tried again until it is done; it did not end anything."""
    subscriptions, refused = Subscriptions("room"), []

    @subscriptions.on("shop.sale.made.v1", sample.SaleMade)
    def sale_made(tx: Transaction, made: sample.SaleMade, message: Message) -> None:
        if len(refused) <= INTERRUPTIONS:
            refused.append(made.n)
            raise OperationalError("INSERT", {}, OSError("no room"))
        sample.add_effect(tx, made.sale_id, made.n)

    receiver = Receiver(database, subscriptions)
    receiver.set_aside([sale("a", 1)])
    for _ in range(INTERRUPTIONS + 1):
        with pytest.raises(OperationalError):
            receiver.retry_due()
    assert receiver.retry_due() == Receipt(handled=1)
    assert sample.effects_of(database) == [("a", 1)]
