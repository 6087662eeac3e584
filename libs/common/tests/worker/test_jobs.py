"""Jobs: when they are due, once however many runners there are, and made up for once after a pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.worker import Job, JobRunner

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


def test_two_jobs_of_one_name_are_refused(database: Database, work: Work) -> None:
    with pytest.raises(ValueError, match="same name"):
        JobRunner(database, (Job("count", HOUR, work), Job("count", HOUR, work)), "one")
