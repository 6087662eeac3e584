"""A recommendation: something to say next to a customer, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.crm.domain.fortune import HIT_DAYS, QUIET_DAYS
from services.crm.domain.idea import Kind

State = Literal["open", "snoozed", "accepted", "dismissed", "lapsed"]
Refusal = Literal["not_needed", "has_it", "too_expensive", "competitor", "wrong_time", "other"]
STATES: tuple[State, ...] = get_args(State)
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
LIVE: tuple[State, ...] = ("open", "snoozed")
MOST_SNOOZED_DAYS = 365


class RecommendationNotFound(NotFound):
    """There is no such recommendation, or the caller may not know of it."""

    code = "recommendation_not_found"
    usual_cure = "list the recommendations"


class RecommendationDecided(Refused):
    """It was accepted or dismissed already, or does not hold any more."""

    code = "recommendation_decided"
    usual_cure = "list the recommendations that are open"


class SnoozeWrong(Invalid):
    """Nobody is reminded in the past, or in more than a year."""

    code = "snooze_wrong"


class PeriodWrong(Invalid):
    """A period ends before it begins."""

    code = "period_wrong"


class AnotherCustomer(Invalid):
    """The opportunity that a recommendation is to be added to is another customer's."""

    code = "another_customer"
    usual_cure = "name an open opportunity of the same customer, or leave it out"


class BetterItemWrong(Invalid):
    """An item is to be the better one of itself, or one of the two is not sold."""

    code = "better_item_wrong"
    usual_cure = "name another item that is sold"


@dataclass(frozen=True)
class Recommendation:
    """So much of an item to offer, because of ``because_id`` where it names one; ``figures`` are those of the reason.

    It is counted as shown once, at ``shown_at``. ``chance_bp`` of ``value`` may be expected.
    """

    id: str
    customer_id: str
    kind: Kind
    item_id: str
    because_id: str | None
    quantity: Quantity
    value: Money
    chance_bp: int
    expected: Money
    figures: Mapping[str, Any]
    valid_until: date
    state: State
    snoozed_until: date | None
    made_at: datetime
    shown_at: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    reason: Refusal | None
    detail: str | None
    opportunity_id: str | None


@dataclass(frozen=True)
class Past:
    """What became of something that was recommended: its item, how it ended, when, and until when it held."""

    item_id: str
    state: State
    ended_on: date
    valid_until: date
    shown: bool


def is_hit(shown_at: datetime | None, now: datetime) -> bool:
    """Tell whether what is accepted now was shown within thirty days; what is shown only now was."""
    return shown_at is None or now - shown_at <= timedelta(days=HIT_DAYS)


def check_snooze(until: date, today: date) -> date:
    """Return the day on which to be reminded; refuse one that is past, or too far away."""
    if not today < until <= today + timedelta(days=MOST_SNOOZED_DAYS):
        raise SnoozeWrong(
            f"from {today} on one can be reminded tomorrow or within {MOST_SNOOZED_DAYS} days",
            field="until",
            cure="choose a later day, or an earlier one",
        )
    return until


def is_quiet(past: Past, today: date) -> bool:
    """Tell whether its item is not to be offered now: it was decided lately, or was shown until its time was over."""
    if (today - past.ended_on).days >= QUIET_DAYS:
        return False
    return past.state != "lapsed" or (past.shown and past.valid_until < past.ended_on)
