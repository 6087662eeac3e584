"""The rules around a run: one instance per key, versions, who may cancel when, work by hand, races, broken timers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import update

from libs.common.db import Cause, Transaction
from libs.common.db.form import Form
from libs.common.errors import NotFound
from libs.common.saga import (
    Await,
    Cancel,
    Data,
    NotOpen,
    Pivot,
    Saga,
    Step,
    TooLateToCancel,
    ask_now,
    asleep,
    cancel,
    due,
    find,
    handle,
    look_ahead,
    needing_attention,
    of_aggregate,
    picture,
    resolve,
    waiting_since,
)
from libs.common.saga.motion import LONGEST_BACKOFF, backoff
from libs.common.saga.store import SagaConflict
from libs.common.saga.tables import saga as saga_table
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.saga.recipe import (
    GRANTED,
    KEY,
    POSTED,
    RECIPE,
    RELEASED,
    RESERVED,
    SHIPPED,
    STOCK_WAITS,
    ReserveStock,
    World,
    golden,
    noting,
)


def _state(world: World) -> tuple[str, str | None]:
    with world.database.reading() as connection:
        instance = find(connection, world.saga.name, KEY)
    assert instance is not None
    return instance.state, instance.step


def _with_first(**changes: Any) -> Saga:
    first = RECIPE.steps[0]
    assert isinstance(first, Step)
    return replace(RECIPE, steps=(replace(first, **changes), *RECIPE.steps[1:]))


def test_a_second_start_is_no_start(world: World) -> None:
    assert not world.start()
    assert len(world.commands()) == 1


def test_fifty_starts_at_once_make_one_saga(make_database: MakeDatabase, clock: ManualClock) -> None:
    world = World(make_database("sample", pool_size=8), clock)
    with ThreadPoolExecutor(10) as pool:
        started = list(pool.map(lambda _: world.start(), range(50)))
    assert started.count(True) == 1
    assert len(world.commands()) == 1


def test_concurrent_replies_move_it_once(make_database: MakeDatabase, clock: ManualClock) -> None:
    world = World(make_database("sample", pool_size=8), clock)
    world.start()
    reserve = world.commands()[0]
    barrier = threading.Barrier(8)

    def take(message: Any) -> str:
        barrier.wait()
        return world.take(message)

    with ThreadPoolExecutor(8) as pool:
        handled = list(pool.map(take, [world.message(RESERVED, reserve) for _ in range(8)]))
    assert sorted(handled) == ["applied"] + ["late"] * 7
    assert [message.type for message in world.commands()].count("finance.hold_credit.v1") == 1


def test_timer_and_reply_at_once_agree(make_database: MakeDatabase, clock: ManualClock) -> None:
    world = World(make_database("sample", pool_size=8), clock)
    world.start()
    reply = world.message(RESERVED, world.commands()[0])
    clock.advance(timedelta(seconds=60))
    with ThreadPoolExecutor(4) as pool:
        fired = [pool.submit(due, world.database, [RECIPE]) for _ in range(3)]
        handled = pool.submit(world.take, reply)
    assert sum(future.result() for future in fired) <= 1
    assert handled.result() == "applied"
    assert _state(world) == ("running", "hold_credit")


def test_a_changed_row_is_noticed(world: World) -> None:
    def meddle(tx: Transaction, data: Data, _reply: object) -> None:
        tx.connection.execute(update(saga_table).values(version=99))

    meddling = World(world.database, world.clock, _with_first(on_done=meddle))
    with pytest.raises(SagaConflict, match="not at version"):
        meddling.answer(RESERVED)
    assert _state(world) == ("running", "reserve_stock")


def test_messages_about_nothing_here(world: World) -> None:
    assert world.say("crm.customer.registered.v1") == "ignored"
    assert world.say(RESERVED, key="another-order") == "no_saga"
    assert world.say(POSTED, order_fully_invoiced=False) == "ignored"


def test_running_instances_keep_their_definition(world: World) -> None:
    shorter = Saga(
        "order_to_cash", version=2, steps=RECIPE.steps[:1], on_done=noting("v2 done"), earlier=(RECIPE,)
    )
    upgraded = World(world.database, world.clock, shorter)
    assert upgraded.answer(RESERVED) == "applied"
    assert _state(world) == ("running", "hold_credit")
    assert upgraded.start("order-2")
    forgotten = World(world.database, world.clock, replace(shorter, earlier=()))
    with pytest.raises(LookupError, match="no definition of version 1"):
        forgotten.take(world.message(RESERVED))


def test_cancel_is_refused_when_it_is_too_late(world: World) -> None:
    for type_ in (RESERVED, GRANTED):
        world.answer(type_)
    world.say(SHIPPED, order_fully_shipped=True)
    with pytest.raises(TooLateToCancel) as refusal:
        world.database.transact(lambda tx: cancel(tx, RECIPE, KEY, "no"))
    assert refusal.value.figures == {"step": "invoice", "state": "running"}
    with pytest.raises(NotFound):
        world.database.transact(lambda tx: cancel(tx, RECIPE, "nothing", "no"))


def test_an_open_saga_always_has_a_live_timer(world: World) -> None:
    acts = [
        lambda: world.answer(STOCK_WAITS),
        lambda: world.pass_time(days=2),
        lambda: world.say(RESERVED),
        lambda: world.pass_time(minutes=5),
        lambda: world.answer(GRANTED),
        lambda: world.database.transact(lambda tx: cancel(tx, RECIPE, KEY, "no")),
        lambda: world.pass_time(days=1),
        lambda: world.answer(RELEASED),
    ]
    for act in acts:
        assert act()
        assert world.database.read(asleep) == []
    assert _state(world) == ("running", "hold_credit")


def test_sleepers_are_found(world: World) -> None:
    world.database.transact(
        lambda tx: tx.connection.exec_driver_sql("UPDATE saga SET ask_again_at = NULL, deadline_at = NULL")
    )
    assert world.database.read(asleep) == [KEY]


def test_who_waits_for_an_answer_is_known_with_its_time_and_who_rests_is_not(world: World) -> None:
    def waiting(most: int = 10) -> list[datetime]:
        return world.database.read(lambda connection: waiting_since(connection, most))

    first = world.database.clock.now()
    assert waiting() == [first]
    world.pass_time(seconds=3)
    assert world.start("another")
    assert waiting() == [first, first + timedelta(seconds=3)]
    assert waiting(most=1) == [first]
    world.answer(STOCK_WAITS)
    assert waiting() == [first + timedelta(seconds=3)]


def test_resolving_by_hand_is_kept_in_the_log(world: World) -> None:
    def resolved(step: str) -> None:
        world.database.transact(
            lambda tx: resolve(tx, RECIPE, KEY, step=step, actor="ann", reason="counted the shelf")
        )

    with pytest.raises(NotOpen, match="waits for reserve_stock"):
        resolved("hold_credit")
    for _ in range(2):
        world.pass_time(minutes=10)
    assert [instance.key for instance in world.database.read(needing_attention)] == [KEY]
    resolved("reserve_stock")
    assert world.database.read(needing_attention) == []
    world.database.transact(lambda tx: cancel(tx, RECIPE, KEY, "no"))
    resolved("hold_credit")
    resolved("reserve_stock")
    golden("by_hand", world.story())
    with pytest.raises(NotOpen, match="is compensated"):
        resolved("reserve_stock")


def test_asking_now(world: World) -> None:
    world.database.transact(lambda tx: ask_now(tx, RECIPE, KEY))
    assert len(world.commands()) == 2
    world.answer(STOCK_WAITS)
    with pytest.raises(NotOpen, match="it is waiting"):
        world.database.transact(lambda tx: ask_now(tx, RECIPE, KEY))


def test_a_failing_timer_is_put_off_and_seen_and_stops_no_other(world: World) -> None:
    def fail(_tx: Transaction, _data: Data) -> Cancel | None:
        raise ZeroDivisionError("a bug")

    broken = World(world.database, world.clock, _with_first(on_deadline=fail))
    world.answer(STOCK_WAITS)
    assert broken.pass_time(days=2) == 0
    (seen,) = world.database.read(needing_attention)
    assert seen.open_step is not None
    assert seen.open_step.error == "timer deadline failed: ZeroDivisionError: a bug"
    assert broken.pass_time(seconds=59) == 0
    assert world.pass_time(seconds=1) == 1


def test_a_callback_may_not_move_its_own_saga(world: World) -> None:
    nested = World(
        world.database,
        world.clock,
        _with_first(on_done=lambda tx, _data, _reply: cancel(tx, RECIPE, KEY, "no")),
    )
    with pytest.raises(RuntimeError, match="may not move it"):
        nested.answer(RESERVED)


def test_backoff_doubles_to_an_hour() -> None:
    minute = timedelta(minutes=1)
    assert [backoff(minute, asks) / minute for asks in (1, 2, 3, 7, 8, 10_000)] == [1, 2, 4, 60, 60, 60]
    assert backoff(2 * LONGEST_BACKOFF, 3) == 2 * LONGEST_BACKOFF


def _step(name: str, **parts: Any) -> Step:
    return Step(name, command=lambda _tx, data: ReserveStock(data["order_id"]), done=RESERVED, **parts)


@pytest.mark.parametrize(
    ("steps", "options", "complaint"),
    [
        ((), {}, "needs steps"),
        ((_step("a"), _step("a")), {}, "a name of its own"),
        ((Pivot("p", act=noting("")), Pivot("q", act=noting(""))), {}, "more than one point"),
        ((_step("a"),), {"cancellable_until": "b"}, "no step 'b'"),
        ((_step("a", undo=noting("")),), {}, "undo and undone"),
        ((Pivot("p", act=noting("")), _step("a", refused="x")), {}, "nothing may be refused"),
        ((Pivot("p", act=noting("")), _step("a")), {"cancellable_until": "a"}, "needs an undo"),
        ((Await("a", done=SHIPPED, too_late=SHIPPED),), {}, "nothing is too late"),
        ((_step("a"),), {"earlier": (RECIPE,)}, "same name and lower versions"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(steps: Any, options: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Saga("odd", version=2, steps=steps, **options)


def test_what_to_subscribe_to() -> None:
    older = Saga("order_to_cash", version=1, steps=(Await("a", done="crm.old.thing.v1"),))
    newer = Saga("order_to_cash", version=2, steps=(_step("b"),), earlier=(older,))
    assert newer.reply_types == {"crm.old.thing.v1", RESERVED}


def test_the_picture(world: World) -> None:
    world.answer(RESERVED)
    golden("picture", picture(RECIPE))
    with world.database.reading() as connection:
        golden("picture_of_an_instance", picture(RECIPE, find(connection, "order_to_cash", KEY)))


def test_many_sagas_that_move_in_one_transaction_are_all_saved(world: World) -> None:
    keys = [f"order-{n}" for n in range(40)]
    for key in keys:
        world.start(key)
    asked = {command.partition_key: command for command in world.commands()}
    replies = [world.message(RESERVED, asked[key], key=key) for key in keys]

    def move(tx: Transaction) -> None:
        look_ahead(tx, replies, (world.saga, of_aggregate))
        for reply in replies:
            tx.cause = Cause(correlation_id=reply.correlation_id, causation_id=reply.id)
            assert handle(tx, world.saga, reply) == "applied"

    world.database.transact(move)

    with world.database.reading() as connection:
        found = [find(connection, world.saga.name, key) for key in keys]
    assert {(each.step, each.version, len(each.steps)) for each in found if each} == {("hold_credit", 3, 2)}


def test_all_sagas_that_messages_may_be_about_are_asked_for_once_also_those_that_there_are_not(
    world: World,
) -> None:
    """A reply may be to one of two sagas: looking for the other one costs no statement, ahead or afterwards."""
    reply = world.message(RESERVED, world.commands()[-1])
    other = Saga("another", version=1, steps=(Await("a", done=RESERVED),))
    asked: list[object] = []
    run = Form.run

    def counted(statement: Form, connection: Any, rows: Any) -> Any:
        asked.append(statement)
        return run(statement, connection, rows)

    def move(tx: Transaction) -> tuple[int, str, int]:
        with patch.object(Form, "run", counted):
            look_ahead(tx, [reply], (world.saga, of_aggregate), (other, of_aggregate))
            ahead = len(asked)
            return ahead, handle(tx, other, reply), len(asked) - ahead

    assert world.database.transact(move) == (2, "no_saga", 0), "the rows and their logs, and nothing more"


def test_two_replies_to_one_saga_in_one_transaction_are_one_version(world: World) -> None:
    reserved = world.message(RESERVED, world.commands()[-1])

    def move(tx: Transaction) -> None:
        assert handle(tx, world.saga, reserved) == "applied"
        assert handle(tx, world.saga, reserved) == "late"

    world.database.transact(move)

    with world.database.reading() as connection:
        found = find(connection, world.saga.name, KEY)
    assert found is not None
    assert (found.version, [line.status for line in found.steps]) == (3, ["done", "sent", "late"])


def test_a_step_that_does_not_apply_is_passed_over_both_ways(
    make_database: MakeDatabase, clock: ManualClock
) -> None:
    first, credit, *others = RECIPE.steps
    assert isinstance(credit, Step)
    optional = replace(credit, applies=lambda data: data["order_id"] != KEY)
    world = World(make_database("sample"), clock, replace(RECIPE, steps=(first, optional, *others)))
    world.start()
    assert world.answer(RESERVED) == "applied"
    assert _state(world) == ("running", "deliver")
    world.database.transact(lambda tx: cancel(tx, world.saga, KEY, "off"))
    for _ in range(2):
        world.answer(RELEASED)
    assert _state(world) == ("compensated", None)
    asked = [message.type.rpartition(".")[0].partition(".")[2] for message in world.commands()]
    assert asked == ["reserve_stock", "release_stock", "release_stock"]
