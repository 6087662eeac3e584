"""What happens to activities."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event


@event("crm.activity.ended.v1", key="activity_id")
@dataclass(frozen=True)
class ActivityEnded:
    """Something was done with a customer: ``kind`` is call, visit, mail, task or note."""

    activity_id: str
    customer_id: str
    kind: str
    owner_id: str
    opportunity_id: str | None = None


@event("crm.activity.ended_with_lead.v1", key="activity_id")
@dataclass(frozen=True)
class ActivityWithLeadEnded:
    """Something was done with a lead that is no customer yet; ``kind`` as with customers."""

    activity_id: str
    lead_id: str
    kind: str
    owner_id: str
