"""What happens to leads and campaigns. How to reach a lead is not told: mail and telephone stay here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money


@event("crm.lead.registered.v1", key="lead_id")
@dataclass(frozen=True)
class LeadRegistered:
    """Somebody may become a customer."""

    lead_id: str
    number: str
    company_name: str
    source: str | None = None
    campaign_id: str | None = None
    owner_id: str | None = None
    country: str | None = None


@event("crm.lead.owner_changed.v1", key="lead_id")
@dataclass(frozen=True)
class LeadOwnerChanged:
    """A lead went from one salesperson to another; ``None`` is nobody."""

    lead_id: str
    owner_id: str | None = None
    previous_owner_id: str | None = None


@event("crm.lead.qualified.v1", key="lead_id")
@dataclass(frozen=True)
class LeadQualified:
    """A lead became a customer, or belongs to one, with an opportunity."""

    lead_id: str
    number: str
    customer_id: str
    opportunity_id: str
    contact_id: str | None = None
    campaign_id: str | None = None
    source: str | None = None


@event("crm.lead.disqualified.v1", key="lead_id")
@dataclass(frozen=True)
class LeadDisqualified:
    """A lead will not become a customer, for ``reason``."""

    lead_id: str
    number: str
    reason: str


@event("crm.lead.merged.v1", key="lead_id")
@dataclass(frozen=True)
class LeadMerged:
    """Two leads were the same: ``lead_id`` goes on as ``into_id``."""

    lead_id: str
    number: str
    into_id: str


@event("crm.campaign.started.v1", key="campaign_id")
@dataclass(frozen=True)
class CampaignStarted:
    """There is a new campaign."""

    campaign_id: str
    code: str
    name: str
    channel: str
    budget: Money
    starts_on: date


@event("crm.campaign.cost_recorded.v1", key="campaign_id")
@dataclass(frozen=True)
class CampaignCostRecorded:
    """Money was spent for a campaign; an entry that takes ``reverses_id`` back has its amount negative."""

    cost_id: str
    campaign_id: str
    day: date
    amount: Money
    description: str
    reverses_id: str | None = None


@event("crm.opportunity.owner_changed.v1", key="opportunity_id")
@dataclass(frozen=True)
class OpportunityOwnerChanged:
    """An open opportunity went from one salesperson to another; ``None`` is nobody."""

    opportunity_id: str
    number: str
    owner_id: str | None = None
    previous_owner_id: str | None = None
