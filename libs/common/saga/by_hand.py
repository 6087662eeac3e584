"""What a person may do with a saga that needs attention: ask now, or count a step as done; both leave their mark."""

from __future__ import annotations

from libs.common.db import Transaction
from libs.common.errors import NotFound, Refused
from libs.common.saga import store
from libs.common.saga.definition import Reply, Saga
from libs.common.saga.engine import alone
from libs.common.saga.instance import Instance, LoggedStep, set_timer
from libs.common.saga.motion import Run

BY_HAND = "by_hand"


class NotOpen(Refused):
    """The step named is not the one that the saga waits for."""

    code = "step_not_open"


def _open(tx: Transaction, saga: Saga, key: str) -> tuple[Instance, LoggedStep]:
    instance = store.lock(tx, saga.name, key)
    if instance is None:
        raise NotFound(f"there is no {saga.name} of {key}")
    line = instance.open_step
    if line is None:
        raise NotOpen(f"{saga.name} of {key} is {instance.state} and waits for nothing", state=instance.state)
    return instance, line


def ask_now(tx: Transaction, saga: Saga, key: str) -> None:
    """Send the open step's command again at once, without waiting for its timer."""
    instance, line = _open(tx, saga, key)
    if line.status != "sent":
        raise NotOpen(f"{line.step} was answered: it is {line.status}", status=line.status)
    with alone(tx, instance):
        set_timer(instance, "ask_again", None)
        Run(tx, saga.in_version(instance.definition_version), instance).ask_again()
        store.save(tx, instance)


def resolve(tx: Transaction, saga: Saga, key: str, *, step: str, actor: str, reason: str) -> None:
    """Count the open ``step`` as done (going forward) or undone (going back), as if it had been answered so.

    The log keeps who did it and why, as a reply of type ``by_hand``; callbacks receive that reply.
    """
    instance, line = _open(tx, saga, key)
    if line.step != step:
        raise NotOpen(
            f"{saga.name} of {key} waits for {line.step}, not for {step}", field="step", open=line.step
        )
    reply = Reply(BY_HAND, {"actor": actor, "reason": reason}, tx.new_id())
    with alone(tx, instance):
        run = Run(tx, saga.in_version(instance.definition_version), instance)
        if instance.direction == "forward":
            run.done(line, reply)
        else:
            run.undone(line, reply)
        store.save(tx, instance)
