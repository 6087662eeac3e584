"""The parts of a worker together: as threads without a broker, and as a process with one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from libs.common.clock import SystemClock
from libs.common.db import Database
from libs.common.inbox import Receiver
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.publisher import Publisher
from libs.common.messaging.relay import Relay
from libs.common.testing.databases import TestDatabases
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import MakeBroker, make_broker, wait_until
from libs.common.worker import EmbeddedRuntime, Job
from libs.common.worker.health import HealthPort, Probes
from libs.common.worker.parts import Crew
from libs.common.worker.process import Worker, WorkerPlan

__all__ = ["make_broker"]
# A worker process runs on PostgreSQL only; starting one twice more on SQLite takes seconds and proves no more.
ON_POSTGRES = pytest.mark.parametrize(
    "databases", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def shop(databases: TestDatabases) -> Database:
    return sample.create_effects(databases.make("shop", None, clock=SystemClock()))


@pytest.fixture
def store_room(databases: TestDatabases) -> Database:
    return sample.create_effects(databases.make("room", None, clock=SystemClock()))


def test_the_embedded_runtime_delivers_retries_and_runs_jobs(shop: Database, store_room: Database) -> None:
    room, ran = sample.Room(), threading.Event()
    room.missing.add(("a", 1))
    job = Job("tick", timedelta(hours=1), lambda database: ran.set())
    runtime = EmbeddedRuntime(
        {"shop": shop, "room": store_room},
        {"shop": sample.shop_subscriptions(), "room": room.subscriptions()},
        {"room": (job,)},
    )
    runtime.start()
    try:
        sample.sell(shop, "a", 1, 2)
        sample.order_count(shop, "b")
        wait_until(lambda: sample.effects_of(shop) == [("b", 0)], "the answer to the command")
        wait_until(lambda: ("a", 1) in room.calls, "a first try")
        room.missing.clear()
        wait_until(lambda: sample.effects_of(store_room) == [("a", 1), ("a", 2)], "a retry in time")
        assert ran.wait(5)
    finally:
        runtime.stop()


@pytest.mark.rabbitmq
def test_two_workers_talk_over_the_broker(
    shop: Database, store_room: Database, make_broker: MakeBroker
) -> None:
    room = sample.Room()
    wanted = {"shop": sample.shop_subscriptions(), "room": room.subscriptions()}
    broker = make_broker({name: subscriptions.types() for name, subscriptions in wanted.items()})
    workers = [
        Worker(WorkerPlan(database, broker.url, wanted[database.service], names=broker.names, threads=2))
        for database in (shop, store_room)
    ]
    for worker in workers:
        worker.start()
    try:
        for n in range(20):
            sample.sell(shop, "a", n)
        sample.order_count(shop, "b")
        wait_until(lambda: len(sample.effects_of(store_room)) == 20, "twenty effects")
        wait_until(lambda: sample.effects_of(shop) == [("b", 0)], "the answer to the command")
        assert [n for _, n in sample.effects_of(store_room)] == list(range(20))
        assert all(worker.probes().ready().values() for worker in workers)
    finally:
        assert [worker.stop() for worker in workers] == [True, True]


def test_a_part_that_dies_stops_the_others_and_is_remembered(recwarn: pytest.WarningsRecorder) -> None:
    crew = Crew()
    seen = threading.Event()

    def waits(stopping: threading.Event) -> None:
        stopping.wait(5)
        seen.set()

    crew.start("waits", waits)
    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        crew.start("dies", lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
        assert seen.wait(5)
    finally:
        crew.stop(1)
        threading.excepthook = hook
    assert crew.failed.is_set()


@pytest.fixture
def port(shop: Database) -> Iterator[HealthPort]:
    probes = Probes(alive=lambda: {"threads": True}, ready=lambda: {"database": True, "broker": False})
    health = HealthPort(0, probes, Receiver(shop, sample.shop_subscriptions()), host="127.0.0.1")
    yield health
    health.close()


def _get(port: HealthPort, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_health_port_tells_alive_ready_and_figures(port: HealthPort, shop: Database) -> None:
    sample.sell(shop, "a", 1)
    assert _get(port, "/health/live") == (200, json.dumps({"service": "shop", "checks": {"threads": True}}))
    status, body = _get(port, "/health/ready")
    assert (status, json.loads(body)["checks"]["broker"]) == (503, False)
    status, figures = _get(port, "/metrics")
    assert status == 200
    assert 'meridian_outbox_depth{service="shop"} 1.0' in figures
    assert 'meridian_messages_received_total{outcome="handled",service="shop"} 0.0' in figures
    assert 'meridian_parked{service="shop",state="dead"} 0.0' in figures
    assert _get(port, "/nothing")[0] == 404


PROGRAM = """
    import sys
    from libs.common.settings import ServiceSettings
    from libs.common.tests.messaging import sample
    from libs.common.worker import Job, process, run_worker
    from libs.common.messaging.names import Names
    assert not {"kombu", "pika"} & set(sys.modules), "no broker client before the worker runs"
    plan = process.WorkerPlan
    process.WorkerPlan = lambda *parts: plan(*parts, names=Names(sys.argv[1]))
    run_worker("room", ServiceSettings.from_environment(service="room"), sample.Room().subscriptions())
"""


@pytest.mark.rabbitmq
@ON_POSTGRES
def test_the_process_survives_kill_9_and_drains_on_sigterm(
    shop: Database, store_room: Database, make_broker: MakeBroker, tmp_path: Path
) -> None:
    broker, log = make_broker({"room": ("shop.sale.made.v1",)}), tmp_path / "worker.log"
    environment = os.environ | {
        "MERIDIAN_DATABASE_URL": store_room.url,
        "MERIDIAN_AMQP_URL": broker.url,
        "PYTHONPATH": str(Path.cwd()),
    }

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as stderr:
            return subprocess.Popen(
                [sys.executable, "-c", textwrap.dedent(PROGRAM), broker.names.prefix],
                env=environment,
                stderr=stderr,
            )

    publisher = Publisher(broker.url, broker.names)
    relay = Relay(shop, publisher, ShardLeases(shop, "test"))
    process = start()
    try:
        for n in range(300):
            sample.sell(shop, f"s{n % 5}", n)
        while relay.turn():
            pass
        wait_until(lambda: len(sample.effects_of(store_room)) > 0, "the first effects", 20)
        process.kill()
        process.wait(10)
        process = start()
        wait_until(lambda: len(sample.effects_of(store_room)) >= 300, "all effects", 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait(10)
        publisher.close()
    for key in range(5):
        assert [n for sale, n in sample.effects_of(store_room) if sale == f"s{key}"] == list(
            range(key, 300, 5)
        )
    assert broker.depth(broker.names.queue("room")) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["service"] for line in lines} == {"room"}
    assert [line["event"] for line in lines].count("worker of room runs") == 2
    assert not [line for line in lines if line["logger"].split(".")[0] in ("pika", "kombu", "amqp")]
