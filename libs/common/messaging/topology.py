"""The exchanges, queues and bindings on RabbitMQ: described as data, then declared or checked.

What can never change (queue type, single active consumer) is declared. What may change later (limits, dead
lettering, overflow) is a policy, because a changed argument is refused for a queue that exists. Where policies
cannot be set from here the same limits are declared as arguments; see docs/decisions/0008.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.names import Names

log = logging.getLogger(__name__)
DELIVERY_LIMIT = 20
# Looking at dead letters counts as delivering them; RabbitMQ 4 drops what was delivered 20 times unless told.
DEAD_DELIVERY_LIMIT = 1_000_000
UNROUTED_LENGTH = 10_000
_PRECONDITION_FAILED = 406
_CONNECT_TIMEOUT_S = 5


class TopologyConflict(Exception):
    """Something of that name exists in another shape; the message says what and what to do."""


@dataclass(frozen=True)
class Exchange:
    """An exchange to declare."""

    name: str
    kind: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """A queue to declare; ``limits`` are policy keys, ``fixed`` are arguments."""

    name: str
    fixed: Mapping[str, Any]
    limits: Mapping[str, Any]

    def arguments(self, with_limits: bool) -> dict[str, Any]:
        """Return the arguments of the declaration, with the limits among them or not."""
        limits = {f"x-{name}": value for name, value in self.limits.items()} if with_limits else {}
        return {**self.fixed, **limits}


@dataclass(frozen=True)
class Binding:
    """A queue's wish for messages with a routing key."""

    exchange: str
    queue: str
    key: str


@dataclass(frozen=True)
class Topology:
    """Everything the system needs on the broker; queues of dead letters come before the queues that use them."""

    exchanges: tuple[Exchange, ...]
    queues: tuple[Queue, ...]
    bindings: tuple[Binding, ...]


def describe(names: Names, wanted: Mapping[str, Sequence[str]]) -> Topology:
    """Return the topology for ``wanted``: the event types each service subscribes to, by service."""
    unrouted = {"alternate-exchange": names.unrouted}
    exchanges = (
        Exchange(names.unrouted, "fanout"),
        Exchange(names.dead, "topic"),
        Exchange(names.events, "topic", unrouted),
        Exchange(names.commands, "topic", unrouted),
    )
    quorum = {"x-queue-type": "quorum"}
    queues = [Queue(names.unrouted, quorum, {"max-length": UNROUTED_LENGTH, "overflow": "drop-head"})]
    bindings = [Binding(names.unrouted, names.unrouted, "")]
    for service, types in sorted(wanted.items()):
        queues.append(Queue(names.dead_queue(service), quorum, {"delivery-limit": DEAD_DELIVERY_LIMIT}))
        queues.append(
            Queue(names.queue(service), {**quorum, "x-single-active-consumer": True}, _limits(names, service))
        )
        bindings.append(Binding(names.dead, names.dead_queue(service), service))
        bindings.append(Binding(names.commands, names.queue(service), f"{service}.#"))
        events = (type_ for type_ in types if names.exchange_for(type_) == names.events)
        bindings += [Binding(names.events, names.queue(service), type_) for type_ in sorted(events)]
    return Topology(exchanges, tuple(queues), tuple(bindings))


def _limits(names: Names, service: str) -> dict[str, Any]:
    return {
        "delivery-limit": DELIVERY_LIMIT,
        "dead-letter-exchange": names.dead,
        "dead-letter-routing-key": service,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }


@contextmanager
def open_channel(url: str) -> Iterator[BlockingChannel]:
    """Give a channel for a few administrative calls."""
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = _CONNECT_TIMEOUT_S
    parameters.blocked_connection_timeout = _CONNECT_TIMEOUT_S
    connection = pika.BlockingConnection(parameters)
    try:
        yield connection.channel()
    finally:
        if connection.is_open:
            connection.close()


def lets_in(url: str) -> bool:
    """Tell whether the broker answers at ``url`` and knows its user and virtual host."""
    try:
        with open_channel(url):
            return True
    except AMQPError:
        return False


def apply(url: str, topology: Topology, control: BrokerControl | None = None) -> list[str]:
    """Declare what is missing and return remarks; running it again changes nothing.

    With ``control`` the limits become policies, and bindings that are no longer wanted are removed.
    """
    with open_channel(url) as channel:
        for exchange in topology.exchanges:
            channel.exchange_declare(
                exchange.name, exchange.kind, durable=True, arguments=dict(exchange.arguments)
            )
    unwanted: list[Binding] = []
    if control is not None:  # while no connection stands: over a slow command its heartbeats would be missed
        control.set_policies({queue.name: queue.limits for queue in topology.queues if queue.limits})
        unwanted = _unwanted(topology, control)
    with open_channel(url) as channel:
        remarks = [
            remark for queue in topology.queues for remark in _declare(channel, queue, control is None)
        ]
        for binding in topology.bindings:
            channel.queue_bind(binding.queue, binding.exchange, binding.key)
        remarks += _unbind(channel, unwanted)
    return remarks


