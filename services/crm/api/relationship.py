"""A customer as crm knows them, over HTTP: a section of the gateway's customer 360."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.crm.api.activities import ActivityOut
from services.crm.api.contacts import ContactOut
from services.crm.api.opportunity_views import OpportunityOut
from services.crm.api.who import READERS, seen_owners
from services.crm.reports.relationship import Relationship
from services.crm.reports.relationship import relationship as summary_of

relationship = Noun("relationship", "/api/v1/customers", description="A customer as crm knows them")


class RelationshipOut(Strict):
    """Opportunities in numbers, the latest that are open, who to talk to, what was said, what is next."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    open_opportunities = fields.CountField()
    won_opportunities = fields.CountField()
    lost_opportunities = fields.CountField()
    open_value = fields.MoneyField(metadata={"description": "What all that are open would bring."})
    opportunities = fields.ListOf(OpportunityOut, least=0)
    contacts = fields.ListOf(ContactOut, least=0)
    recent_activities = fields.ListOf(ActivityOut, least=0)
    next_activity = fields.Nested(ActivityOut, allow_none=True)


@relationship.query(
    "/<uuid:customer_id>/relationship-summary",
    answer=RelationshipOut,
    roles=READERS,
    summary="Opportunities and conversations",
)
def show(connection: Connection, customer_id: str) -> Relationship:
    """Show a customer as crm knows them."""
    return summary_of(connection, customer_id, owners=seen_owners(connection))
