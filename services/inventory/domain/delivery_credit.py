"""Credit at the delivery: whether a note may leave only with finance's yes, and how that stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from libs.common.errors import Refused

CreditState = Literal["not_needed", "asked", "granted", "refused"]
When = Literal["never", "always", "after_days"]
OWNER, ESCALATED_TO = "finance", "sales_manager"
TIME_TO_ANSWER = timedelta(days=3)


class DeliveryWaitsForCredit(Refused):
    """Finance has not answered yet whether the customer's credit lets the goods leave."""

    code = "delivery_waits_for_credit"
    usual_cure = "wait for finance, which is asked by itself; read the delivery again"


class DeliveryCreditRefused(Refused):
    """The customer's credit does not let the goods leave now."""

    code = "delivery_credit_refused"
    usual_cure = (
        "a payment, another limit, a lifted stop or an approved credit override of the order lets it leave"
    )


@dataclass(frozen=True)
class CheckRule:
    """When a note is asked about: never, always, or from ``days`` days after its order was confirmed on."""

    version: int = 0
    when: When = "never"
    days: int | None = None

    def due_at(self, since: datetime | None) -> datetime | None:
        """Return from when on a note of an order that was confirmed at ``since`` needs a yes; nothing: never.

        What is not sold on credit has no such moment.
        """
        if since is None or self.when == "never":
            return None
        return since + timedelta(days=self.days or 0) if self.when == "after_days" else since

    def asks(self, since: datetime | None, now: datetime) -> bool:
        """Tell whether such a note needs a yes at the moment ``now``."""
        due = self.due_at(since)
        return due is not None and due <= now

    def latest_since(self, now: datetime) -> datetime | None:
        """Return the latest confirmation of which the notes need a yes now; nothing when none do."""
        if self.when == "never":
            return None
        return now - timedelta(days=self.days or 0) if self.when == "after_days" else now


NEVER = CheckRule()


@dataclass(frozen=True)
class CreditQuestion:
    """What was asked of finance about one note, and the last answer; ``question`` counts how often it was asked anew.

    Somebody answers for it until ``deadline``. ``hand_over_on``: it is handed over at the counter once it may leave.
    """

    delivery_id: str
    question: int
    asked_at: datetime
    owner: str
    deadline: datetime
    status: str | None = None
    reasons: tuple[str, ...] = ()
    figures: dict[str, str] | None = None
    decided_at: datetime | None = None
    escalations: int = 0
    hand_over_on: date | None = None


def first_question(delivery_id: str, now: datetime) -> CreditQuestion:
    """Return the question about a note, as finance is to answer it."""
    return CreditQuestion(delivery_id, 1, now, OWNER, now + TIME_TO_ANSWER)


def ask_anew(before: CreditQuestion, now: datetime) -> CreditQuestion:
    """Return the question asked again after it was taken back; what was answered then does not count."""
    anew = first_question(before.delivery_id, now)
    return replace(anew, question=before.question + 1, hand_over_on=before.hand_over_on)


def escalated(before: CreditQuestion, now: datetime) -> CreditQuestion | None:
    """Return the question in the hands of the sales manager for as long again; nothing before its deadline."""
    if now < before.deadline:
        return None
    return replace(
        before, owner=ESCALATED_TO, deadline=now + TIME_TO_ANSWER, escalations=before.escalations + 1
    )


def refusal(number: str, state: CreditState, asked: CreditQuestion | None) -> Refused:
    """Return why a note that needs a yes and has none does not leave, with finance's figures."""
    if state != "refused" or asked is None:
        return DeliveryWaitsForCredit(
            f"delivery {number} waits for finance's word about the customer's credit",
            field="delivery_id",
            credit=state,
        )
    refused = DeliveryCreditRefused(
        f"the customer's credit does not let delivery {number} leave: {', '.join(asked.reasons)}",
        field="delivery_id",
        credit=state,
        credit_status=asked.status,
        reasons=", ".join(asked.reasons),
    )
    refused.figures |= asked.figures or {}
    return refused
