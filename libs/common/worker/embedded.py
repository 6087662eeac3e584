"""The work of all services' workers as threads of one process, without a broker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.db import Database
from libs.common.ids import SystemIds
from libs.common.inbox import Subscriptions
from libs.common.messaging.embedded import EmbeddedBus
from libs.common.worker.jobs import Job, JobRunner
from libs.common.worker.mechanism_jobs import MECHANISM_JOBS
from libs.common.worker.parts import Crew, retry_parked, run_jobs


class EmbeddedRuntime:
    """Delivers messages, retries parked ones and runs jobs for the services of one process."""

    def __init__(
        self,
        databases: Mapping[str, Database],
        subscriptions: Mapping[str, Subscriptions],
        jobs: Mapping[str, Sequence[Job]],
    ) -> None:
        self.bus = EmbeddedBus(databases, subscriptions)
        self._databases = dict(databases)
        self._jobs = {service: tuple(of_service) for service, of_service in jobs.items()}
        self._crew = Crew()

    def start(self) -> None:
        """Start the threads: per service one for its outbox, one for its parked messages and one for its jobs."""
        self.bus.start()
        self._crew = Crew()
        owner = f"embedded-{SystemIds().new()}"
        for service, receiver in self.bus.receivers.items():
            self._crew.start(f"parked-{service}", retry_parked(receiver), receiver.something_parked.set)
        for service, database in self._databases.items():
            runner = JobRunner(database, (*MECHANISM_JOBS, *self._jobs.get(service, ())), owner)
            self._crew.start(f"jobs-{service}", run_jobs(runner))

    def stop(self, timeout: float = 10.0) -> None:
        """Finish what has begun and end the threads; what is not delivered stays in the outboxes."""
        self._crew.stop(timeout)
        self.bus.stop(timeout)
