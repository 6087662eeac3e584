"""Whole runs, told as text: what the log says, what others were asked, what the callbacks did, what still ticks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from libs.common.saga import cancel
from libs.common.tests.saga.recipe import (
    CREDIT_REFUSED,
    CREDIT_RELEASED,
    GRANTED,
    KEY,
    POSTED,
    REJECTED,
    RELEASED,
    RESERVED,
    SHIPPED,
    STOCK_WAITS,
    World,
    golden,
)

Act = Callable[[World], object]


def _cancel(world: World, reason: str = "customer changed their mind") -> bool:
    return world.database.transact(lambda tx: cancel(tx, world.saga, KEY, reason))


HAPPY: tuple[Act, ...] = (
    lambda world: world.answer(RESERVED),
    lambda world: world.answer(GRANTED),
    lambda world: world.say(SHIPPED, order_fully_shipped=False),
    lambda world: world.say(SHIPPED, order_fully_shipped=True),
    lambda world: world.say(POSTED, order_fully_invoiced=True),
)
RELEASES: tuple[Act, ...] = (
    lambda world: world.answer(RELEASED),
    lambda world: world.answer(CREDIT_RELEASED),
    lambda world: world.answer(RELEASED),
)


def _play(world: World, *acts: Act) -> None:
    for act in acts:
        assert act(world) == "applied"


def test_happy(world: World) -> None:
    _play(world, *HAPPY)
    golden("happy", world.story())


def test_refused_stock(world: World) -> None:
    _play(world, lambda w: w.answer(REJECTED, reason="unknown_item"))
    golden("refused_stock", world.story())


def test_refused_credit(world: World) -> None:
    _play(world, HAPPY[0], lambda w: w.answer(CREDIT_REFUSED, waits=False))
    golden("refused_credit_undoing", world.story())
    _play(world, lambda w: w.answer(RELEASED))
    golden("refused_credit", world.story())


def test_waiting_then_done(world: World) -> None:
    _play(world, lambda w: w.answer(STOCK_WAITS))
    golden("waiting", world.story())
    _play(
        world,
        lambda w: w.say(RESERVED),
        lambda w: w.answer(CREDIT_REFUSED, waits=True),
        lambda w: w.say(GRANTED),
    )
    golden("waiting_then_done", world.story())


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("reserve_stock_unanswered", (), RELEASES[:1]),
        ("reserve_stock_waiting", (lambda w: w.answer(STOCK_WAITS),), RELEASES[:1]),
        ("hold_credit_unanswered", HAPPY[:1], RELEASES[1:]),
        ("hold_credit_waiting", (HAPPY[0], lambda w: w.answer(CREDIT_REFUSED, waits=True)), RELEASES[1:]),
        ("deliver", HAPPY[:2], RELEASES),
    ],
)
def test_cancel_during(world: World, name: str, before: tuple[Act, ...], after: tuple[Act, ...]) -> None:
    _play(world, *before)
    assert _cancel(world)
    assert not _cancel(world, "asked twice")
    _play(world, *after)
    golden(f"cancel_during_{name}", world.story())


def test_lost_reply_is_asked_for_again(world: World) -> None:
    assert world.pass_time(seconds=59) == 0
    assert world.pass_time(seconds=1) == 1
    assert world.pass_time(seconds=119) == 0
    assert world.pass_time(seconds=1) == 1
    golden("lost_reply_asked_three_times", world.story())
    ids = [message.id for message in world.commands()]
    assert len(set(ids)) == 3
    first = world.commands()[0]
    assert world.say(RESERVED, first) == "applied"
    golden("lost_reply_then_answered", world.story())


def test_late_reply_after_compensation(world: World) -> None:
    reserve = world.commands()[0]
    _cancel(world)
    assert world.say(RESERVED, reserve) == "late"
    _play(world, lambda w: w.answer(RELEASED))
    assert world.say(REJECTED, reserve, reason="released") == "late"
    golden("late_reply_after_compensation", world.story())


def test_undo_is_asked_for_without_end(world: World) -> None:
    _play(world, HAPPY[0])
    _cancel(world)
    for _ in range(12):
        world.pass_time(hours=1)
    golden("undo_without_answer", world.story())
    _play(world, *RELEASES[1:])
    golden("undo_answered_at_last", world.story())


def test_cancel_that_shipping_overtook(world: World) -> None:
    _play(world, *HAPPY[:2])
    _cancel(world)
    undo = world.commands()[-1]
    _play(world, lambda w: w.say(SHIPPED, order_fully_shipped=True))
    assert world.say(RELEASED, undo) == "late"
    _play(world, HAPPY[4])
    golden("cancel_too_late", world.story())


def test_invoice_that_overtook_the_shipment_that_overtook_the_cancel(world: World) -> None:
    _play(world, *HAPPY[:2])
    _cancel(world)
    assert world.say(POSTED, order_fully_invoiced=True) == "early"
    _play(world, HAPPY[3])
    golden("cancel_too_late_invoice_early", world.story())


def test_what_is_undone_is_never_resumed(world: World) -> None:
    _play(world, *HAPPY[:2])
    _cancel(world)
    _play(world, *RELEASES[:1])
    assert world.say(SHIPPED, order_fully_shipped=True) == "late"
    assert world.say(POSTED, order_fully_invoiced=True) == "late"
    _play(world, *RELEASES[1:])


def test_invoice_that_overtook_the_shipment(world: World) -> None:
    _play(world, *HAPPY[:2])
    assert world.say(POSTED, order_fully_invoiced=True) == "early"
    _play(world, HAPPY[3])
    golden("invoice_early", world.story())


def test_deadline_escalates_then_gives_up(world: World) -> None:
    _play(world, lambda w: w.answer(STOCK_WAITS))
    assert world.pass_time(days=2) == 1
    golden("deadline_escalated", world.story())
    assert world.pass_time(days=2) == 1
    _play(world, lambda w: w.answer(RELEASED))
    golden("deadline_gave_up", world.story())


class Crash(Exception):
    """The process dies just before its commit."""


@pytest.mark.parametrize(
    ("name", "acts"), [("happy", HAPPY), ("cancel_during_deliver", (*HAPPY[:2], _cancel, *RELEASES))]
)
def test_crash_before_each_commit_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, acts: tuple[Act, ...]
) -> None:
    for act in acts:
        before = world.story()
        with monkeypatch.context() as patched:
            patched.setattr("libs.common.db.transaction.Transaction.run_before_commit", _crash)
            with pytest.raises(Crash):
                act(world)
        assert world.story() == before
        world = World(world.database, world.clock)
        assert act(world) in ("applied", True)
    golden(name, world.story())


def _crash(_transaction: object) -> None:
    raise Crash


def test_duplicate_replies_are_logged_once_each_and_not_applied(world: World) -> None:
    reserve = world.commands()[0]
    _play(world, *HAPPY[:1])
    assert world.say(RESERVED, reserve) == "late"
    credit = world.commands()[-1]
    _play(world, HAPPY[1])
    assert world.say(GRANTED, credit) == "late"
    assert world.say(GRANTED) == "late"
    _play(world, *HAPPY[2:])
    assert world.say(POSTED, order_fully_invoiced=True) == "late"
    golden("duplicate_replies", world.story())


def test_reply_to_another_steps_undo_does_not_count(world: World) -> None:
    _play(world, *HAPPY[:2])
    _cancel(world)
    deliver_undo = world.commands()[-1]
    _play(world, *RELEASES[:2])
    assert world.say(RELEASED, deliver_undo) == "late"
    _play(world, RELEASES[2])
