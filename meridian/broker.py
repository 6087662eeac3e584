"""The broker's side of a target: declare and verify its topology, and send history again."""

from __future__ import annotations

import dataclasses

from libs.common.inbox import Receiver
from libs.common.messaging import topology
from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.dead_queue import DeadQueue
from libs.common.messaging.names import Names
from libs.common.messaging.replay import Selection, replay, replay_embedded
from meridian.target import Target
from meridian.wiring import PARTS, wanted_types

NAMES = Names()


class NoBroker(RuntimeError):
    """The target is embedded: there is no broker to ask."""


def broker_url(target: Target) -> str:
    """Return the address of the target's broker; ``NoBroker`` when it has none."""
    if not target.amqp_url:
        raise NoBroker("the embedded system has no broker; use --target local")
    return target.amqp_url


def apply_topology(target: Target) -> list[str]:
    """Declare exchanges, queues, bindings and limits; return what was done, line by line."""
    url = broker_url(target)
    return topology.apply(
        url, topology.describe(NAMES, wanted_types()), BrokerControl.reach(url, target.broker_node)
    )


def verify_topology(target: Target) -> list[str]:
    """Return what is missing or different on the broker; empty when all is as described."""
    url = broker_url(target)
    return topology.verify(
        url, topology.describe(NAMES, wanted_types()), BrokerControl.reach(url, target.broker_node)
    )


def dead_queues(target: Target) -> dict[str, DeadQueue]:
    """Return each service's dead letters on the broker; none for an embedded system, which has no broker."""
    if not target.amqp_url:
        return {}
    return {service: DeadQueue(target.amqp_url, service, NAMES) for service in PARTS}


def replay_history(
    target: Target, source: str, subscriber: str, selection: Selection, per_second: int
) -> int:
    """Send the selected history of ``source`` to ``subscriber`` alone; return how many messages were sent.

    Only what the subscriber listens to is sent. It goes to the subscriber's queue, or in the embedded system,
    which has none, to its receiver directly.
    """
    wanted = PARTS[subscriber].subscriptions
    types = tuple(type_ for type_ in wanted.types() if not selection.types or type_ in selection.types)
    if not types:
        return 0  # to a selection no types would mean all of them, and each would be a dead letter there
    chosen = dataclasses.replace(selection, types=types)
    with target.opened() as databases:
        if target.amqp_url:
            names = Names()
            return replay(
                databases[source], chosen, target.amqp_url, subscriber, names=names, per_second=per_second
            )
        receipt = replay_embedded(databases[source], chosen, Receiver(databases[subscriber], wanted))
        return receipt.handled + receipt.duplicates + receipt.parked + receipt.dead
