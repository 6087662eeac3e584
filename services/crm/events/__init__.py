"""What crm tells others. Names and meanings never change within a major version; fields are only added."""

from services.crm.events.activities import ActivityEnded, ActivityWithLeadEnded
from services.crm.events.customers import (
    ContactAdded,
    CustomerDetailsChanged,
    CustomerOwnerChanged,
    CustomerRegistered,
    FormDefined,
)
from services.crm.events.leads import (
    CampaignCostRecorded,
    CampaignStarted,
    LeadDisqualified,
    LeadMerged,
    LeadOwnerChanged,
    LeadQualified,
    LeadRegistered,
    OpportunityOwnerChanged,
)
from services.crm.events.opportunities import (
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityRevenueChanged,
    OpportunityStageChanged,
    OpportunityWon,
    QuotationWanted,
    WantedLine,
)
from services.crm.events.recommendations import RecommendationAccepted, RecommendationDismissed
from services.crm.events.teams import SalesTeamDefined

__all__ = [
    "ActivityEnded",
    "ActivityWithLeadEnded",
    "CampaignCostRecorded",
    "CampaignStarted",
    "ContactAdded",
    "CustomerDetailsChanged",
    "CustomerOwnerChanged",
    "CustomerRegistered",
    "FormDefined",
    "LeadDisqualified",
    "LeadMerged",
    "LeadOwnerChanged",
    "LeadQualified",
    "LeadRegistered",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityOwnerChanged",
    "OpportunityReopened",
    "OpportunityRevenueChanged",
    "OpportunityStageChanged",
    "OpportunityWon",
    "QuotationWanted",
    "RecommendationAccepted",
    "RecommendationDismissed",
    "SalesTeamDefined",
    "WantedLine",
]
