"""Declaring and checking what the system needs on the broker."""

from __future__ import annotations

import inspect
import os
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from libs.common.ids import SystemIds
from libs.common.messaging import topology
from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.names import Names
from libs.common.messaging.topology import Topology, TopologyConflict
from libs.common.tests.messaging.broker import Broker, MakeBroker, broker_url

pytestmark = pytest.mark.rabbitmq
WANTED = {"room": ("shop.sale.made.v1", "room.count_stock.v1"), "shop": ("room.stock.counted.v1",)}
UNCHECKED = "bindings and policies were not checked: the broker's control command is not at hand"


@pytest.fixture
def broker(make_broker: MakeBroker) -> Broker:
    return make_broker(WANTED)


def test_the_description_binds_wanted_events_and_every_command_to_a_service() -> None:
    described = topology.describe(Names(), WANTED)
    bound = {(b.exchange, b.key) for b in described.bindings if b.queue == "room.in"}
    assert bound == {("meridian.events", "shop.sale.made.v1"), ("meridian.commands", "room.#")}
    (queue,) = (queue for queue in described.queues if queue.name == "room.in")
    assert queue.fixed == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    assert queue.limits["delivery-limit"] == 20
    assert queue.limits["dead-letter-strategy"] == "at-least-once"
    assert queue.limits["overflow"] == "reject-publish"


def test_applying_twice_changes_nothing_and_passes_the_check(broker: Broker) -> None:
    assert topology.apply(broker.url, broker.topology) == []
    assert topology.verify(broker.url, broker.topology) == [UNCHECKED]


def test_what_is_missing_or_different_is_named(broker: Broker) -> None:
    queue, unrouted = broker.names.queue("room"), broker.names.unrouted
    with topology.open_channel(broker.url) as channel:
        channel.queue_delete(queue)
        channel.queue_delete(unrouted)
        channel.queue_declare(unrouted, durable=True)
    faults = topology.verify(broker.url, broker.topology)
    assert any(queue in fault and "NOT_FOUND" in fault for fault in faults)
    assert any(unrouted in fault and "inequivalent arg" in fault for fault in faults)
    with pytest.raises(TopologyConflict, match=unrouted):
        topology.apply(broker.url, broker.topology)
    topology.remove(broker.url, broker.topology)
    topology.apply(broker.url, broker.topology)
    assert topology.verify(broker.url, broker.topology) == [UNCHECKED]


def test_a_missing_exchange_is_named(broker: Broker) -> None:
    with topology.open_channel(broker.url) as channel:
        channel.exchange_delete(broker.names.commands)
    faults = topology.verify(broker.url, broker.topology)
    assert any(broker.names.commands in fault for fault in faults)


def _rabbitmqctl(*words: str) -> None:
    subprocess.run(["rabbitmqctl", "--quiet", *words], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def own_broker() -> Iterator[tuple[Broker, BrokerControl]]:
    """Give a virtual host of its own and the control of it; policies go with it, each would cost a call."""
    if BrokerControl.reach(broker_url()) is None:
        message = "policies were not tried: rabbitmqctl must be at hand, for a broker of this machine and by its user"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    parts = urlsplit(broker_url())
    vhost = f"t_{SystemIds().new()[-12:]}"
    _rabbitmqctl("add_vhost", vhost)
    try:
        _rabbitmqctl("set_permissions", "-p", vhost, parts.username or "guest", ".*", ".*", ".*")
        url = urlunsplit(parts._replace(path=f"/{vhost}"))
        yield Broker(url, Names(), topology.describe(Names(), WANTED)), BrokerControl(vhost)
    finally:
        _rabbitmqctl("delete_vhost", vhost)


def test_limits_become_policies_and_stale_bindings_go_where_they_can(
    own_broker: tuple[Broker, BrokerControl],
) -> None:
    broker, control = own_broker
    url, described = broker.url, broker.topology
    assert topology.apply(url, described, control) == []
    assert topology.verify(url, described, control) == []
    fewer = topology.describe(broker.names, {**WANTED, "room": ()})
    removed = topology.apply(url, fewer, control)
    assert removed == ["removed the binding of room.in to shop.sale.made.v1"]
    control.clear_policy("room.in")
    faults = topology.verify(url, described, control)
    assert "queue room.in: delivery-limit is not set, not 20" in faults
    assert "room.in is not bound to meridian.events for shop.sale.made.v1" in faults


def test_a_control_command_that_takes_long_costs_no_connection(broker: Broker) -> None:
    """No connection stands idle meanwhile: the broker would end it for its missing heartbeats."""

    class Slow:
        def set_policies(self, _wanted: object) -> None:
            """Set nothing: the limits stand as arguments."""

        def bindings(self) -> list[tuple[str, str, str]]:
            time.sleep(4)
            return []

    url = f"{broker.url}?heartbeat=1"
    remarks = topology.apply(url, broker.topology, Slow())  # type: ignore[arg-type]
    assert all("exists with its limits as arguments" in remark for remark in remarks)


def test_limits_that_exist_as_arguments_are_told_and_kept(own_broker: tuple[Broker, BrokerControl]) -> None:
    broker, control = own_broker
    prefixed = topology.describe(Names("t_arguments."), {})
    topology.apply(broker.url, prefixed)
    remarks = topology.apply(broker.url, prefixed, control)
    limited = [queue.name for queue in prefixed.queues if queue.limits]
    assert [remark.split(" exists")[0] for remark in remarks] == limited
    assert topology.verify(broker.url, prefixed, control) == []
    topology.remove(broker.url, prefixed, control)
    assert not control.policies().keys() & set(limited)


def test_where_policies_cannot_be_tried_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under CI a skip would hide what was not proven."""
    monkeypatch.setattr(BrokerControl, "reach", lambda _url: None)
    tried = inspect.unwrap(own_broker)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="rabbitmqctl must be at hand"):
        next(tried())
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="rabbitmqctl must be at hand"):
        next(tried())


def test_the_control_is_only_for_a_broker_on_this_machine() -> None:
    assert BrokerControl.reach("amqp://guest:guest@broker.example:5672/%2F") is None


def test_depth_of_a_queue_that_is_not_there(broker: Broker) -> None:
    assert topology.depth(broker.url, "t_there.is.none") is None
    assert topology.depth(broker.url, broker.names.queue("room")) == 0


def test_an_empty_description_still_keeps_what_nobody_wants(make_broker: MakeBroker) -> None:
    described: Topology = make_broker({}).topology
    assert [queue.name.split(".", 1)[1] for queue in described.queues] == ["meridian.unrouted"]
