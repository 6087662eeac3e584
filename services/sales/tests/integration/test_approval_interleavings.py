"""Two acts upon one approval, in every order of their statements: each counts once or not at all, and it ends once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from libs.common.approvals import (
    AboutApproval,
    Approval,
    DecideApproval,
    Sight,
    Voice,
    decide_approval,
    escalate_overdue,
    find,
    withdraw_approval,
)
from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing import ManualClock
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.domain.approval import SentQuotation
from services.sales.domain.line_pricing import Pen
from services.sales.domain.quotation import Quotation
from services.sales.sagas.changing import REACTIONS
from services.sales.store import quotations
from services.sales.tests.approving import define, role, step
from services.sales.tests.builders import MIGRATIONS, MIKE, NANCY, TERMS, Desk, chai_line
from services.sales.use_cases.answer_quotation import AboutQuotation, expire_overdue
from services.sales.use_cases.revise_quotation import ReviseQuotation, revise_quotation
from services.sales.use_cases.send_quotation import send_quotation

pytestmark = pytest.mark.postgres
Pair = tuple[Callable[[], object], Callable[[], object]]
MIA, FAY = Voice("mia", frozenset({"sales_manager"})), Voice("fay", frozenset({"finance"}))
MAX = Voice("max", frozenset({"sales_manager"}))
AUTHOR = Voice(NANCY, frozenset({"sales"}))


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give a database of an engine on which two can write at once."""
    database = make_database("sales", MIGRATIONS)
    if database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return database


@pytest.fixture
def desk(sales: Database, keys: SigningKeys) -> Desk:
    return Desk(sales, keys)


def asked(desk: Desk, **more: Any) -> SentQuotation:
    """Return a quotation that waits for its approval."""
    about = AboutQuotation(desk.quote(chai_line(100), **more))
    return desk.database.transact(lambda tx: send_quotation(tx, about, NANCY))


def about(waiting: SentQuotation, me: Voice) -> AboutApproval:
    assert waiting.approval_id is not None
    return AboutApproval(waiting.approval_id, Sight((me,), tuple(REACTIONS)))


def decide(desk: Desk, waiting: SentQuotation, me: Voice, verdict: Any = "approved") -> object:
    command = DecideApproval(about(waiting, me), verdict, comment="because")
    return desk.database.transact(lambda tx: decide_approval(tx, command, REACTIONS, TERMS))


def withdraw(desk: Desk, waiting: SentQuotation) -> object:
    mine = about(waiting, AUTHOR)
    return desk.database.transact(lambda tx: withdraw_approval(tx, mine, None, REACTIONS, TERMS))


def escalate(desk: Desk) -> object:
    return desk.database.transact(lambda tx: escalate_overdue(tx, 10, REACTIONS))


def expire(desk: Desk, day: date) -> object:
    return desk.database.transact(lambda tx: expire_overdue(tx, day, 10))


def revise(desk: Desk, waiting: SentQuotation) -> object:
    command = ReviseQuotation(AboutQuotation(waiting.id), (chai_line(),), Pen(MIKE, may_override=True))
    return desk.database.transact(lambda tx: revise_quotation(tx, command, TERMS))


def now(desk: Desk, waiting: SentQuotation) -> tuple[Quotation, Approval, list[str]]:
    """Return quotation and approval as they are, and what was said of the quotation."""
    quotation = desk.database.read(lambda connection: quotations.find(connection, waiting.id))
    approval = desk.database.read(lambda connection: find(connection, waiting.approval_id or ""))
    assert quotation is not None
    assert approval is not None
    said = [message for message in desk.messages() if message.partition_key == waiting.id]
    return quotation, approval, [message.type.split(".")[2] for message in said][2:]


def play(
    desk: Desk,
    begin: Callable[[], SentQuotation],
    pair: Callable[[SentQuotation], Pair],
    check: Callable[[SentQuotation, list[object]], None],
) -> int:
    """Play the pair upon a fresh approval in each order, and check what came of it."""

    def one(at: int, swapped: bool) -> bool:
        waiting = begin()
        first, second = pair(waiting)
        front, back = (second, first) if swapped else (first, second)
        in_front, behind, stopped = interleaved(desk.database, front, back, at)
        outcomes = [behind, in_front] if swapped else [in_front, behind]
        faults = [each for each in outcomes if isinstance(each, Exception)]
        assert all(isinstance(each, MeridianError) for each in faults), faults
        check(waiting, outcomes)
        return stopped

    return every_order(one)


def refused(outcomes: list[object]) -> list[bool]:
    return [isinstance(each, MeridianError) for each in outcomes]


def test_two_decide_at_once_and_each_counts_once(desk: Desk) -> None:
    define(desk, step(role("sales_manager"), needs="number", number=2))

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        assert refused(outcomes) == [False, False]
        quotation, approval, said = now(desk, waiting)
        assert (quotation.state, approval.state, said) == ("sent", "approved", ["approved", "sent"])
        assert sorted(act.by for act in approval.decisions(1)) == ["max", "mia"]

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(decide, desk, waiting, MAX)

    assert play(desk, lambda: asked(desk), pair, check) > 20


