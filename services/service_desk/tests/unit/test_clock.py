"""The clock of a ticket: what is near, what is missed, and that no time passes while the customer is waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.service_desk.domain import clock as rules
from services.service_desk.domain.clock import Clock
from services.service_desk.domain.errors import SlaInvalid
from services.service_desk.domain.sla import SlaPolicy, Target, check_policy, from_data, to_data
from services.service_desk.domain.working_time import Hours, WorkingCalendar

ALWAYS = WorkingCalendar("UTC", ((Hours(0, 1440),),) * 7)
DAYTIME = WorkingCalendar("UTC", ((Hours(480, 960),),) * 7)
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TARGET = Target(60, 240)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def opened(calendar: WorkingCalendar = ALWAYS) -> Clock:
    return rules.started("t", SlaPolicy(calendar, (TARGET,), 75), TARGET, NINE)


def test_each_deadline_is_told_near_once_and_missed_once() -> None:
    clock = opened()
    assert clock.next_at == NINE + hours(0.75)
    assert rules.noticed(clock, NINE + hours(0.7)) == (clock, ())
    clock, news = rules.noticed(clock, NINE + hours(0.75))
    assert (news, clock.next_at) == ((("response", "near"),), NINE + hours(1))
    assert rules.noticed(clock, NINE + hours(0.9))[1] == ()
    clock, news = rules.noticed(clock, NINE + hours(3))
    assert news == (("response", "missed"), ("resolution", "near"))
    clock, news = rules.noticed(clock, NINE + hours(9))
    assert (news, clock.next_at) == ((("resolution", "missed"),), None)
    assert rules.noticed(clock, NINE + hours(99)) == (clock, ())


def test_what_was_answered_in_time_is_never_missed() -> None:
    clock = rules.solved(rules.answered(opened(), NINE + hours(1)), NINE + hours(4))
    assert (clock.response.outcome, clock.resolution.outcome, clock.next_at) == ("met", "met", None)
    assert rules.noticed(clock, NINE + hours(99)) == (clock, ())
    late = rules.solved(opened(), NINE + hours(4) + timedelta(seconds=1))
    assert (late.response.outcome, late.resolution.outcome) == ("missed", "missed")


def test_no_time_passes_while_the_customer_is_waited_for() -> None:
    clock = rules.paused(opened(DAYTIME), NINE + hours(0.5))
    assert (clock.response.outcome, clock.next_at) == ("met", None)
    assert rules.noticed(clock, NINE + hours(500)) == (clock, ())
    resumed = rules.resumed(clock, DAYTIME, datetime(2026, 3, 9, 15, 0, tzinfo=UTC))
    assert resumed.resolution.due_at == datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
    assert resumed.resolution.warn_at == datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    assert resumed.response == clock.response


def test_what_was_missed_stays_missed_when_the_clock_goes_on() -> None:
    clock, _ = rules.noticed(opened(), NINE + hours(5))
    stopped = rules.solved(clock, NINE + hours(6))
    again = rules.resumed(stopped, ALWAYS, NINE + hours(20))
    assert (again.resolution.outcome, again.resolution.due_at) == ("missed", NINE + hours(4))


def test_a_solution_that_did_not_help_gives_the_rest_of_the_time() -> None:
    stopped = rules.solved(opened(), NINE + hours(1))
    again = rules.resumed(stopped, ALWAYS, NINE + hours(50))
    assert (again.resolution.outcome, again.resolution.due_at) == ("running", NINE + hours(53))


def test_the_first_target_that_fits_counts() -> None:
    targets = (
        Target(1, 1, priorities=("urgent",), groups=("gold",)),
        Target(2, 2, kinds=("delivery",)),
        Target(3, 3),
    )
    policy = check_policy(SlaPolicy(DAYTIME, targets))
    found = [
        policy.target_for(*of).response_minutes
        for of in (
            ("urgent", "delivery", "gold"),
            ("urgent", "delivery", None),
            ("urgent", "other", "silver"),
        )
    ]
    assert found == [1, 2, 3]
    assert from_data(to_data(policy), 0) == policy


@pytest.mark.parametrize(
    ("targets", "field"),
    [
        ((), "targets"),
        ((Target(1, 2, priorities=("high",)),), "targets"),
        ((Target(3, 2),), "targets.0.resolution_minutes"),
    ],
)
def test_a_policy_that_leaves_somebody_without_a_promise_is_refused(
    targets: tuple[Target, ...], field: str
) -> None:
    with pytest.raises(SlaInvalid) as refused:
        check_policy(SlaPolicy(DAYTIME, targets))
    assert refused.value.field == field
