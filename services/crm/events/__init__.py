"""What crm tells others. Names and meanings never change within a major version; fields are only added."""

from services.crm.events.activities import ActivityEnded
from services.crm.events.customers import (
    ContactAdded,
    CustomerDetailsChanged,
    CustomerOwnerChanged,
    CustomerRegistered,
)
from services.crm.events.opportunities import (
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    QuotationWanted,
    WantedLine,
)

__all__ = [
    "ActivityEnded",
    "ContactAdded",
    "CustomerDetailsChanged",
    "CustomerOwnerChanged",
    "CustomerRegistered",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityReopened",
    "OpportunityStageChanged",
    "OpportunityWon",
    "QuotationWanted",
    "WantedLine",
]
