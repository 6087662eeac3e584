"""Whose terms should be tightened or loosened, by how they paid: a proposal with its reason, for a person to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libs.common.money import Money
from services.finance.domain.dso import tenths

Act = Literal["tighten", "loosen"]
LATE_DAYS = 10
"""So many days late, on the average of all that was paid, are too many."""
LATE_BP = 5000
"""So much of what was paid, in hundredths of a percent, came late: then it is a habit."""
IN_TIME_BP = 500
"""No more than so much came late: then somebody pays in time."""
USED_BP = 8000
"""So much of the limit is used up: then it stands in the way."""
_FULL_BP = 10_000


@dataclass(frozen=True)
class Paid:
    """How a customer paid in the months that are looked at, and what of his limit is used now."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None
    paid: Money
    late: Money
    late_days: int
    exposure: Money
    limit: Money | None

    @property
    def average_days_late(self) -> str:
        """Weighted by amount; early counts as nothing."""
        return tenths(self.late_days, self.paid.minor) or "0.0"

    @property
    def late_bp(self) -> int:
        """Which part of what was paid came late."""
        return self.late.minor * _FULL_BP // self.paid.minor

    @property
    def used_bp(self) -> int | None:
        """Which part of the limit is used; none where there is no limit."""
        if self.limit is None or not self.limit:
            return None
        return self.exposure.minor * _FULL_BP // self.limit.minor


@dataclass(frozen=True)
class TermsProposal:
    """What to do about a customer's terms, and why, in both languages."""

    act: Act
    of: Paid
    reason_en: str
    reason_zh: str


def proposal_for(paid: Paid) -> TermsProposal | None:
    """Return what a customer's habit suggests; nothing where it suggests nothing.

    Tighten where most was paid late, and by more than some days; loosen where next to nothing was, and the limit is
    nearly used up.
    """
    days, late = paid.average_days_late, paid.late_bp // 100
    if paid.late_bp >= LATE_BP and paid.late_days >= LATE_DAYS * paid.paid.minor:
        return TermsProposal(
            "tighten",
            paid,
            f"Paid {days} days late on average in the last twelve months; {late} % of {paid.paid} came late.",
            f"近十二个月平均逾期 {days} 天付款;在 {paid.paid} 的付款中有 {late} % 逾期。",
        )
    if paid.late_bp <= IN_TIME_BP and paid.used_bp is not None and paid.used_bp >= USED_BP:
        used = paid.used_bp // 100
        return TermsProposal(
            "loosen",
            paid,
            f"Paid {100 - late} % of {paid.paid} in time in the last twelve months, and {used} % of the limit is used.",
            f"近十二个月 {paid.paid} 的付款中有 {100 - late} % 按时到账,信用额度已使用 {used} %。",
        )
    return None