def test_one_person_clicks_twice_and_counts_once(desk: Desk) -> None:
    define(desk, step(role("sales_manager"), needs="number", number=2))

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        assert sorted(refused(outcomes)) == [False, True]
        quotation, approval, said = now(desk, waiting)
        assert (quotation.state, approval.state, said) == ("pending_approval", "waiting", [])
        assert len(approval.decisions(1)) == 1

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(decide, desk, waiting, MIA)

    assert play(desk, lambda: asked(desk), pair, check) > 20


def test_of_a_yes_and_a_no_at_once_one_ends_it(desk: Desk) -> None:
    define(desk)

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        assert sorted(refused(outcomes)) == [False, True]
        quotation, approval, said = now(desk, waiting)
        if refused(outcomes)[1]:
            assert (quotation.state, approval.state, said) == ("sent", "approved", ["approved", "sent"])
        else:
            assert (quotation.state, approval.state, said) == ("draft", "rejected", ["rejected"])

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(decide, desk, waiting, MAX, "rejected")

    assert play(desk, lambda: asked(desk), pair, check) > 20


def test_a_decision_and_a_withdrawal_at_once(desk: Desk) -> None:
    define(desk)

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        assert sorted(refused(outcomes)) == [False, True]
        quotation, approval, said = now(desk, waiting)
        if refused(outcomes)[1]:
            assert (quotation.state, approval.state, said) == ("sent", "approved", ["approved", "sent"])
        else:
            assert (quotation.state, approval.state) == ("draft", "withdrawn")
            assert said == ["approval_withdrawn"]

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(withdraw, desk, waiting)

    assert play(desk, lambda: asked(desk), pair, check) > 20


def test_a_decision_and_an_escalation_at_once(desk: Desk, clock: ManualClock) -> None:
    define(desk, step(escalate_after_hours=1, escalate_to="finance"))

    def begin() -> SentQuotation:
        waiting = asked(desk)
        clock.advance(timedelta(hours=1))
        return waiting

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        quotation, approval, said = now(desk, waiting)
        assert refused(outcomes) == [False, False]
        assert (quotation.state, approval.state) == ("sent", "approved")
        escalated = outcomes[1] == 1
        assert said == [*(["approval_escalated"] * escalated), "approved", "sent"]
        assert len(approval.steps[0].step.approvers) == 1 + escalated

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(escalate, desk)

    assert play(desk, begin, pair, check) > 20


def test_two_workers_escalate_at_once(desk: Desk, clock: ManualClock) -> None:
    define(desk, step(escalate_after_hours=1, escalate_to="finance"))

    def begin() -> SentQuotation:
        waiting = asked(desk)
        clock.advance(timedelta(hours=1))
        return waiting

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        assert sorted(outcomes) == [0, 1]  # type: ignore[type-var]
        assert now(desk, waiting)[2] == ["approval_escalated"]

    assert play(desk, begin, lambda _: (partial(escalate, desk), partial(escalate, desk)), check) > 5


def test_a_decision_while_the_quotation_expires(desk: Desk) -> None:
    """Approved in its last hours, while the job of another worker has the next day already."""
    define(desk)
    tomorrow = TERMS.today(desk.database.clock.now()) + timedelta(days=1)

    def begin() -> SentQuotation:
        return asked(desk, valid_until=TERMS.today(desk.database.clock.now()))

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        quotation, approval, said = now(desk, waiting)
        if refused(outcomes)[0]:
            assert (quotation.state, approval.state, said) == ("expired", "lapsed", ["expired"])
        else:
            assert (quotation.state, approval.state) == ("expired", "approved")
            assert said == ["approved", "sent", "expired"]

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(expire, desk, tomorrow)

    assert play(desk, begin, pair, check) > 20


def test_a_decision_while_the_quotation_is_revised(desk: Desk) -> None:
    define(desk)

    def check(waiting: SentQuotation, outcomes: list[object]) -> None:
        quotation, approval, said = now(desk, waiting)
        assert not refused(outcomes)[1]
        assert quotation.state == "cancelled"
        if refused(outcomes)[0]:
            assert (approval.state, said) == ("lapsed", ["revised"])
        else:
            assert (approval.state, said) == ("approved", ["approved", "sent", "revised"])

    def pair(waiting: SentQuotation) -> Pair:
        return partial(decide, desk, waiting, MIA), partial(revise, desk, waiting)

    assert play(desk, lambda: asked(desk), pair, check) > 20


def test_two_send_at_once_and_one_approval_is_asked_for(desk: Desk) -> None:
    define(desk)

    def send(quotation_id: str) -> object:
        return desk.database.transact(lambda tx: send_quotation(tx, AboutQuotation(quotation_id), NANCY))

    def one(at: int, swapped: bool) -> bool:
        quotation_id = desk.quote(chai_line(100))
        both = partial(send, quotation_id), partial(send, quotation_id)
        front, behind, stopped = interleaved(desk.database, *both, at)
        assert sorted(refused([front, behind])) == [False, True]
        said = [each.type for each in desk.messages() if each.partition_key == quotation_id]
        assert said.count("sales.quotation.approval_requested.v1") == 1
        return stopped

    assert every_order(one) > 10
