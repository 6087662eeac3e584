"""How a saga is written down: steps that can be undone, one point of no return, then what is only waited for.

A definition is data with a version. It reads as a recipe::

    ORDER_TO_CASH = Saga("order_to_cash", version=1, cancellable_until="deliver", on_compensated=..., steps=(
        Step("reserve_stock", command=reserve_stock, done="inventory.reservation.reserved.v1",
             waiting="inventory.reservation.waiting.v1", refused="inventory.reservation.rejected.v1",
             undo=release_stock, undone="inventory.reservation.released.v1", on_waiting=place_stock_hold),
        Pivot("confirm_order", act=confirm_order),
        Await("deliver", done=When("inventory.delivery.shipped.v1", lambda data: data["order_fully_shipped"])),
    ))

``data`` is the saga's own JSON object. Callbacks may change it; it is saved with the step, in the same
transaction. When the saga turns round, the engine writes why into ``data["reason"]``, for the undo commands.

A step whose ``applies(data)`` says no is passed over, on the way there and on the way back: what it looks at must be
in the data from the start and stay as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from libs.common.db import Transaction

Data = dict[str, Any]
Outcome = Literal["done", "waiting", "refused"]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reply:
    """What a callback learns of the message that answered: its type, its data and its id."""

    type: str
    data: dict[str, Any]
    id: str


@dataclass(frozen=True)
class When:
    """A message of ``type`` whose data satisfy ``test``; other messages of the type are not for this step."""

    type: str
    test: Callable[[dict[str, Any]], bool]


Pattern = str | When | tuple[str | When, ...]


@dataclass(frozen=True)
class Cancel:
    """What ``on_deadline`` returns to give the saga up."""

    reason: str


Build = Callable[[Transaction, Data], object]
OnReply = Callable[[Transaction, Data, Reply], object]
OnRefused = Callable[[Transaction, Data, Reply], str | None]
OnDeadline = Callable[[Transaction, Data], Cancel | None]
OnCompensated = Callable[[Transaction, Data, str], object]
Applies = Callable[[Data], bool]
NotBefore = Callable[[Data], datetime | None]


def always(_data: Data) -> bool:
    """Let a step apply to every instance."""
    return True


def alternatives(pattern: Pattern) -> tuple[str | When, ...]:
    """Return the single patterns that ``pattern`` is made of."""
    return pattern if isinstance(pattern, tuple) else (pattern,)


def fits(pattern: Pattern, reply: Reply) -> bool:
    """Tell whether ``reply`` is one of those that ``pattern`` describes."""
    return any(_fits_one(single, reply) for single in alternatives(pattern))


def _fits_one(single: str | When, reply: Reply) -> bool:
    if isinstance(single, When):
        return single.type == reply.type and single.test(reply.data)
    return single == reply.type


def types_in(*patterns: Pattern) -> Iterator[str]:
    """Yield the message types that ``patterns`` name."""
    for pattern in patterns:
        for single in alternatives(pattern):
            yield single.type if isinstance(single, When) else single


@dataclass(frozen=True)
class Step:
    """An order to another service and the answers to it.

    ``command(tx, data)`` builds the command. No answer within ``ask_again_after`` means *unknown*: the command is
    sent again (same words, next derived id; the participant tells its present state), ever more rarely, and from
    the ``attention_after``-th time on the saga is marked as needing attention.

    ``done``, ``waiting``, ``refused`` name the answers. *Waiting* keeps the step open until *done* or *refused*
    follows: ``on_waiting(tx, data, reply)`` runs at each such answer and must be repeatable. *Refused* turns the
    saga round; ``on_refused`` may return the reason, else the reply's field ``reason`` is it.

    A step still open after ``deadline_after`` (counted anew when it begins to wait) runs
    ``on_deadline(tx, data)``, which may return ``Cancel(reason)``; if not, the next deadline is set.

    A step whose ``not_before(data)`` lies ahead is held back until then: ``on_held_back(tx, data)`` runs, nothing is
    sent, and when the time comes ``on_time_come(tx, data)`` runs and the command goes out.

    ``undo(tx, data)`` builds the command that takes the step back, ``undone`` names its answer. It is sent also
    for a command that was never answered, so participants must keep a tombstone.
    """

    name: str
    command: Build
    done: Pattern
    waiting: Pattern = ()
    refused: Pattern = ()
    undo: Build | None = None
    undone: Pattern = ()
    on_done: OnReply | None = None
    on_waiting: OnReply | None = None
    on_refused: OnRefused | None = None
    on_deadline: OnDeadline | None = None
    ask_again_after: timedelta = MINUTE
    deadline_after: timedelta = DAY
    attention_after: int = 5
    applies: Applies = always
    not_before: NotBefore | None = None
    on_held_back: Build | None = None
    on_time_come: Build | None = None

    @property
    def reply_types(self) -> frozenset[str]:
        """Every message type that can be an answer to this step or to its undo."""
        return frozenset(types_in(self.done, self.waiting, self.refused, self.undone))

    def outcome_of(self, reply: Reply) -> Outcome | None:
        """Return what ``reply`` means to the step going forward; ``None`` when it is no answer to it."""
        if fits(self.done, reply):
            return "done"
        if fits(self.waiting, reply):
            return "waiting"
        return "refused" if fits(self.refused, reply) else None

    def takes(self, reply: Reply) -> bool:
        """Tell whether ``reply`` is an answer to this step or to its undo."""
        return self.outcome_of(reply) is not None or fits(self.undone, reply)


@dataclass(frozen=True)
class Pivot:
    """The point of no return: ``act(tx, data)`` changes this service's own data in the same transaction."""

    name: str
    act: Build


