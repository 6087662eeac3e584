"""A hold: why an order waits, who sees to it, until when, and what will release it by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

HoldCode = Literal["stock", "credit", "payment", "date", "delivery_credit"]
ESCALATED_TO = "sales_manager"
OWNERS: dict[HoldCode, str] = {
    "stock": "warehouse",
    "credit": "finance",
    "payment": "finance",
    "date": "sales",
    "delivery_credit": "finance",
}
RELEASED_BY: dict[HoldCode, str] = {
    "stock": "inventory.stock.received",
    "credit": "finance.payment.received, limit change or approved override",
    "payment": "finance.payment.received",
    "date": "the day from which stock is taken",
    "delivery_credit": "finance.payment.received, limit change, lifted stop or approved override",
}


@dataclass(frozen=True)
class Hold:
    """One reason to wait. ``owner`` is a role; ``figures`` are what a person needs to judge it, as text.

    The owner has ``days`` until the ``deadline``; after it, the hold is the sales manager's for as many.
    """

    id: str
    order_id: str
    code: HoldCode
    figures: dict[str, str]
    owner: str
    since: datetime
    deadline: datetime
    days: int
    releases_by: str
    escalations: int = 0
    released_at: datetime | None = None
    released_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the order still waits for this."""
        return self.released_at is None


def place(
    hold_id: str, order_id: str, code: HoldCode, figures: dict[str, str], now: datetime, days: int
) -> Hold:
    """Return a new hold, owned by the role that can do something about it."""
    return Hold(
        id=hold_id,
        order_id=order_id,
        code=code,
        figures=figures,
        owner=OWNERS[code],
        since=now,
        deadline=now + timedelta(days=days),
        days=days,
        releases_by=RELEASED_BY[code],
    )


def release(hold: Hold, by: str, now: datetime) -> Hold:
    """Return the hold as released by the event or act ``by``."""
    return replace(hold, released_at=now, released_by=by)


def escalate(hold: Hold, now: datetime) -> Hold | None:
    """Return the hold in the hands of the sales manager, for as long again; nothing while its deadline lies ahead."""
    if now < hold.deadline:
        return None
    deadline = now + timedelta(days=hold.days)
    return replace(hold, owner=ESCALATED_TO, deadline=deadline, escalations=hold.escalations + 1)
