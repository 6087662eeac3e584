"""What to say next to a customer, over HTTP: a section of the gateway's customer 360."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import Noun, Strict, fields
from services.crm.api.purchase_potential import PotentialOut
from services.crm.api.recommendation_views import RecommendationOut
from services.crm.api.who import READERS, seen_owners
from services.crm.reports.potential import Suggestions
from services.crm.reports.potential import suggestions as suggestions_for

suggestions = Noun("suggestions", "/api/v1/customers", description="What to say next to a customer")


class SuggestionsOut(Strict):
    """The best recommendations that are open, and what may be expected; ``live`` counts those put off too."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    live = fields.CountField()
    recommendations = fields.ListOf(RecommendationOut, least=0)
    potential = fields.Nested(PotentialOut, allow_none=True)
    failed_at = fields.UtcField(
        allow_none=True,
        metadata={"description": "When looking at the customer failed; all this is older then."},
    )


@suggestions.query(
    "/<uuid:customer_id>/suggestions", answer=SuggestionsOut, roles=READERS, summary="What to say next"
)
def show(connection: Connection, customer_id: str) -> Suggestions:
    """Show what to say next to a customer."""
    return suggestions_for(connection, customer_id, owners=seen_owners(connection))
