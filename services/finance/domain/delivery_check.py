"""Credit at the delivery: when it is asked, and whether the goods of a note may leave as the customer stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.standing import CreditPolicy, Reason, Standing, days_overdue, standing

QuestionState = Literal["granted", "refused", "closed"]


@dataclass(frozen=True)
class DeliveryQuestion:
    """What inventory asked about one note, and the last word; *closed*: it left, is off, or nobody needs to know.

    ``override_id``: it may leave although the customer is on hold, by an approved override.
    """

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    question: int
    correlation_id: str
    asked_at: datetime
    state: QuestionState = "granted"
    status: str = "ok"
    reasons: tuple[str, ...] = ()
    override_id: str | None = None
    decided_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True)
class Verdict:
    """Whether the goods may leave; ``reasons`` are those of the customer's status, ``figures`` what it rests on."""

    granted: bool
    status: str
    reasons: tuple[str, ...]
    figures: dict[str, str]


def decide(
    account: Account,
    policy: CreditPolicy,
    oldest_due_on: date | None,
    today: date,
    *,
    on_credit: bool,
    beyond: Money,
    by_override: bool = False,
) -> Verdict:
    """Return whether goods of this customer may leave.

    A stop is a person's word and holds everything back. Being on hold does so where the policy begins there, for what
    is sold ``on_credit`` and not let through ``by_override``; what approved overrides of orders that are not invoiced
    yet let pass, ``beyond``, does not count as over the limit.
    """
    raised = account if account.limit is None else replace(account, limit=account.limit + beyond)
    stands = standing(raised, policy, oldest_due_on, today)
    holds = on_credit and not by_override and policy.delivery.from_status == "hold"
    refused = policy.delivery.when != "never" and (
        stands.status == "stop" or (stands.status == "hold" and holds)
    )
    codes = tuple(each.code for each in stands.reasons)
    return Verdict(not refused, stands.status, codes, _figures(account, stands, oldest_due_on, today))


def _figures(account: Account, stands: Standing, oldest_due_on: date | None, today: date) -> dict[str, str]:
    found = {"exposure": str(account.exposure), "days_overdue": str(days_overdue(oldest_due_on, today))}
    if account.limit is not None:
        found["limit"] = str(account.limit)
    for reason in stands.reasons:
        found |= _of_reason(reason)
    return found


def _of_reason(reason: Reason) -> dict[str, str]:
    match reason.code:
        case "stopped":
            return {"stop_reason": reason.note or ""}
        case "over_limit":
            return {"over_limit": str(reason.amount)}
        case "overdue":
            return {"allowed_days": str(reason.allowed_days)}
        case _:
            return {}


def needed_for_delivery(account: Account) -> Money:
    """Return by how much the customer is over the limit now: what an override has to let pass."""
    nothing = Money.zero(account.currency)
    return nothing if account.room is None else max(-account.room, nothing)
