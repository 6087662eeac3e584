"""A service says what is its own to say, reads its own queue, and can change nothing on the broker."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pika
import pika.exceptions
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from meridian.broker import dead_queues, verify_topology
from meridian.rights.broker import COMMANDED_BY
from meridian.target import Target
from meridian.topography import SERVICES
from meridian.wiring import wanted_types

pytestmark = pytest.mark.rabbitmq

_REFUSED = 403
EVENTS, COMMANDS = "meridian.events", "meridian.commands"
_PAIRS = list(itertools.permutations(SERVICES, 2))
Act = Callable[[BlockingChannel], object]


@contextmanager
def channel_of(target: Target, service: str) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection(pika.URLParameters(target.amqp_urls[service]))
    try:
        yield connection.channel()
    finally:
        if connection.is_open:
            connection.close()


def refused(target: Target, service: str, act: Act) -> bool:
    """Tell whether the broker refuses ``act`` of ``service`` for want of a right."""
    with channel_of(target, service) as channel:
        channel.confirm_delivery()
        try:
            act(channel)
        except pika.exceptions.ChannelClosedByBroker as closed:
            if closed.reply_code != _REFUSED:
                raise
            return True
    return False


def publish(exchange: str, key: str) -> Act:
    return lambda channel: channel.basic_publish(exchange, key, b"{}", mandatory=False)


def _said_of(service: str) -> str:
    """Return a type of ``service``'s own that somebody listens to."""
    return next(
        type_
        for types in wanted_types().values()
        for type_ in types
        if type_.startswith(f"{service}.") and type_.count(".") > 2
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_its_own_facts(desks: Target, service: str) -> None:
    assert not refused(desks, service, publish(EVENTS, f"{service}.thing.happened.v1"))


@pytest.mark.parametrize(("service", "other"), _PAIRS, ids=[f"{one} as {two}" for one, two in _PAIRS])
def test_a_service_cannot_say_what_is_another_s_to_say(desks: Target, service: str, other: str) -> None:
    assert refused(desks, service, publish(EVENTS, f"{other}.thing.happened.v1"))


@pytest.mark.parametrize(("service", "other"), _PAIRS, ids=[f"{one} to {two}" for one, two in _PAIRS])
def test_orders_are_given_by_those_who_lead_only(desks: Target, service: str, other: str) -> None:
    may = other in COMMANDED_BY.get(service, ())

    assert refused(desks, service, publish(COMMANDS, f"{other}.do_it.v1")) is not may


def test_every_order_that_somebody_handles_may_be_given_by_somebody() -> None:
    commanded = {service for types in COMMANDED_BY.values() for service in types}
    handled = {
        type_.partition(".")[0]
        for types in wanted_types().values()
        for type_ in types
        if type_.count(".") == 2
    }

    assert handled == commanded


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_nowhere_else(desks: Target, service: str) -> None:
    other = next(name for name in SERVICES if name != service)
    doors = {
        "the queue of another": publish("", f"{other}.in"),
        "its own queue": publish("", f"{service}.in"),
        "the dead letters of another": publish("meridian.dlx", other),
        "the unrouted": publish("meridian.unrouted", "x"),
        "an exchange of the broker's": publish("amq.topic", f"{service}.x.y.v1"),
        "a fact without a first word": publish(EVENTS, "x"),
        "a fact whose first word only begins alike": publish(EVENTS, f"{service}s.thing.happened.v1"),
    }

    assert [door for door, act in doors.items() if not refused(desks, service, act)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_its_own_queue_only(desks: Target, service: str) -> None:
    queues = [f"{name}.{kind}" for name in SERVICES for kind in ("in", "dlq")] + ["meridian.unrouted"]

    def read(queue: str) -> Act:
        return lambda channel: (
            channel.basic_consume(queue, print),
            channel.connection.process_data_events(0),
        )

    assert [queue for queue in queues if not refused(desks, service, read(queue))] == [f"{service}.in"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_changes_nothing(desks: Target, service: str) -> None:
    own = f"{service}.in"
    acts: dict[str, Act] = {
        "declare a queue": lambda channel: channel.queue_declare(f"{service}.more"),
        "declare a queue of its session": lambda channel: channel.queue_declare("", exclusive=True),
        "declare its own queue": lambda channel: channel.queue_declare(own, durable=True),
        "delete its own queue": lambda channel: channel.queue_delete(own),
        "declare an exchange": lambda channel: channel.exchange_declare("loot"),
        "delete an exchange": lambda channel: channel.exchange_delete(EVENTS),
        "listen to more": lambda channel: channel.queue_bind(own, EVENTS, "#"),
        "stop listening": lambda channel: channel.queue_unbind(own, EVENTS, _said_of("sales")),
        "lead one exchange into another": lambda channel: channel.exchange_bind("amq.topic", EVENTS, "#"),
        "empty the queue of another": lambda channel: channel.queue_purge(
            "crm.in" if service != "crm" else "sales.in"
        ),
    }

    assert [what for what, act in acts.items() if not refused(desks, service, act)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_into_no_other_virtual_host(desks: Target, service: str) -> None:
    elsewhere = urlsplit(desks.amqp_urls[service])._replace(path=f"/{quote('/', safe='')}").geturl()

    with pytest.raises((pika.exceptions.ProbableAccessDeniedError, pika.exceptions.ConnectionClosedByBroker)):
        pika.BlockingConnection(pika.URLParameters(elsewhere))


def test_the_operator_sees_to_topology_and_dead_letters(desks: Target) -> None:
    assert verify_topology(desks) == []

    with channel_of(desks, "sales") as channel:
        channel.confirm_delivery()
        channel.basic_publish(EVENTS, _said_of("sales"), b"no message", mandatory=True)
    reader = next(name for name, types in wanted_types().items() if _said_of("sales") in types)
    with channel_of(desks, reader) as channel:
        for method, _properties, _body in channel.consume(f"{reader}.in", inactivity_timeout=5):
            assert method is not None
            channel.basic_reject(method.delivery_tag, requeue=False)
            break
        channel.cancel()

    assert [letter.body for letter in _eventually(dead_queues(desks)[reader].list)] == ["no message"]


def _eventually(look: Callable[[], list]) -> list:
    import time

    for _ in range(50):
        if found := look():
            return found
        time.sleep(0.1)
    return []
