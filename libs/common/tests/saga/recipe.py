"""A small order-to-cash and the world around it, for the saga engine's tests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from libs.common.db import Cause, Database, Transaction
from libs.common.envelope import Message, command
from libs.common.outbox import outbox
from libs.common.saga import (
    Await,
    Cancel,
    Data,
    Handled,
    Pivot,
    Reply,
    Saga,
    Step,
    When,
    due,
    find,
    handle,
    start,
    tell,
)
from libs.common.testing import ManualClock

GOLDEN = Path(__file__).parent / "golden"
KEY = "order-1"
RESERVED = "inventory.reservation.reserved.v1"
STOCK_WAITS = "inventory.reservation.waiting.v1"
REJECTED = "inventory.reservation.rejected.v1"
RELEASED = "inventory.reservation.released.v1"
GRANTED = "finance.credit_hold.granted.v1"
CREDIT_REFUSED = "finance.credit_hold.refused.v1"
CREDIT_RELEASED = "finance.credit_hold.released.v1"
SHIPPED = "inventory.delivery.shipped.v1"
POSTED = "finance.invoice.posted.v1"


@command("inventory.reserve_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReserveStock:
    order_id: str


@command("inventory.release_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseStock:
    order_id: str
    reason: str


@command("finance.hold_credit.v1", key="order_id")
@dataclass(frozen=True)
class HoldCredit:
    order_id: str


@command("finance.release_credit.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseCredit:
    order_id: str
    reason: str


def release_stock(_tx: Transaction, data: Data) -> ReleaseStock:
    return ReleaseStock(data["order_id"], data["reason"])


def noting(event: str) -> Any:
    """Return a callback of any kind that writes ``event`` into the saga's diary."""

    def note(_tx: Transaction, data: Data, *details: Reply | str) -> None:
        detail = details[0] if details and isinstance(details[0], str) else ""
        data.setdefault("diary", []).append(f"{event} {detail}".strip())

    return note


def escalate(tx: Transaction, data: Data) -> Cancel | None:
    noting("escalated")(tx, data)
    return Cancel("waited too long") if data["diary"].count("escalated") > 1 else None


RECIPE = Saga(
    "order_to_cash",
    version=1,
    cancellable_until="deliver",
    on_compensated=noting("order cancelled:"),
    on_done=noting("order completed"),
    steps=(
        Step(
            "reserve_stock",
            command=lambda _tx, data: ReserveStock(data["order_id"]),
            done=RESERVED,
            waiting=STOCK_WAITS,
            refused=REJECTED,
            undo=release_stock,
            undone=RELEASED,
            on_waiting=noting("stock hold placed"),
            on_done=noting("stock hold lifted"),
            on_deadline=escalate,
            ask_again_after=timedelta(seconds=60),
            deadline_after=timedelta(days=2),
            attention_after=3,
        ),
        Step(
            "hold_credit",
            command=lambda _tx, data: HoldCredit(data["order_id"]),
            done=GRANTED,
            waiting=When(CREDIT_REFUSED, lambda reply: bool(reply["waits"])),
            refused=When(CREDIT_REFUSED, lambda reply: not reply["waits"]),
            undo=lambda _tx, data: ReleaseCredit(data["order_id"], data["reason"]),
            undone=CREDIT_RELEASED,
            on_waiting=noting("credit hold placed"),
            on_done=noting("credit hold lifted"),
            attention_after=3,
        ),
        Pivot("confirm_order", act=noting("order confirmed")),
        Await(
            "deliver",
            done=When(SHIPPED, lambda fact: bool(fact["order_fully_shipped"])),
            waiting=When(SHIPPED, lambda fact: not fact["order_fully_shipped"]),
            undo=release_stock,
            undone=RELEASED,
            too_late=SHIPPED,
            on_too_late=noting("cancel came too late"),
            on_waiting=noting("part shipped"),
            on_done=noting("all shipped"),
            on_deadline=escalate,
        ),
        Await(
            "invoice",
            done=When(POSTED, lambda fact: bool(fact["order_fully_invoiced"])),
            on_done=noting("invoiced"),
        ),
    ),
)


class World:
    """The services around one saga: it hears the commands and says what a test tells it to."""

    def __init__(self, database: Database, clock: ManualClock, saga: Saga = RECIPE) -> None:
        self.database = database
        self.clock = clock
        self.saga = saga
        self._ids = (f"message-{n}" for n in itertools.count(1))

    def start(self, key: str = KEY) -> bool:
        return self.database.transact(lambda tx: start(tx, self.saga, key, {"order_id": key}))

    def commands(self) -> list[Message]:
        """Return every command sent so far, in order."""
        with self.database.reading() as connection:
            rows = connection.execute(select(outbox.c.envelope).order_by(outbox.c.seq)).scalars()
            return [Message.from_bytes(row.encode()) for row in rows]

    def message(self, type_: str, answers: Message | None = None, *, key: str = KEY, **data: Any) -> Message:
        """Return a message of another service; ``answers`` is the command that caused it."""
        now = self.clock.now()
        return Message(
            id=next(self._ids),
            type=type_,
            kind="event",
            source=type_.split(".")[0],
            time=now,
            recorded_time=now,
            partition_key=key,
            sequence=1,
            correlation_id=key,
            causation_id=answers.id if answers else None,
            data={"order_id": key, **data},
        )

    def take(self, message: Message) -> Handled:
        cause = Cause(correlation_id=message.correlation_id, causation_id=message.id)
        return self.database.transact(lambda tx: handle(tx, self.saga, message), cause=cause)

    def say(self, type_: str, answers: Message | None = None, **data: Any) -> Handled:
        return self.take(self.message(type_, answers, **data))

    def answer(self, type_: str, **data: Any) -> Handled:
        """Answer the last command."""
        return self.say(type_, self.commands()[-1], **data)

    def pass_time(self, **step: float) -> int:
        """Move the clock and fire what is due."""
        self.clock.advance(timedelta(**step))
        return due(self.database, [self.saga])

    def story(self) -> str:
        """Return the whole course as text: the log, what was asked of others, what the callbacks did, the timers."""
        with self.database.reading() as connection:
            instance = find(connection, self.saga.name, KEY)
        assert instance is not None
        lines = [tell(instance)]
        lines += [
            f"sent   {message.type} {message.data.get('reason', '')}".rstrip() for message in self.commands()
        ]
        lines += [f"diary  {entry}" for entry in instance.data.get("diary", [])]
        timers = {"ask_again": instance.ask_again_at, "deadline": instance.deadline_at}
        lines += [
            f"timer  {name} in {due_at - self.clock.now()}"
            for name, due_at in timers.items()
            if due_at is not None
        ]
        return "\n".join(lines) + "\n"


def golden(name: str, text: str) -> None:
    """Compare ``text`` with the recorded run; a run that was never recorded is written down and fails once."""
    path = GOLDEN / f"{name}.txt"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        raise AssertionError(f"{path.name} was not recorded; it is now: read it, then run the test again")
    assert text == path.read_text(encoding="utf-8")
