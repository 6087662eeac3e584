"""A customer as the service desk sees it, over HTTP: a section of the gateway's customer 360."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import ANY, Noun, Strict, fields
from services.service_desk.api.conversation import MessageOut
from services.service_desk.api.satisfaction import CsatRowOut
from services.service_desk.api.tickets import TicketOut
from services.service_desk.api.who import only_owner
from services.service_desk.reports.service_summary import ServiceSummary
from services.service_desk.reports.service_summary import service_summary as summary_of

service_summary = Noun("service_summary", "/api/v1/customers", description="A customer at the service desk")


class HeldLotOut(Strict):
    """How much of a lot they received."""

    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField()
    last_shipped_on = fields.DateField()


class HeldItemOut(Strict):
    """How much of an item they received, and in which lots."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    quantity = fields.QuantityField()
    last_shipped_on = fields.DateField()
    lots = fields.ListOf(HeldLotOut, least=0)


class ServiceSummaryOut(Strict):
    """Tickets in numbers, the latest of them, and what the customer holds."""

    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    open_tickets = fields.CountField()
    resolved_tickets = fields.CountField()
    recent_tickets = fields.ListOf(TicketOut, least=0)
    satisfaction = fields.Nested(CsatRowOut)
    recent_messages = fields.ListOf(MessageOut, least=0)
    held_item_count = fields.CountField()
    installed_items = fields.ListOf(HeldItemOut, least=0)


@service_summary.query(
    "/<uuid:customer_id>/service-summary",
    answer=ServiceSummaryOut,
    roles=ANY,
    summary="Tickets and what they hold",
)
def show(connection: Connection, customer_id: str) -> ServiceSummary:
    """Show a customer as the service desk sees it."""
    return summary_of(connection, customer_id, only_owner=only_owner())
