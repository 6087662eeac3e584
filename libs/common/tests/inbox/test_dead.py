"""What people do about dead letters."""

from __future__ import annotations

import json

import pytest

from libs.common.db import Database
from libs.common.errors import Invalid, NotFound
from libs.common.inbox import Receipt, Receiver, dead
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging import sample

ORDER = dead.Order("ann", "the price list was wrong")


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def receiver(database: Database) -> Receiver:
    receiver = Receiver(database, sample.Room().subscriptions())
    receiver.receive([sale("a", 1, data={"sale_id": "a", "n": "one"}), sale("a", 2), sale("b", 1)])
    return receiver


def dead_ids(database: Database) -> list[str]:
    return [row.id for row in database.read(dead.list_parked)]


def test_list_and_show_tell_the_reason(receiver: Receiver, database: Database) -> None:
    (row,) = database.read(dead.list_parked)
    assert (row.event_id, row.reason, row.error) == ("a-1", "unreadable", "n must be int, not str")
    assert database.read(lambda c: dead.show(c, row.id)) == row
    everything = database.read(lambda c: dead.list_parked(c, state=None))
    assert [parked.event_id for parked in everything] == ["a-1", "a-2"]


def test_retry_alone_does_not_help_but_keeps_the_line(receiver: Receiver, database: Database) -> None:
    (parked_id,) = dead_ids(database)
    database.transact(lambda tx: dead.retry(tx, parked_id, ORDER))
    assert receiver.retry_due() == Receipt(dead=1)
    assert sample.effects_of(database) == [("b", 1)]


def test_edit_lets_it_through_and_its_successors_follow_in_order(
    receiver: Receiver, database: Database
) -> None:
    (parked_id,) = dead_ids(database)
    receiver.receive([sale("a", 3)])
    database.transact(lambda tx: dead.edit(tx, parked_id, {"sale_id": "a", "n": 1}, ORDER))
    assert receiver.retry_due() == Receipt(handled=3)
    assert sample.effects_of(database) == [("b", 1), ("a", 1), ("a", 2), ("a", 3)]
    assert receiver.receive([sale("a", 1)]) == Receipt(duplicates=1)


def test_discard_frees_the_line_and_the_message_never_comes_back(
    receiver: Receiver, database: Database
) -> None:
    (parked_id,) = dead_ids(database)
    database.transact(lambda tx: dead.discard(tx, parked_id, ORDER))
    assert receiver.retry_due() == Receipt(handled=1)
    assert receiver.receive([sale("a", 1)]) == Receipt(duplicates=1)
    assert sample.effects_of(database) == [("b", 1), ("a", 2)]


def test_every_act_is_written_down(receiver: Receiver, database: Database) -> None:
    (parked_id,) = dead_ids(database)
    database.transact(lambda tx: dead.edit(tx, parked_id, {"sale_id": "a", "n": 1}, ORDER))
    database.transact(lambda tx: dead.discard(tx, parked_id, ORDER))
    edit, discard = sorted(database.read(dead.acts), key=lambda act: act.act, reverse=True)
    assert (edit.act, edit.actor, edit.reason, edit.event_id) == ("edit", "ann", ORDER.reason, "a-1")
    assert json.loads(edit.after or "")["data"] == {"sale_id": "a", "n": 1}
    assert json.loads(json.loads(edit.before or "")["envelope"])["data"]["n"] == "one"
    assert (discard.act, discard.consumer) == ("discard", "room")


def test_what_is_not_parked_or_no_message_is_refused(receiver: Receiver, database: Database) -> None:
    with pytest.raises(NotFound):
        database.transact(lambda tx: dead.retry(tx, "00000000-0000-7000-8000-000000000000", ORDER))
    receiver.record_undecodable(b"{", "not JSON")
    (garbage,) = (row for row in database.read(dead.list_parked) if row.reason == "undecodable")
    with pytest.raises(Invalid):
        database.transact(lambda tx: dead.retry(tx, garbage.id, ORDER))
    with pytest.raises(Invalid):
        database.transact(lambda tx: dead.edit(tx, garbage.id, {}, ORDER))
    database.transact(lambda tx: dead.discard(tx, garbage.id, ORDER))
    assert garbage.id not in dead_ids(database)
