"""The inventory section of the view of one customer."""

from __future__ import annotations

from typing import Any

from libs.common.errors import NotFound
from libs.common.web import ANY, Noun, Strict, fields, principal
from services.inventory.reports.customer_deliveries import DeliverySummary, delivery_summary

_LAST = 10

customers = Noun("customers", "/api/v1/customers", description="How customers have been delivered to")


class NoteOut(Strict):
    """A delivery note in short; ``on_time`` is null where nothing was promised or it has not left."""

    delivery_id = fields.IdField()
    number = fields.Text(max=32)
    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    state = fields.Text(max=16)
    promised_on = fields.DateField(allow_none=True)
    shipped_on = fields.DateField(allow_none=True)
    on_time = fields.Flag(allow_none=True)


class SummaryOut(Strict):
    """Counts over all time, the oldest open notes and the last shipments."""

    customer_id = fields.IdField()
    shipments = fields.CountField()
    on_time = fields.CountField(metadata={"description": "Shipped on or before the promised day"})
    late = fields.CountField(metadata={"description": "Shipped after the promised day"})
    open_deliveries = fields.CountField()
    orders_waiting = fields.CountField(metadata={"description": "Orders that wait for stock"})
    last_shipped_on = fields.DateField(allow_none=True)
    open = fields.ListOf(NoteOut, least=0, most=_LAST)
    last_shipments = fields.ListOf(NoteOut, least=0, most=_LAST)


@customers.query(
    "/<uuid:customer_id>/delivery-summary",
    answer=SummaryOut,
    roles=ANY,
    summary="How a customer was delivered to",
)
def summary(connection: Any, customer_id: str) -> DeliverySummary:
    """Sum up the deliveries to a customer; a salesperson sees own customers."""
    who = principal()
    found = delivery_summary(connection, customer_id, owner_id=who.subject if who.owner_only else None)
    if found is None:
        raise NotFound("there is no such customer", field="customer_id", cure="list the customers")
    return found
