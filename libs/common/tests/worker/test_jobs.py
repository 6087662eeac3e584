"""Jobs: when they are due, once however many runners there are, and made up for once after a pause."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.tests.messaging.broker import in_thread, wait_until
from libs.common.worker import Job, JobRunner
from libs.common.worker.jobs import LONGEST_RUN
from libs.common.worker.mechanism_jobs import MECHANISM_JOBS
from libs.common.worker.tables import job_lease

HOUR = timedelta(hours=1)


class Work:
    """Counts its runs and fails when told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.broken = False

    def __call__(self, database: Database) -> None:
        self.runs += 1
        if self.broken:
            raise ValueError("broken")


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def runner_of(database: Database, work: Work) -> Callable[..., JobRunner]:
    def make(owner: str, every: timedelta = HOUR) -> JobRunner:
        return JobRunner(database, (Job("count", every, work),), owner)

    return make


def test_a_job_runs_at_once_and_then_every_so_often(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock
) -> None:
    runner = runner_of("one")
    assert runner.run_due() == ["count"]
    assert runner.run_due() == []
    clock.advance(HOUR)
    assert runner.run_due() == ["count"]


def test_missed_runs_are_made_up_for_once(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock
) -> None:
    runner_of("one").run_due()
    clock.advance(10 * HOUR)
    fresh = runner_of("two")
    assert [fresh.run_due(), fresh.run_due()] == [["count"], []]
    assert work.runs == 2


@pytest.mark.parametrize("every", [HOUR, timedelta(seconds=1)])
def test_two_runners_run_it_once(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock, every: timedelta
) -> None:
    first, second = runner_of("one", every), runner_of("two", every)
    for _ in range(5):
        ran = first.run_due() + second.run_due()
        assert ran == ["count"]
        clock.advance(every)


def test_what_runs_often_is_taken_over_when_its_runner_is_silent(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock
) -> None:
    second_long = timedelta(seconds=1)
    first, second = runner_of("one", second_long), runner_of("two", second_long)
    assert first.run_due() == ["count"]
    for _ in range(30):
        clock.advance(second_long)
        assert second.run_due() == []
    clock.advance(second_long)
    assert second.run_due() == ["count"]
    assert first.run_due() == [], "the first notices when it comes back"


def test_released_leases_are_free_at_once(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock
) -> None:
    second_long = timedelta(seconds=1)
    first = runner_of("one", second_long)
    first.run_due()
    first.release()
    clock.advance(second_long)
    assert runner_of("two", second_long).run_due() == ["count"]


def test_what_runs_often_writes_its_lease_seldom(
    database: Database,
    runner_of: Callable[..., JobRunner],
    work: Work,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner = runner_of("one", timedelta(seconds=1))
    honest, writes = database.transact, []

    def counted(*args: Any, **options: Any) -> Any:
        writes.append(1)
        return honest(*args, **options)

    monkeypatch.setattr(database, "transact", counted)
    for _ in range(30):
        assert runner.run_due() == ["count"]
        clock.advance(timedelta(seconds=1))
    assert work.runs == 30
    assert len(writes) <= 4


def test_a_failed_run_is_tried_again_before_its_next_time(
    runner_of: Callable[..., JobRunner], work: Work, clock: ManualClock
) -> None:
    runner = runner_of("one", timedelta(days=1))
    work.broken = True
    runner.run_due()
    clock.advance(timedelta(seconds=59))
    assert runner.run_due() == []
    clock.advance(timedelta(seconds=1))
    work.broken = False
    assert runner.run_due() == ["count"]
    assert work.runs == 2


class LongWork:
    """A run that goes on until the test ends it."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, database: Database) -> None:
        self.runs += 1
        self.begun.set()
        assert self.may_end.wait(10)


@pytest.fixture
def long_work() -> Iterator[LongWork]:
    work = LongWork()
    yield work
    work.may_end.set()


def _lease_ends(database: Database) -> datetime | None:
    return database.read(lambda c: c.execute(select(job_lease.c.until)).scalar_one())


@pytest.mark.parametrize("every", [HOUR, timedelta(seconds=1)])
def test_a_run_longer_than_its_lease_keeps_it(
    database: Database, long_work: LongWork, clock: ManualClock, every: timedelta
) -> None:
    job = Job("long", every, long_work)
    first = JobRunner(database, (job,), "one", renew_every_s=0.01)
    running = in_thread(first.run_due)
    assert long_work.begun.wait(5)
    for _ in range(5):
        clock.advance(job.lease * 0.9)
        wait_until(lambda: _lease_ends(database) == clock.now() + job.lease, "the lease is renewed")
        assert JobRunner(database, (job,), "two").run_due() == []
    long_work.may_end.set()
    running.join(5)
    assert long_work.runs == 1
    clock.advance(HOUR)
    assert JobRunner(database, (job,), "two").run_due() == ["long"]


def test_a_run_that_hangs_loses_its_lease_in_the_end(
    database: Database, long_work: LongWork, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    job = Job("long", HOUR, long_work)
    running = in_thread(lambda: JobRunner(database, (job,), "one", renew_every_s=0.01).run_due())
    assert long_work.begun.wait(5)
    clock.advance(LONGEST_RUN + timedelta(seconds=1))
    wait_until(lambda: "left to run out" in caplog.text, "it is told")
    clock.advance(job.lease + timedelta(seconds=1))
    second = JobRunner(database, (Job("long", HOUR, lambda _: None),), "two")
    assert second.run_due() == ["long"]
    long_work.may_end.set()
    running.join(5)


def test_two_jobs_of_one_name_are_refused(database: Database, work: Work) -> None:
    with pytest.raises(ValueError, match="same name"):
        JobRunner(database, (Job("count", HOUR, work), Job("count", HOUR, work)), "one")


def test_every_service_forgets_old_keys_and_old_messages_daily(database: Database) -> None:
    assert {job.name: job.every for job in MECHANISM_JOBS} == {
        "mechanism.forget_old_keys": timedelta(days=1),
        "mechanism.purge_inbox": timedelta(days=1),
        "mechanism.event_log_partitions": timedelta(days=1),
    }
    assert len(JobRunner(database, MECHANISM_JOBS, "one").run_due()) == len(MECHANISM_JOBS)


def test_a_worker_loads_no_web_framework() -> None:
    code = (
        "import sys; import libs.common.worker.mechanism_jobs; "
        "sys.exit(any(name.split('.')[0] in ('flask', 'werkzeug') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
