"""The worker process of one service: its relay, its consumer, its parked messages and its jobs.

The only process that opens the broker. The broker's clients are imported when it starts and not before, so
that whoever only wants a ``Job`` does not load them.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from libs.common.db import BY_INDEX, Database
from libs.common.ids import SystemIds
from libs.common.inbox import Receiver, Subscriptions
from libs.common.memory import keep_what_is_loaded
from libs.common.messaging.names import Names
from libs.common.observability import configure_logging
from libs.common.settings import ServiceSettings, worker_health_port
from libs.common.worker.health import HealthPort, Probes
from libs.common.worker.jobs import Job, JobRunner
from libs.common.worker.mechanism_jobs import MECHANISM_JOBS
from libs.common.worker.parts import Crew, retry_parked, run_jobs

if TYPE_CHECKING:
    from libs.common.messaging.consumer import QueueConsumer

log = logging.getLogger(__name__)
GRACE_S = 25.0
THREADS = 4
RELAY_HEARTBEAT_S = 20
"""A third of what a relay may take for one turn; the longest pause after failures and the broker's answer fit in."""


@dataclass(frozen=True)
class WorkerPlan:
    """What one worker process is made of."""

    database: Database
    amqp_url: str
    subscriptions: Subscriptions
    jobs: Sequence[Job] = ()
    names: Names = field(default_factory=Names)
    threads: int = THREADS


class Worker:
    """The running parts of one service's worker."""

    def __init__(self, plan: WorkerPlan) -> None:
        self.plan = plan
        self.crew = Crew()
        self.owner = f"{socket.gethostname()[:30]}-{os.getpid()}-{SystemIds().new()[-12:]}"
        self.receiver = Receiver(plan.database, plan.subscriptions)
        self.consumer: QueueConsumer | None = None

    def start(self) -> None:
        """Start every part in a thread of its own."""
        plan, receiver = self.plan, self.receiver
        self._start_relay()
        self._start_consumer()
        self.crew.start("parked", retry_parked(receiver), receiver.something_parked.set)
        self.crew.start("jobs", run_jobs(JobRunner(plan.database, (*MECHANISM_JOBS, *plan.jobs), self.owner)))

    def _start_relay(self) -> None:
        from libs.common.messaging.consumer import Watchdog
        from libs.common.messaging.leases import ShardLeases
        from libs.common.messaging.publisher import Publisher
        from libs.common.messaging.relay import Relay

        publisher = Publisher(self.plan.amqp_url, self.plan.names)
        relay = Relay(self.plan.database, publisher, ShardLeases(self.plan.database, self.owner))
        self.crew.start("relay", relay.run, relay.wake)
        self.crew.start("relay watchdog", Watchdog(relay, RELAY_HEARTBEAT_S).run)

    def _start_consumer(self) -> None:
        from libs.common.messaging.consumer import QueueConsumer, Source, Watchdog

        queue = self.plan.names.queue(self.plan.database.service)
        source = Source(self.plan.amqp_url, queue, threads=self.plan.threads)
        self.consumer = QueueConsumer(source, self.receiver)
        self.crew.start("consumer", self.consumer.run, self.consumer.wake)
        self.crew.start("watchdog", Watchdog(self.consumer, source.heartbeat).run)

    def probes(self) -> Probes:
        """Return what a supervisor may ask."""
        return Probes(
            alive=lambda: {"threads": self.crew.alive()},
            ready=lambda: {
                "threads": self.crew.alive(),
                "database": self._database_answers(),
                "broker": self.consumer is not None and self.consumer.connected,
            },
        )

    def _database_answers(self) -> bool:
        try:
            self.plan.database.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one())
        except SQLAlchemyError:
            return False
        return True

    def stop(self) -> bool:
        """Finish what has begun; ``False`` when a part did not end in time (its work comes again later)."""
        return self.crew.stop(GRACE_S)


def run_worker(
    service: str, settings: ServiceSettings, subscriptions: Subscriptions, jobs: Sequence[Job] = ()
) -> None:
    """Run the worker of ``service`` until SIGTERM or SIGINT, drain, and exit; the code is 1 when a part died."""
    configure_logging(service, level=settings.log_level)
    database = Database(
        settings.database_url, service=service, pool_size=settings.pool_size, settings=BY_INDEX
    )
    worker = Worker(WorkerPlan(database, settings.amqp_url, subscriptions, jobs))
    _stop_on_signals(worker.crew.stopping)
    worker.start()
    keep_what_is_loaded()
    port = worker_health_port()
    health = HealthPort(port, worker.probes(), worker.receiver) if port is not None else None
    log.info("worker of %s runs", service)
    worker.crew.stopping.wait()
    log.info("worker of %s finishes what it has begun", service)
    drained = worker.stop()
    if health is not None:
        health.close()
    database.close()
    sys.exit(0 if drained and not worker.crew.failed.is_set() else 1)


def _stop_on_signals(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
