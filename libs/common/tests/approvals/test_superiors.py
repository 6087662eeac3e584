"""The superior of the one who asks: found when it is asked, kept with the approval, and never the author himself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from libs.common import approvals
from libs.common.approvals import Approver, Case, Decision, Step, Subject, Voice, check_flow
from libs.common.approvals.faults import FlowInvalid, NobodyMayApprove
from libs.common.approvals.flow import step_data, step_from
from libs.common.approvals.superiors import resolved
from libs.common.approvals.tables import approval_superior
from libs.common.db import Cause, Database
from libs.common.tests.approvals.people import AUTHOR, FACTS, HOUR, flow, role, step, user

DOCUMENT = "00000000-0000-7000-8000-00000000d0c5"
ROLES = ("sales_manager", "finance", "admin")


def above(level: int = 1) -> Approver:
    return Approver("superior", str(level))


def asks(*approvers: Approver, **more: Any) -> Step:
    return step(*approvers, **{"otherwise": "finance"} | more)


def named(found: Step) -> list[tuple[str, str, int | None]]:
    return [(each.kind, each.name, each.level) for each in found.approvers]


def test_each_level_is_a_person_or_the_role_that_stands_in():
    both = asks(above(1), above(2), role("sales_manager"))
    assert named(resolved(both, ["amy", "bob"], frozenset())) == [
        ("user", "amy", 1), ("user", "bob", 2), ("role", "sales_manager", None),
    ]  # fmt: skip
    assert named(resolved(both, ["amy"], frozenset()))[1] == ("role", "finance", 2)
    assert named(resolved(both, [], frozenset())) == [("role", "finance", 1), ("role", "sales_manager", None)]


def test_a_superior_who_wrote_it_is_passed_over():
    assert named(resolved(asks(above()), ["amy", "bob"], {"amy"})) == [("user", "bob", 1)]
    assert named(resolved(asks(above()), ["amy"], {"amy"})) == [("role", "finance", 1)]


def test_who_is_named_twice_is_asked_once():
    found = resolved(asks(user("amy"), above(), needs="all"), ["amy"], frozenset())
    assert (named(found), found.people) == ([("user", "amy", None)], 1)


@given(
    levels=st.sets(st.integers(1, 10), min_size=1),
    chain=st.lists(st.sampled_from("abcdefgh"), unique=True),
    barred=st.sets(st.sampled_from("abcdefgh")),
)
def test_whoever_is_above_whom_nobody_barred_is_asked_and_somebody_always_is(levels, chain, barred):
    found = resolved(asks(*(above(level) for level in sorted(levels))), chain, barred)
    people = [each.name for each in found.approvers if each.kind == "user"]
    assert found.approvers
    assert not set(people) & barred
    assert people == [name for name in chain if name in people], (
        "whoever is further above is of a higher level"
    )
    assert len(people) < len(levels) or found.approvers == found.named


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (step(above()), "steps.0.otherwise"),
        (asks(above(), otherwise="king"), "steps.0.otherwise"),
        (asks(role("sales_manager")), "steps.0.otherwise"),
        (asks(above(), otherwise="finance", escalate_after=HOUR, escalate_to="finance"), "steps.0.otherwise"),
        (asks(Approver("superior", "0")), "steps.0.approvers.0.level"),
        (asks(Approver("superior", "11")), "steps.0.approvers.0.level"),
        (asks(above(), above()), "steps.0.approvers.1.name"),
        (asks(above(), needs="number", number=2), "steps.0.number"),
    ],
)
def test_a_flow_that_could_find_nobody_is_refused_when_it_is_defined(wanted, field):
    with pytest.raises(FlowInvalid) as refused:
        check_flow([Case()], [wanted], ROLES)
    assert refused.value.field == field


def test_a_flow_says_it_again_as_it_was_stored():
    wanted = asks(above(2), role("sales_manager"))
    check_flow([Case()], [wanted], ROLES)
    assert step_from(step_data(wanted)) == wanted
    old = step_data(wanted) | {"otherwise": None}
    del old["otherwise"]
    assert step_from(old).otherwise is None, "what was stored before there were superiors"


def ask(database: Database, wanted: Step, *superiors: str, barred: frozenset[str] = frozenset()) -> Any:
    subject = Subject("order", DOCUMENT, "N-1", DOCUMENT, FACTS, barred)
    flows = [replace(flow(wanted), id=DOCUMENT)]
    cause = Cause(actor=AUTHOR, superiors=superiors)
    return database.transact(lambda tx: approvals.ask(tx, subject, flows, AUTHOR), cause=cause)


def test_the_superiors_are_kept_as_they_were_when_it_was_asked(database: Database) -> None:
    asked = ask(database, asks(above(1), above(3)), "amy", "bob")
    assert database.read(lambda connection: approvals.find(connection, asked.id)) == asked
    assert asked.superiors == ("amy", "bob")
    assert named(asked.steps[0].step) == [("user", "amy", 1), ("role", "finance", 3)]
    for statement in (update(approval_superior).values(person="zoe"), delete(approval_superior)):
        with pytest.raises(DBAPIError, match="append-only"):
            database.transact(lambda tx, statement=statement: tx.connection.execute(statement))
    decision = Decision("approved", Voice("amy", frozenset({"sales"})))
    assert database.transact(lambda tx: approvals.decide(tx, asked.id, decision)).state == "approved"


def test_the_superiors_of_who_acts_are_nobody_elses(database: Database) -> None:
    subject = Subject("order", DOCUMENT, "N-1", DOCUMENT, FACTS, frozenset())
    flows = [replace(flow(asks(above())), id=DOCUMENT)]
    cause = Cause(actor="zoe", superiors=("amy",))
    asked = database.transact(lambda tx: approvals.ask(tx, subject, flows, AUTHOR), cause=cause)
    assert (asked.superiors, named(asked.steps[0].step)) == ((), [("role", "finance", 1)])


def test_where_nobody_is_left_it_is_refused_when_it_is_asked(database: Database) -> None:
    wanted = asks(above(1), user("pat"), needs="number", number=2)
    with pytest.raises(NobodyMayApprove):
        ask(database, wanted, "amy", barred=frozenset({"pat"}))
