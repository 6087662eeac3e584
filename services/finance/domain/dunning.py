"""Dunning: which reminder an overdue invoice gets next, by a policy that the company sets itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from libs.common.errors import Invalid, Refused
from libs.common.money import Money

MOST_LEVELS = 9
MOST_DAYS = 3650


class PolicyInvalid(Invalid):
    """The levels of a dunning policy do not follow on each other."""

    code = "dunning_policy_invalid"


class NothingToRemind(Refused):
    """No invoice of the customer is due for its next reminder."""

    code = "nothing_to_remind"


@dataclass(frozen=True)
class DunningLevel:
    """A reminder for what is overdue by ``after_days`` or more; ``stops_credit`` gives no more credit from then."""

    after_days: int
    stops_credit: bool = False


@dataclass(frozen=True)
class DunningPolicy:
    """The levels in their order, level 1 first, and the days that lie at least between two reminders.

    ``automatic`` lets the worker issue what is due each day; else a person does.
    """

    version: int
    levels: tuple[DunningLevel, ...]
    days_between: int
    automatic: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.levels) <= MOST_LEVELS:
            raise PolicyInvalid(
                f"a policy has 1 to {MOST_LEVELS} levels", field="levels", cure="give at least one level"
            )
        for number, (before, after) in enumerate(pairwise(self.levels), 1):
            if after.after_days <= before.after_days:
                raise PolicyInvalid(
                    "each level comes later than the one before it",
                    field=f"levels.{number}.after_days",
                    cure=f"give more than {before.after_days} days",
                )

    def next_level(self, overdue: Overdue, today: date) -> int | None:
        """Return the level that ``overdue`` gets on the day ``today``, one after its last; ``None``: it is not time."""
        if overdue.level >= len(self.levels) or overdue.is_paused(today):
            return None
        if overdue.reminded_on is not None and (today - overdue.reminded_on).days < self.days_between:
            return None
        is_time = overdue.days(today) >= self.levels[overdue.level].after_days
        return overdue.level + 1 if is_time else None

    def stops_credit(self, level: int) -> bool:
        """Tell whether a reminder of ``level`` stops the customer's credit."""
        return self.levels[level - 1].stops_credit


FIRST_POLICY = DunningPolicy(1, (DunningLevel(7), DunningLevel(21), DunningLevel(45)), days_between=7)


@dataclass(frozen=True)
class Overdue:
    """An invoice that is open past its due day, and how it was reminded of so far (level 0: not yet)."""

    invoice_id: str
    number: str
    order_number: str
    due_on: date
    open: Money
    level: int = 0
    reminded_on: date | None = None
    paused_until: date | None = None

    def days(self, today: date) -> int:
        """Return how many days past due it is."""
        return (today - self.due_on).days

    def is_paused(self, today: date) -> bool:
        """Tell whether it is left alone up to and including ``today``, because it is disputed or promised."""
        return self.paused_until is not None and today <= self.paused_until


@dataclass(frozen=True)
class ReminderLine:
    """An overdue invoice on a reminder, at the level that it has reached."""

    invoice_id: str
    number: str
    order_number: str
    due_on: date
    days_overdue: int
    open: Money
    level: int
    raised: bool


def lines_of(policy: DunningPolicy, overdue: Sequence[Overdue], today: date) -> tuple[ReminderLine, ...]:
    """Return the lines of a customer's reminder: every overdue invoice that is not paused, raised where it is time.

    Without any that is raised there is nothing to remind of: no lines.
    """
    lines = tuple(
        ReminderLine(
            invoice_id=each.invoice_id,
            number=each.number,
            order_number=each.order_number,
            due_on=each.due_on,
            days_overdue=each.days(today),
            open=each.open,
            level=raised or each.level,
            raised=raised is not None,
        )
        for each in sorted(overdue, key=lambda each: (each.due_on, each.number))
        if not each.is_paused(today)
        for raised in [policy.next_level(each, today)]
        if raised is not None or each.level
    )
    return lines if any(line.raised for line in lines) else ()
