"""All that crm adds to a customer's page, looked up at once: four sections of the gateway's customer 360."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.forms_api import seen
from libs.common.web import ANY, Noun, Strict, fields, principal
from services.crm.api.company import company_day
from services.crm.api.customers import CustomerOut
from services.crm.api.overview import OverviewOut
from services.crm.api.relationship import RelationshipOut
from services.crm.api.suggestions import SuggestionsOut
from services.crm.api.who import READERS, seen_owners
from services.crm.domain.customer import DOCUMENT
from services.crm.reports.customers import one_customer
from services.crm.reports.overview import overview_of
from services.crm.reports.potential import suggestions_for
from services.crm.reports.relationship import relationship_of

customer_page = Noun("customer page", "/api/v1/customers", description="All that crm knows of a customer")


class CustomerPageOut(Strict):
    """A customer; what is beside the profile is null for whoever may not read it."""

    profile = fields.Nested(CustomerOut)
    overview = fields.Nested(OverviewOut, allow_none=True)
    relationship = fields.Nested(RelationshipOut, allow_none=True)
    recommendations = fields.Nested(SuggestionsOut, allow_none=True)


@customer_page.query(
    "/<uuid:customer_id>/page", answer=CustomerPageOut, roles=ANY, summary="All that crm knows of a customer"
)
def show(connection: Connection, customer_id: str) -> dict[str, Any]:
    """Show a customer, and to whoever reads of them their figures, conversations and what to say next."""
    found = one_customer(connection, customer_id, owners=seen_owners(connection))
    page: dict[str, Any] = {
        "profile": seen(connection, DOCUMENT, found),
        "overview": None,
        "relationship": None,
        "recommendations": None,
    }
    if principal().has_any(READERS):
        page |= {
            "overview": overview_of(connection, found, company_day()),
            "relationship": relationship_of(connection, found),
            "recommendations": suggestions_for(connection, found),
        }
    return page
