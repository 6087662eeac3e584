"""The broker's side of a target: declare and verify its topology, and send history again."""

from __future__ import annotations

from libs.common.inbox import Receiver
from libs.common.messaging import topology
from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.names import Names
from libs.common.messaging.replay import Selection, replay, select_events
from meridian.target import Target
from meridian.wiring import PARTS, wanted_types


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
    return topology.apply(url, topology.describe(Names(), wanted_types()), BrokerControl.reach(url))


def verify_topology(target: Target) -> list[str]:
    """Return what is missing or different on the broker; empty when all is as described."""
    url = broker_url(target)
    return topology.verify(url, topology.describe(Names(), wanted_types()), BrokerControl.reach(url))


def replay_history(
    target: Target, source: str, subscriber: str, selection: Selection, per_second: int
) -> int:
    """Send the selected history of ``source`` to the queue of ``subscriber`` alone; return how much was sent.

    The embedded system hands it to the subscriber's receiver directly.
    """
    database = target.databases()[source]
    if target.amqp_url:
        return replay(database, selection, target.amqp_url, subscriber, names=Names(), per_second=per_second)
    receiver = Receiver(target.databases()[subscriber], PARTS[subscriber].subscriptions)
    wanted = [
        row.message for row in select_events(database, selection) if receiver.subscriptions.takes(row.type)
    ]
    for message in wanted:
        receiver.receive([message])
    return len(wanted)
