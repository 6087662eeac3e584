"""Everything about one customer, from five services."""

from __future__ import annotations

from typing import Any

from gateway.api.anything import Anything
from gateway.api.direct import direct
from gateway.api.parts import parts
from libs.common.web import ANY, Noun, Strict, fields, principal

customers = Noun("customer 360", "/api/v1/customers", description="One page from five services")


class SectionOut(Strict):
    """One service's part."""

    status = fields.Choice("ok", "unavailable", "denied")
    source = fields.Text(max=32, metadata={"description": "The service that it comes from."})
    as_of = fields.UtcField(allow_none=True)
    data = Anything(allow_none=True)
    since = fields.UtcField(allow_none=True, metadata={"description": "When the service stopped answering."})
    problem = Anything(allow_none=True)


class SectionsOut(Strict):
    """The parts by name."""

    profile = fields.Nested(SectionOut)
    overview = fields.Nested(SectionOut)
    relationship = fields.Nested(SectionOut)
    recommendations = fields.Nested(SectionOut)
    sales = fields.Nested(SectionOut)
    deliveries = fields.Nested(SectionOut)
    credit = fields.Nested(SectionOut)
    service = fields.Nested(SectionOut)


class Customer360Out(Strict):
    """The page."""

    customer_id = fields.IdField()
    sections = fields.Nested(SectionsOut)


@direct(
    customers,
    "GET",
    "/<uuid:customer_id>/360",
    roles=ANY,
    answer=Customer360Out,
    summary="A customer as every service knows them",
    refusals=(404,),
)
def customer_360(customer_id: str) -> dict[str, Any]:
    """Compose the page; a service that is down costs its section only."""
    sections = parts().customer_page.of(customer_id, principal())
    return {"customer_id": customer_id, "sections": sections}
