"""Approvals in their tables: read back as they were written, never rewritten, and guarded below the rules."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from libs.common import approvals
from libs.common.approvals import Approval, Case, Clause, Decision, Subject, current_flows, define_flow
from libs.common.approvals.tables import approval, approval_act, approval_barred, approval_flow
from libs.common.db import Database
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.tests.approvals.people import AUTHOR, FACTS, HOUR, MAX, MIA, WIM, flow, role, step, user

DOCUMENT = "00000000-0000-7000-8000-00000000d0c5"


def ask(database: Database, *steps: Any) -> Approval:
    subject = Subject("order", DOCUMENT, "N-1", DOCUMENT, FACTS, frozenset({"pat"}))
    two = step(
        role("sales_manager"),
        user("wim"),
        needs="number",
        number=2,
        escalate_after=HOUR,
        escalate_to="finance",
    )
    wanted = [replace(flow(*(steps or (two, step(stage=2)))), id=DOCUMENT)]
    return database.transact(lambda tx: approvals.ask(tx, subject, wanted, AUTHOR))


def decide(database: Database, asked: Approval, me: Any, **more: Any) -> Approval:
    return database.transact(lambda tx: approvals.decide(tx, asked.id, Decision("approved", me), **more))


def look(database: Database, asked: Approval) -> Approval | None:
    return database.read(lambda connection: approvals.find(connection, asked.id))


def test_what_is_stored_reads_back_the_same(database: Database) -> None:
    asked = ask(database)
    assert look(database, asked) == asked
    first = decide(database, asked, MIA)
    assert look(database, asked) == first
    second = decide(database, asked, WIM)
    assert [each.state for each in second.steps] == ["approved", "open"]
    assert look(database, asked) == second
    third = decide(database, asked, MAX)
    assert (third.state, third.version) == ("approved", 4)
    assert look(database, asked) == third


def test_a_step_that_was_widened_reads_back_so(database: Database, clock: Any) -> None:
    asked = ask(database)
    clock.advance(HOUR)
    wider = database.transact(lambda tx: approvals.escalate(tx, asked.id, 1, "time"))
    assert wider is not None
    assert look(database, asked) == wider
    assert database.transact(lambda tx: approvals.escalate(tx, asked.id, 1, "time")) is None


def test_a_decision_on_an_old_version_is_refused(database: Database) -> None:
    asked = ask(database)
    with pytest.raises(VersionMismatch):
        decide(database, asked, MIA, expected_version=2)
    assert look(database, asked) == asked
    assert decide(database, asked, MIA, expected_version=1).version == 2


@pytest.mark.parametrize("table", [approval_act, approval_barred, approval_flow])
def test_what_was_done_is_never_rewritten(database: Database, table: Any) -> None:
    database.transact(lambda tx: define_flow(tx, flow(step())))
    ask(database)
    column = list(table.c)[-1]
    for statement in (update(table).values({column: column}), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"):
            database.transact(partial(_execute, statement=statement))


def _execute(tx: Any, statement: Any) -> None:
    tx.connection.execute(statement)


def test_the_database_itself_counts_nobody_twice_and_ends_once(database: Database) -> None:
    asked = decide(database, ask(database), MIA)
    row = {
        "approval_id": asked.id, "place": 9, "step": 1, "deed": "approved", "by": "mia", "voice": "zoe", "places": [0],
        "at": asked.requested_at,
    }  # fmt: skip

    def add(tx: Any, **changes: Any) -> None:
        tx.connection.execute(insert(approval_act).values(row | {"id": tx.new_id()} | changes))

    for changes in ({}, {"by": "zoe", "voice": "mia"}, {"place": 1, "by": "zoe"}, {"deed": "shrugged"},
                    {"by": "zoe", "deed": "rejected"}):  # fmt: skip
        with pytest.raises(IntegrityError):
            database.transact(partial(add, **changes))
    database.transact(partial(add, by="zoe"))
    for values in ({"state": "approved"}, {"ended_at": asked.requested_at}, {"state": "maybe"}):
        with pytest.raises(IntegrityError):
            database.transact(partial(_execute, statement=update(approval).values(**values)))


def test_a_document_waits_for_one_approval_at_a_time(database: Database) -> None:
    asked = ask(database)
    with pytest.raises(IntegrityError):
        ask(database)
    database.transact(lambda tx: approvals.lapse(tx, asked.id, "time", "over"))
    assert ask(database).id != asked.id


def test_the_last_revision_applies_and_all_are_kept(database: Database) -> None:
    cases = (Case((Clause("total", "at_least", Money.of("1.00", "USD")),)),)
    wanted = replace(flow(step(user("mia"))), cases=cases)
    first = database.transact(lambda tx: define_flow(tx, wanted))
    second = database.transact(lambda tx: define_flow(tx, replace(wanted, steps=(step(),))))
    database.transact(lambda tx: define_flow(tx, replace(wanted, document="parcel")))
    assert (first.revision, second.revision) == (1, 2)
    with database.reading() as connection:
        assert current_flows(connection, "order") == [second]
        assert approvals.find_flow(connection, first.id) == first
        assert len(connection.execute(select(approval_flow)).all()) == 3
    database.transact(lambda tx: define_flow(tx, replace(wanted, active=False)))
    assert database.read(lambda connection: current_flows(connection, "order")) == []
