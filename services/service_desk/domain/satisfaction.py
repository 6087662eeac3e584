"""How content customers are: asked once per resolution, answered once, from 1 to 5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from libs.common.errors import NotFound, Refused
from services.service_desk.domain.routing import Queue

LOWEST, HIGHEST = 1, 5
SATISFIED = 4
"""From this score on a customer counts as satisfied."""
ASKED_WITHIN = timedelta(days=14)
"""What was resolved longer ago was brought in from another system: nobody is asked about it any more."""

Cut = Literal["total", "month", "queue", "agent"]
CUTS: tuple[Cut, ...] = ("total", "month", "queue", "agent")


class NotAsked(Refused):
    """Nobody asked about this ticket: it is not resolved, or was reopened."""

    code = "satisfaction_not_asked"
    usual_cure = "wait until the ticket is resolved"


class AnsweredBefore(Refused):
    """This question has its answer."""

    code = "satisfaction_answered"
    usual_cure = "say more with a reply on the ticket"


class NoQuestion(NotFound):
    """Nobody was asked about this ticket yet."""

    code = "no_satisfaction"
    usual_cure = "resolve the ticket first"


@dataclass(frozen=True)
class Question:
    """One question about one resolution; ``agent_id`` is who resolved it, or worked on it."""

    id: str
    ticket_id: str
    customer_id: str
    queue: Queue
    agent_id: str
    asked_on: date
    asked_at: datetime
    withdrawn_at: datetime | None = None
    score: int | None = None
    comment: str | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What a customer says to it."""

    score: int
    by: str
    on: date
    comment: str | None = None


def is_asked(resolved_on: date, today: date) -> bool:
    """Tell whether the customer is asked about what was resolved on that day."""
    return today - resolved_on <= ASKED_WITHIN


def share_bp(part: int, whole: int) -> int | None:
    """Return the share in hundredths of a percent, half up; nothing of nothing."""
    return None if whole == 0 else (part * 20_000 + whole) // (2 * whole)
