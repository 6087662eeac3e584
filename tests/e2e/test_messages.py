"""What cannot be handled is kept with its reason and shown; one trace leads from the click to the ledger."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pika
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from libs.common.clock import SystemClock
from libs.common.envelope import Message
from libs.common.ids import SystemIds
from libs.common.outbox import event_log
from meridian.cli import main
from meridian.demo.people import wait_for
from tests.e2e.systems import System
from tests.e2e.world import World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def _message(type_: str, data: dict[str, Any]) -> Message:
    now = SystemClock().now()
    return Message(
        id=SystemIds().new(),
        type=type_,
        kind="event",
        source="sales",
        time=now,
        recorded_time=now,
        partition_key=SystemIds().new(),
        sequence=1,
        correlation_id="stray",
        data=data,
    )


def _strays() -> dict[str, bytes]:
    """Return messages that no service can handle, by the reason that must be shown for each."""
    unknown = _message("sales.order.vanished.v1", {})
    newer = _message("sales.order.confirmed.v9", {"order_id": "x"})
    incomplete = _message("sales.order.confirmed.v1", {"order_id": SystemIds().new()})
    return {
        "undecodable": b"\x80\x04no message at all",
        "unknown_type": unknown.to_bytes(),
        "unsupported_version": newer.to_bytes(),
        "unreadable": incomplete.to_bytes(),
        "undecodable ": replace(unknown, id="").to_bytes(),
    }


def _dead(system: System) -> list[dict[str, Any]]:
    target = "local" if system.target.amqp_url else "embedded"
    done = CliRunner().invoke(
        main,
        [
            "dead",
            "list",
            "--json",
            "--service",
            "finance",
            "--target",
            target,
            "--home",
            str(system.target.home),
        ],
    )
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


@pytest.mark.parametrize("system", ["production"], indirect=True)
def test_what_cannot_be_handled_is_shown_with_its_reason_and_blocks_nobody(world: World) -> None:
    system = world.system
    assert system.target.amqp_url is not None
    strays = _strays()
    connection = pika.BlockingConnection(pika.URLParameters(system.target.amqp_url))
    channel = connection.channel()
    for body in strays.values():
        channel.basic_publish("", "finance.in", body)
    connection.close()

    wanted = {reason.strip() for reason in strays}
    wait_for(lambda: wanted <= {row.get("reason") for row in _dead(system)}, "the dead letters")
    assert all(row["first_seen"] for row in _dead(system) if row.get("reason") in wanted)

    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "1"))
    assert order["state"] == "confirmed"


def test_one_trace_leads_from_the_click_to_the_ledger(world: World) -> None:
    customer, item = world.customer(), world.item(stock="9")
    order = world.order(customer, (item, "1"))
    delivery = world.delivery(order)
    wim = world.system["wim"]
    gateway = wim._gateway
    answer = gateway.pool.request(
        "POST",
        f"{gateway.base_url}/api/v1/deliveries/{delivery['id']}/ship",
        body=b"{}",
        headers={
            "Authorization": f"Bearer {wim._bearer()}",
            "Content-Type": "application/json",
            "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
        },
    )
    assert answer.status == 200
    assert answer.headers["traceparent"].split("-")[1] == TRACE
    (invoice,) = world.invoices(order)

    said = _said(world.system, "inventory", delivery["id"], "inventory.delivery.shipped.v1")
    booked = _said(world.system, "finance", invoice["id"], "finance.invoice.posted.v1")
    assert said.traceparent is not None
    assert booked.traceparent is not None
    assert {said.traceparent.split("-")[1], booked.traceparent.split("-")[1]} == {TRACE}
    assert booked.causation_id == said.id
    assert said.actor == booked.actor


def _said(system: System, store: str, document: str, type_: str) -> Message:
    query = select(event_log.c.envelope).where(event_log.c.type == type_)
    with system.target.opened() as databases, databases[store].reading() as connection:
        envelopes = connection.execute(query).scalars().all()
    (found,) = [
        message for text in envelopes if document in text for message in [Message.from_bytes(text.encode())]
    ]
    return found
