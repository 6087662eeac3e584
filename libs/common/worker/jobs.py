"""What happens because time has passed: one runner at a time, however many processes there are."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update

from libs.common.db import Database, Transaction, upsert_into
from libs.common.worker.tables import job_lease

log = logging.getLogger(__name__)
OFTEN = timedelta(seconds=10)
LEASE_OFTEN = timedelta(seconds=30)
LEASE = timedelta(minutes=10)
LONGEST_RUN = timedelta(hours=1)
AFTER_FAILURE = timedelta(minutes=1)
_RENEWALS_PER_LEASE = 3


@dataclass(frozen=True)
class Job:
    """Something to do ``every`` so often.

    ``run`` opens its own transactions. It may be cut off at any point and starts anew at the next occasion, so
    it does its work in steps that each leave things right. A run that was missed while nothing was running is
    made up for once. Its lease is renewed while it runs, for an hour at most: by then it hangs, and another
    runner takes over.
    """

    name: str
    every: timedelta
    run: Callable[[Database], object]

    @property
    def often(self) -> bool:
        """Whether a lease is kept over many runs, to spare a write for each."""
        return self.every < OFTEN

    @property
    def lease(self) -> timedelta:
        """How long a runner may be silent before another takes over."""
        return LEASE_OFTEN if self.often else LEASE


@dataclass
class _Standing:
    """What this runner knows of one job: when it ran here, and until when nobody else may run it."""

    last_run: datetime | None = None
    held_until: datetime | None = None
    not_before: datetime | None = None


class JobRunner:
    """Runs a service's jobs when they are due."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        owner: str,
        *,
        renew_every_s: float | None = None,
    ) -> None:
        """Run ``jobs`` under the name ``owner``; a run's lease is renewed after each third of it, unless told."""
        names = [job.name for job in jobs]
        if len(set(names)) != len(names):
            raise ValueError(f"two jobs have the same name: {sorted(names)}")
        self._database = database
        self._jobs = {job: _Standing() for job in jobs}
        self._owner = owner
        self._renew_every_s = renew_every_s

    def run_due(self) -> list[str]:
        """Run every job whose time has come and that no other runner holds; return their names."""
        return [job.name for job, standing in self._jobs.items() if self._run_if_due(job, standing)]

    def _run_if_due(self, job: Job, standing: _Standing) -> bool:
        now = self._database.clock.now()
        if standing.not_before is not None and now < standing.not_before:
            return False
        if not self._hold(job, standing, now):
            standing.not_before = now + min(job.every, LEASE_OFTEN)
            return False
        succeeded = self._run(job)
        if succeeded:
            standing.last_run = now
        pause = job.every if succeeded else min(job.every, AFTER_FAILURE)
        standing.not_before = now + pause
        if not job.often:
            self._database.transact(lambda tx: self._let_go(tx, job, now if succeeded else None))
            standing.held_until = None
        return True

    def _hold(self, job: Job, standing: _Standing, now: datetime) -> bool:
        """Be the one who runs the job now: by a lease that still has most of its time, or by a new claim."""
        if standing.held_until is not None and standing.held_until - now > job.lease / 3 * 2:
            return True
        if not self._database.transact(lambda tx: self._claim(tx, job)):
            standing.held_until = None
            return False
        standing.held_until = now + job.lease
        return True

    def _claim(self, tx: Transaction, job: Job) -> bool:
        names = upsert_into(tx.connection, job_lease).values(name=job.name)
        tx.connection.execute(names.on_conflict_do_nothing(index_elements=["name"]))
        lease, last = job_lease.c, job_lease.c.last_run
        free = or_(lease.until.is_(None), lease.until < tx.now, lease.owner == self._owner)
        due = or_(last.is_(None), last <= tx.now - job.every)
        claim = update(job_lease).where(lease.name == job.name, free, due)
        return tx.connection.execute(claim.values(owner=self._owner, until=tx.now + job.lease)).rowcount == 1

    def _let_go(self, tx: Transaction, job: Job, ran_at: datetime | None) -> None:
        mine = update(job_lease).where(job_lease.c.name == job.name, job_lease.c.owner == self._owner)
        values = {"until": None} if ran_at is None else {"until": None, "last_run": ran_at}
        tx.connection.execute(mine.values(**values))

    def _run(self, job: Job) -> bool:
        try:
            with self._renewing(job):
                job.run(self._database)
        except Exception:
            log.exception("job %s failed; it runs again later", job.name)
            return False
        return True

    @contextmanager
    def _renewing(self, job: Job) -> Iterator[None]:
        """Keep the lease while the block runs; what ends within a third of it costs no write."""
        ended = threading.Event()
        thread = threading.Thread(
            target=self._renew, args=(job, ended), name=f"lease-{job.name}", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew(self, job: Job, ended: threading.Event) -> None:
        wait = self._renew_every_s or job.lease.total_seconds() / _RENEWALS_PER_LEASE
        begun = self._database.clock.now()
        while not ended.wait(wait):
            if self._database.clock.now() - begun > LONGEST_RUN:
                log.error("job %s runs for more than %s; its lease is left to run out", job.name, LONGEST_RUN)
                return
            try:
                kept = self._database.transact(lambda tx: self._keep(tx, job))
            except Exception:
                log.warning("the lease of job %s could not be renewed", job.name, exc_info=True)
                continue
            if not kept:
                log.warning("the lease of job %s was lost while it ran", job.name)
                return

    def _keep(self, tx: Transaction, job: Job) -> bool:
        mine = (job_lease.c.name == job.name) & (job_lease.c.owner == self._owner)
        kept = update(job_lease).where(mine).values(until=tx.now + job.lease)
        return tx.connection.execute(kept).rowcount == 1

    def release(self) -> None:
        """Give the leases back, so that another runner need not wait for them to run out."""

        def work(tx: Transaction) -> None:
            for job, standing in self._jobs.items():
                if standing.held_until is not None:
                    self._let_go(tx, job, standing.last_run)

        self._database.transact(work)
        for standing in self._jobs.values():
            standing.held_until = None
