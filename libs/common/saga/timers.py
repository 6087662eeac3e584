"""What time sets in motion: questions asked again and deadlines, from the database, each in its own transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    literal,
    select,
    union_all,
)

from libs.common.db import Cause, Database, Prepared, Transaction
from libs.common.saga import store
from libs.common.saga.definition import Saga
from libs.common.saga.engine import alone
from libs.common.saga.instance import TimerName, change_line, set_timer, timer_of
from libs.common.saga.motion import Run
from libs.common.saga.tables import saga as saga_table

log = logging.getLogger(__name__)
ACTOR = "saga timer"
PUT_OFF = timedelta(minutes=1)


def _due(timer: TimerName) -> Select[Any]:
    due_at = saga_table.c[f"{timer}_at"]
    columns = (literal(timer, String).label("timer"), saga_table.c.name.label("saga_name"), saga_table.c.key)
    ours: BindParameter[list[str]] = bindparam("of_names", expanding=True)
    return select(*columns, due_at.label("due_at")).where(
        due_at <= bindparam("of_now"), saga_table.c.name.in_(ours)
    )


# Asked every second, whatever there is to do.
_DUE = Prepared(
    union_all(_due("ask_again"), _due("deadline"))
    .order_by("due_at", "key", "timer")
    .limit(bindparam("most", type_=Integer))
)


@dataclass(frozen=True)
class DueTimer:
    """A timer whose time has come, and the saga that it belongs to."""

    name: TimerName
    saga_name: str
    key: str


def due(database: Database, sagas: Iterable[Saga], *, limit: int = 100) -> int:
    """Fire the timers whose time has come, up to ``limit``, and return how many did something.

    Several processes may do so at once: each timer fires once. One that fails is put off by a minute and its
    saga marked as needing attention, so that it neither stops the others nor is forgotten.
    """
    by_name = {saga.name: saga for saga in sagas}
    timers = database.read(
        lambda connection: _due_timers(connection, tuple(by_name), database.clock.now(), limit)
    )
    return sum(_fire_safely(database, by_name[timer.saga_name], timer) for timer in timers)


def _due_timers(connection: Connection, names: tuple[str, ...], now: datetime, limit: int) -> list[DueTimer]:
    rows = connection.execute(_DUE, {"of_names": names, "of_now": now, "most": limit})
    return [DueTimer(row.timer, row.saga_name, row.key) for row in rows]


def _fire_safely(database: Database, saga: Saga, timer: DueTimer) -> bool:
    cause = Cause(actor=ACTOR)
    try:
        return database.transact(lambda tx: _fire(tx, saga, timer), cause=cause)
    except Exception as error:
        log.exception("the timer %s of %s %s failed", timer.name, timer.saga_name, timer.key)
        text = f"timer {timer.name} failed: {type(error).__name__}: {error}"
        database.transact(lambda tx: _put_off(tx, timer, text), cause=cause)
        return False


def _fire(tx: Transaction, saga: Saga, timer: DueTimer) -> bool:
    instance = store.lock(tx, timer.saga_name, timer.key)
    due_at = None if instance is None else timer_of(instance, timer.name)
    if instance is None or due_at is None or due_at > tx.now:
        return False  # an answer removed or moved it, or another process fired it, meanwhile
    set_timer(instance, timer.name, None)
    with alone(tx, instance):
        run = Run(tx, saga.in_version(instance.definition_version), instance)
        if timer.name == "ask_again":
            run.ask_again()
        else:
            run.meet_deadline()
        store.save(tx, instance)
    return True


def _put_off(tx: Transaction, timer: DueTimer, error: str) -> None:
    instance = store.lock(tx, timer.saga_name, timer.key)
    if instance is None:
        return
    set_timer(instance, timer.name, tx.now + PUT_OFF)
    instance.needs_attention = True
    line = instance.open_step
    if line is not None:
        line.error = error
        change_line(instance, line)
    store.save(tx, instance)
