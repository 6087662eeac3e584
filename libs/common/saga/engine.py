"""What moves a saga: its start, the answers of others, and a cancel; all within the caller's transaction, no I/O.

The saga's row is locked first. A use case that also locks its own document should do so afterwards (start,
cancel and the callbacks come in that order), so that it never waits in a ring with an arriving reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter
from typing import Literal

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.errors import NotFound, Refused
from libs.common.saga import store
from libs.common.saga.definition import Await, Data, Pivot, Reply, Saga
from libs.common.saga.instance import Instance, saga_id
from libs.common.saga.motion import Run, note

Handled = Literal["applied", "early", "late", "ignored", "no_saga"]


class TooLateToCancel(Refused):
    """The saga is past the step up to which it can be taken back, or has ended."""

    code = "too_late_to_cancel"


def start(tx: Transaction, saga: Saga, key: str, data: Data, *, correlation_id: str | None = None) -> bool:
    """Start ``saga`` about ``key`` and send its first command; false when one was started before.

    The conversation is ``correlation_id``, else that of the transaction's cause, else ``key``.
    """
    conversation = correlation_id or tx.cause.correlation_id or key
    instance = _new(tx, saga, key, data, conversation)
    if not store.insert_if_absent(tx, instance):
        return False
    with alone(tx, instance):
        run = Run(tx, saga, instance)
        run.go_forward(0)
        store.save(tx, instance)
    return True


def _new(tx: Transaction, saga: Saga, key: str, data: Data, correlation_id: str) -> Instance:
    return Instance(
        id=saga_id(saga.name, key),
        name=saga.name,
        definition_version=saga.version,
        key=key,
        step=saga.steps[0].name,
        state="running",
        direction="forward",
        needs_attention=False,
        version=1,
        data=dict(data),
        correlation_id=correlation_id,
        reason=None,
        ask_again_at=None,
        deadline_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )


def handle(tx: Transaction, saga: Saga, message: Message, *, key: str | None = None) -> Handled:
    """Apply a reply to the saga about ``key`` (by default the message's aggregate) and say what became of it.

    *applied*: it was what the open step waits for. *early*: a fact that a later ``Await`` wants; kept for it.
    *late*: a duplicate, or an answer to what is no longer asked; logged, not applied. *ignored*: no step of the
    definition is about such a message. *no_saga*: no saga is about ``key``.
    """
    if message.type not in saga.reply_types:
        return "ignored"
    instance = store.lock(tx, saga.name, message.partition_key if key is None else key)
    if instance is None:
        return "no_saga"
    reply = Reply(message.type, message.data, message.id)
    with alone(tx, instance):
        handled = _settle(
            tx, saga.in_version(instance.definition_version), instance, reply, message.causation_id
        )
        if handled != "ignored":
            store.save(tx, instance)
    return handled


KeyOf = Callable[[Message], str]
of_aggregate: KeyOf = attrgetter("partition_key")
"""The key of a saga that is about the aggregate of its messages."""


def look_ahead(tx: Transaction, messages: Iterable[Message], *sagas: tuple[Saga, KeyOf]) -> None:
    """Lock at once the sagas that ``messages`` are replies to, each under its key, for the ``handle`` of each."""
    told = list(messages)
    store.lock_all(
        tx,
        [
            (saga.name, key_of(message))
            for saga, key_of in sagas
            for message in told
            if message.type in saga.reply_types
        ],
    )


def _settle(tx: Transaction, saga: Saga, instance: Instance, reply: Reply, cause: str | None) -> Handled:
    if not _concerns(saga, reply):
        return "ignored"
    if instance.state == "running" and instance.step_that_asked(cause) in (None, instance.step):
        run = Run(tx, saga, instance)
        if run.apply(reply):
            return "applied"
        if run.may_go_forward and _awaited_later(run, reply):
            note(tx, instance, reply, "early")
            return "early"
    note(tx, instance, reply, "late")
    return "late"


def _awaited_later(run: Run, reply: Reply) -> bool:
    ahead = run.saga.steps[run.place + 1 :]
    return any(
        isinstance(step, Await) and step.applies(run.instance.data) and step.outcome_of(reply)
        for step in ahead
    )


def _concerns(saga: Saga, reply: Reply) -> bool:
    """Tell whether some step would take ``reply``: its type may be named with a test that it does not pass."""
    return any(step.takes(reply) for step in saga.steps if not isinstance(step, Pivot))


def cancel(tx: Transaction, saga: Saga, key: str, reason: str) -> bool:
    """Turn the saga round: undo, in reverse order, the step in flight and all that are done; ``reason`` says why.

    Returns false when it has been turned round before. ``TooLateToCancel`` when it is past the point up to which
    the definition allows it, ``NotFound`` when there is none.
    """
    instance = store.lock(tx, saga.name, key)
    if instance is None:
        raise NotFound(f"there is no {saga.name} of {key}")
    if instance.direction == "compensating":
        return False
    with alone(tx, instance):
        run = Run(tx, saga.in_version(instance.definition_version), instance)
        if not run.may_turn_round:
            raise TooLateToCancel(
                f"{saga.name} of {key} can no longer be cancelled",
                step=instance.step or "",
                state=instance.state,
            )
        run.turn_round(reason)
        store.save(tx, instance)
    return True


@contextmanager
def alone(tx: Transaction, instance: Instance) -> Iterator[None]:
    """Keep a callback from moving its own saga, and let what it publishes belong to the conversation."""
    room = f"saga {instance.id}"
    if room in tx.rooms:
        raise RuntimeError(
            f"a callback of {instance.name} may not move it; on_deadline may return Cancel(reason)"
        )
    before = tx.cause
    tx.rooms[room] = instance
    tx.cause = replace(before, correlation_id=instance.correlation_id)
    try:
        yield
    finally:
        tx.cause = before
        del tx.rooms[room]