@dataclass(frozen=True)
class Await:
    """A fact that another service will tell by itself; ``waiting`` names facts that are progress towards it.

    A fact that arrives before the saga has come to this step is kept and counts when it does (different services'
    messages may overtake each other). Deadlines are as in ``Step``.

    With an ``undo`` the step can be taken back while the saga stands at it or later, up to ``cancellable_until``.
    ``too_late`` names facts that show that the undo came too late: the saga then resumes going forward,
    ``on_too_late(tx, data, reply)`` runs and the fact counts as if no one had tried.
    """

    name: str
    done: Pattern
    waiting: Pattern = ()
    undo: Build | None = None
    undone: Pattern = ()
    too_late: Pattern = ()
    on_done: OnReply | None = None
    on_waiting: OnReply | None = None
    on_too_late: OnReply | None = None
    on_deadline: OnDeadline | None = None
    ask_again_after: timedelta = MINUTE
    deadline_after: timedelta = 7 * DAY
    attention_after: int = 5
    applies: Applies = always

    @property
    def reply_types(self) -> frozenset[str]:
        """Every message type that can concern this step."""
        return frozenset(types_in(self.done, self.waiting, self.undone, self.too_late))

    def outcome_of(self, reply: Reply) -> Outcome | None:
        """Return what ``reply`` means to the step going forward; ``None`` when it does not concern it."""
        if fits(self.done, reply):
            return "done"
        return "waiting" if fits(self.waiting, reply) else None

    def takes(self, reply: Reply) -> bool:
        """Tell whether ``reply`` concerns this step or its undo."""
        return self.outcome_of(reply) is not None or fits(self.undone, reply) or fits(self.too_late, reply)


AnyStep = Step | Pivot | Await


@dataclass(frozen=True)
class Saga:
    """A conversation with other services that ends either done or compensated, whatever fails in between.

    ``cancellable_until`` names the step up to whose completion a cancel is accepted; without it, the pivot.
    ``on_compensated(tx, data, reason)`` runs when everything has been undone, ``on_done(tx, data)`` at the good end.
    ``earlier`` holds the definitions with which older instances still run.
    """

    name: str
    version: int
    steps: tuple[AnyStep, ...]
    cancellable_until: str | None = None
    on_compensated: OnCompensated | None = None
    on_done: Build | None = None
    earlier: tuple[Saga, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    @property
    def pivot(self) -> int:
        """The place of the pivot; the number of steps when there is none."""
        places = [place for place, step in enumerate(self.steps) if isinstance(step, Pivot)]
        return places[0] if places else len(self.steps)

    @property
    def last_cancellable(self) -> int:
        """The place of the last step at which a cancel is accepted."""
        return self.pivot if self.cancellable_until is None else self.place_of(self.cancellable_until)

    @property
    def reply_types(self) -> frozenset[str]:
        """Every message type that this definition or an earlier one wants to see; what to subscribe to."""
        own = [step.reply_types for step in self.steps if not isinstance(step, Pivot)]
        return frozenset().union(*own, *(saga.reply_types for saga in self.earlier))

    def place_of(self, name: str) -> int:
        """Return the place of the step called ``name``."""
        return next(place for place, step in enumerate(self.steps) if step.name == name)

    def in_version(self, version: int) -> Saga:
        """Return the definition that an instance of ``version`` was started with; ``LookupError`` if it is gone."""
        for saga in (self, *self.earlier):
            if saga.version == version:
                return saga
        raise LookupError(f"{self.name} has no definition of version {version}; name it in earlier=")


def _check(saga: Saga) -> None:
    names = [step.name for step in saga.steps]
    if not names or len(set(names)) != len(names):
        raise ValueError(f"{saga.name}: needs steps, each with a name of its own")
    if sum(isinstance(step, Pivot) for step in saga.steps) > 1:
        raise ValueError(f"{saga.name}: more than one point of no return")
    if saga.cancellable_until is not None and saga.cancellable_until not in names:
        raise ValueError(f"{saga.name}: no step {saga.cancellable_until!r} to be cancellable until")
    if any(other.name != saga.name or other.version >= saga.version for other in saga.earlier):
        raise ValueError(f"{saga.name}: earlier definitions have the same name and lower versions")
    for place, step in enumerate(saga.steps):
        _check_step(saga, place, step)


def _check_step(saga: Saga, place: int, step: AnyStep) -> None:
    if isinstance(step, Pivot):
        return
    where = f"{saga.name}.{step.name}"
    if (step.undo is None) != (step.undone == ()):
        raise ValueError(f"{where}: undo and undone belong together")
    if isinstance(step, Step) and step.refused != () and place > saga.pivot:
        raise ValueError(f"{where}: after the pivot nothing may be refused; make it retryable")
    if saga.pivot < place <= saga.last_cancellable and step.undo is None:
        raise ValueError(f"{where}: a step after the pivot that may be cancelled needs an undo")
    if isinstance(step, Await) and step.too_late != () and step.undo is None:
        raise ValueError(f"{where}: nothing is too late where nothing is undone")
