"""A customer's credit status, and the figures that explain it: the strictest rule that applies says what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.errors import Invalid
from libs.common.money import Money
from services.finance.domain.account import Account, Status
from services.finance.domain.terms import Terms

FIRST_WATCH_PERCENT = 90
FIRST_WATCH_DAYS = 1
MOST_DAYS = 3650
ReasonCode = Literal["stopped", "no_limit", "over_limit", "overdue", "near_limit", "overdue_early"]


class CreditPolicyInvalid(Invalid):
    """The days of a credit policy contradict each other."""

    code = "credit_policy_invalid"


@dataclass(frozen=True)
class DeliveryCheck:
    """When credit is asked once more before goods leave, and from which status on they are held back.

    ``after_days``: from ``days`` days on after the order was confirmed.
    """

    when: Literal["never", "always", "after_days"] = "never"
    days: int | None = None
    from_status: Literal["hold", "stop"] = "hold"

    def __post_init__(self) -> None:
        if (self.when == "after_days") != (self.days is not None):
            raise CreditPolicyInvalid(
                "days belong to the check after days, and to no other",
                field="delivery_check.days",
                cure="give days with after_days, and null else",
            )


@dataclass(frozen=True)
class CreditPolicy:
    """From where on a customer is watched, and from where on no more credit is given.

    Watched is who has used ``watch_percent`` of the limit, or is overdue by ``watch_overdue_days`` or more. On hold is
    who is over the limit, or overdue by more than ``grace_days``. Days of ``None``: what is overdue does not matter.
    """

    version: int
    watch_percent: int = FIRST_WATCH_PERCENT
    watch_overdue_days: int | None = FIRST_WATCH_DAYS
    grace_days: int | None = None
    delivery: DeliveryCheck = DeliveryCheck()

    def __post_init__(self) -> None:
        if self.watch_overdue_days is None or self.grace_days is None:
            return
        if self.watch_overdue_days > self.grace_days + 1:
            raise CreditPolicyInvalid(
                f"after {self.grace_days} days of grace the account is on hold and no longer only watched",
                field="watch_overdue_days",
                cure=f"give {self.grace_days + 1} days or less, or null",
            )

    def holds(self, account: Account, oldest_due_on: date | None, today: date) -> bool:
        """Tell whether what is overdue stops further credit; it does not where credit is not checked at all."""
        if account.limit is None or self.grace_days is None:
            return False
        return days_overdue(oldest_due_on, today) > self.grace_days


def first_policy(terms: Terms) -> CreditPolicy:
    """Return the policy that applies until a person sets one."""
    return CreditPolicy(1, grace_days=terms.overdue_grace_days)


@dataclass(frozen=True)
class Reason:
    """Why a customer stands as they do. The figure that was looked at stands beside the one that is allowed.

    ``amount``: what is above the limit. ``percent`` of the limit is used. ``days`` overdue is the oldest open amount.
    """

    code: ReasonCode
    amount: Money | None = None
    percent: int | None = None
    from_percent: int | None = None
    days: int | None = None
    allowed_days: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Standing:
    """A credit status with all reasons that apply, the decisive one first."""

    status: Status
    reasons: tuple[Reason, ...]


def days_overdue(oldest_due_on: date | None, today: date) -> int:
    """Return how many days past due the oldest open amount is, 0 when nothing is."""
    return 0 if oldest_due_on is None else max((today - oldest_due_on).days, 0)


def standing(account: Account, policy: CreditPolicy, oldest_due_on: date | None, today: date) -> Standing:
    """Return the status of an account by the company's policy; a person's word goes first."""
    if account.stopped:
        return Standing("stop", (Reason("stopped", note=account.stop_reason),))
    if account.limit is None:
        return Standing("no_check", (Reason("no_limit"),))
    holds = _why_held(account, account.limit, policy, oldest_due_on, today)
    if holds:
        return Standing("hold", holds)
    watched = _why_watched(account, account.limit, policy, oldest_due_on, today)
    return Standing("watch" if watched else "ok", watched)


def _why_held(
    account: Account, limit: Money, policy: CreditPolicy, oldest_due_on: date | None, today: date
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if account.exposure > limit:
        over = account.exposure - limit
        found.append(Reason("over_limit", amount=over, percent=account.used_percent, from_percent=100))
    if policy.holds(account, oldest_due_on, today):
        days = days_overdue(oldest_due_on, today)
        found.append(Reason("overdue", days=days, allowed_days=policy.grace_days))
    return tuple(found)


def _why_watched(
    account: Account, limit: Money, policy: CreditPolicy, oldest_due_on: date | None, today: date
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    used = account.exposure.minor
    if used > 0 and used * 100 >= limit.minor * policy.watch_percent:
        found.append(Reason("near_limit", percent=account.used_percent, from_percent=policy.watch_percent))
    days = days_overdue(oldest_due_on, today)
    if policy.watch_overdue_days is not None and days >= max(policy.watch_overdue_days, 1):
        found.append(Reason("overdue_early", days=days, allowed_days=policy.watch_overdue_days - 1))
    return tuple(found)
