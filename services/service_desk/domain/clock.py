"""The clock of a ticket: when its first answer and its solution are due, in working time, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.service_desk.domain.sla import SlaPolicy, Target
from services.service_desk.domain.working_time import WorkingCalendar, after, worked

Promise = Literal["response", "resolution"]
News = Literal["near", "missed"]
Outcome = Literal["running", "met", "missed"]
PROMISES: tuple[Promise, ...] = ("response", "resolution")
OUTCOMES: tuple[Outcome, ...] = ("running", "met", "missed")


@dataclass(frozen=True)
class Deadline:
    """When something is due, when somebody is warned of it, when that was told, and when it was done."""

    due_at: datetime
    warn_at: datetime
    warned_at: datetime | None = None
    missed_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        """What came of it so far."""
        if self.missed_at is not None or (self.done_at is not None and self.done_at > self.due_at):
            return "missed"
        return "running" if self.done_at is None else "met"

    def told(self, now: datetime) -> tuple[Deadline, News | None]:
        """Return it as of now, and what is new of it: each thing once."""
        if self.done_at is not None or self.missed_at is not None:
            return self, None
        if now >= self.due_at:
            return replace(self, missed_at=now, warned_at=self.warned_at or now), "missed"
        if now >= self.warn_at and self.warned_at is None:
            return replace(self, warned_at=now), "near"
        return self, None

    def next_at(self) -> datetime | None:
        """Return when there will be something new of it, if nothing is done."""
        if self.done_at is not None or self.missed_at is not None:
            return None
        return self.warn_at if self.warned_at is None else self.due_at

    def moved(self, calendar: WorkingCalendar, paused_at: datetime, now: datetime) -> Deadline:
        """Return it with as much working time left as it had when the clock stopped."""
        if self.done_at is not None:
            return self
        return replace(
            self,
            due_at=_shifted(calendar, self.due_at, paused_at, now),
            warn_at=_shifted(calendar, self.warn_at, paused_at, now),
        )


def _shifted(calendar: WorkingCalendar, moment: datetime, paused_at: datetime, now: datetime) -> datetime:
    if moment <= paused_at:
        return moment
    return after(calendar, now, worked(calendar, paused_at, moment))


@dataclass(frozen=True)
class Clock:
    """Both deadlines of a ticket. It stands while ``paused_at`` is set: it waits for the customer, or is solved."""

    ticket_id: str
    policy_version: int
    started_at: datetime
    response: Deadline
    resolution: Deadline
    paused_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When somebody has to look at it again; never while it stands."""
        if self.paused_at is not None:
            return None
        moments = [at for at in (self.response.next_at(), self.resolution.next_at()) if at is not None]
        return min(moments, default=None)


def started(ticket_id: str, policy: SlaPolicy, target: Target, now: datetime) -> Clock:
    """Return the clock of a ticket that was just opened."""
    calendar = policy.calendar
    response, resolution = (
        Deadline(after(calendar, now, promised), after(calendar, now, policy.warning(promised)))
        for promised in (target.response, target.resolution)
    )
    return Clock(ticket_id, policy.version, now, response, resolution)


def noticed(clock: Clock, now: datetime) -> tuple[Clock, tuple[tuple[Promise, News], ...]]:
    """Return the clock as of now, and what is new: which deadline is near, or was missed."""
    if clock.paused_at is not None:
        return clock, ()
    response, of_response = clock.response.told(now)
    resolution, of_resolution = clock.resolution.told(now)
    news: list[tuple[Promise, News]] = []
    if of_response:
        news.append(("response", of_response))
    if of_resolution:
        news.append(("resolution", of_resolution))
    return replace(clock, response=response, resolution=resolution), tuple(news)


def answered(clock: Clock, now: datetime) -> Clock:
    """Return the clock once the customer has a first answer; later ones change nothing."""
    if clock.response.done_at is not None:
        return clock
    return replace(clock, response=replace(clock.response, done_at=now))


def paused(clock: Clock, now: datetime) -> Clock:
    """Return the clock as it stands while the customer is waited for; to ask is an answer."""
    clock = answered(clock, now)
    return clock if clock.paused_at is not None else replace(clock, paused_at=now)


def solved(clock: Clock, now: datetime) -> Clock:
    """Return the clock as the ticket is solved; while it stood no time passed."""
    clock = paused(clock, now)
    return replace(clock, resolution=replace(clock.resolution, done_at=clock.paused_at))


def resumed(clock: Clock, calendar: WorkingCalendar, now: datetime) -> Clock:
    """Return the clock as it goes on: what was solved is not, and as much time is left as when it stopped."""
    if clock.paused_at is None:
        return clock
    stopped = clock.paused_at
    resolution = replace(clock.resolution, done_at=None).moved(calendar, stopped, now)
    response = clock.response.moved(calendar, stopped, now)
    return replace(clock, response=response, resolution=resolution, paused_at=None)