def _declare(channel: BlockingChannel, queue: Queue, with_limits: bool) -> list[str]:
    """Declare a queue in the wanted form, or accept that it exists in the other one."""
    for choice in (with_limits, not with_limits):
        trial = channel.connection.channel()  # the broker closes the channel of a declaration that it refuses
        try:
            trial.queue_declare(queue.name, durable=True, arguments=queue.arguments(choice))
        except ChannelClosedByBroker as error:
            if error.reply_code != _PRECONDITION_FAILED:
                raise
            continue
        trial.close()
        if choice == with_limits:
            return []
        form = "arguments, which a policy cannot override" if choice else "a policy, or not at all"
        return [f"{queue.name} exists with its limits as {form}"]
    raise TopologyConflict(f"{queue.name} exists with other arguments; empty it, delete it and apply again")


def _unwanted(topology: Topology, control: BrokerControl) -> list[Binding]:
    ours = {queue.name for queue in topology.queues}
    wanted = set(topology.bindings)
    found = (Binding(*row) for row in control.bindings())
    return [
        binding for binding in found if binding.queue in ours and binding.exchange and binding not in wanted
    ]


def _unbind(channel: BlockingChannel, bindings: Sequence[Binding]) -> list[str]:
    for binding in bindings:
        channel.queue_unbind(binding.queue, binding.exchange, binding.key)
    return [f"removed the binding of {binding.queue} to {binding.key}" for binding in bindings]


def verify(url: str, topology: Topology, control: BrokerControl | None = None) -> list[str]:
    """Return what is missing or different, one line each; nothing is changed.

    Bindings and policies cannot be read over AMQP: without ``control`` a line says that they were not checked.
    """
    faults = [fault for exchange in topology.exchanges for fault in _check_exchange(url, exchange)]
    faults += [fault for queue in topology.queues for fault in _check_queue(url, queue)]
    if control is None:
        return [
            *faults,
            "bindings and policies were not checked: the broker's control command is not at hand",
        ]
    bound = {Binding(*row) for row in control.bindings()}
    faults += [
        f"{b.queue} is not bound to {b.exchange} for {b.key}" for b in topology.bindings if b not in bound
    ]
    effective = control.limits()
    for queue in topology.queues:
        faults += _check_limits(queue, effective.get(queue.name, {}))
    return faults


def _check_exchange(url: str, exchange: Exchange) -> list[str]:
    try:
        with open_channel(url) as channel:
            channel.exchange_declare(exchange.name, passive=True)
        with open_channel(url) as channel:
            channel.exchange_declare(
                exchange.name, exchange.kind, durable=True, arguments=dict(exchange.arguments)
            )
    except ChannelClosedByBroker as error:
        return [f"exchange {exchange.name}: {error.reply_text}"]
    return []


def _check_queue(url: str, queue: Queue) -> list[str]:
    try:
        with open_channel(url) as channel:
            channel.queue_declare(queue.name, passive=True)
    except ChannelClosedByBroker as error:
        return [f"queue {queue.name}: {error.reply_text}"]
    texts = []
    for with_limits in (False, True):
        try:
            with open_channel(url) as channel:
                channel.queue_declare(queue.name, durable=True, arguments=queue.arguments(with_limits))
        except ChannelClosedByBroker as error:
            texts.append(error.reply_text)
        else:
            return []
    return [f"queue {queue.name}: {texts[0]}"]


def _check_limits(queue: Queue, effective: Mapping[str, Any]) -> list[str]:
    return [
        f"queue {queue.name}: {name} is {effective.get(name, 'not set')}, not {value}"
        for name, value in queue.limits.items()
        if effective.get(name) != value
    ]


def remove(url: str, topology: Topology, control: BrokerControl | None = None) -> None:
    """Delete every queue and exchange of ``topology`` with what is in them; for systems that are to disappear."""
    if control is not None:
        for name in control.policies().keys() & {queue.name for queue in topology.queues}:
            control.clear_policy(name)
    with open_channel(url) as channel:
        for queue in topology.queues:
            channel.queue_delete(queue.name)
        for exchange in reversed(topology.exchanges):
            channel.exchange_delete(exchange.name)


def depth(url: str, queue: str) -> int | None:
    """Return how many messages are ready in ``queue``; ``None`` when there is no such queue or no broker."""
    try:
        with open_channel(url) as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)
    except AMQPError:
        return None
