"""How far the goods of an order have come, over HTTP."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import ANY, Noun, Strict, fields
from services.sales.api.who import only_owner
from services.sales.reports.delivery_progress import OrderProgress, order_progress

_PROGRESS = ("none", "waiting", "partly_shipped", "shipped", "partly_delivered", "delivered", "cancelled")
_MANY = 10_000

delivery_progress = Noun(
    "delivery-progress", "/api/v1/orders", description="Goods of an order on their way to the customer"
)


class LineProgressOut(Strict):
    """An order line on its way; ``delivered`` came to the door, and ``refused`` of it went back.

    ``backordered`` is what the warehouse has not got for it; it can be had on ``expected_on`` by what was known then.
    """

    order_line_id = fields.IdField()
    line_no = fields.CountField(least=1)
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    given_up = fields.QuantityField(zero=True)
    shipped = fields.QuantityField(zero=True)
    delivered = fields.QuantityField(zero=True)
    refused = fields.QuantityField(zero=True)
    backordered = fields.QuantityField(zero=True)
    expected_on = fields.DateField(allow_none=True)


class ArrivalOut(Strict):
    """A delivery that was signed for; ``return_number`` is of what was refused at the door."""

    delivery_id = fields.IdField()
    number = fields.Text(max=32)
    shipped_on = fields.DateField()
    delivered_on = fields.DateField()
    signed_by = fields.Text(max=200)
    on_time = fields.Flag(allow_none=True)
    return_number = fields.Text(max=32, allow_none=True)


class DelayOut(Strict):
    """A promised day that passed before all had left, and for what the order waited then."""

    promised_on = fields.DateField()
    noticed_on = fields.DateField()
    waits_for = fields.Choice("stock", "release", "picking", "packing", "shipping")


class DeliveryProgressOut(Strict):
    """How far an order's goods are; what was given up does not count."""

    order_id = fields.IdField()
    number = fields.Text(max=32)
    promised_on = fields.DateField(allow_none=True)
    progress = fields.Choice(*_PROGRESS)
    lines = fields.ListOf(LineProgressOut, least=0, most=_MANY)
    arrivals = fields.ListOf(ArrivalOut, least=0, most=_MANY)
    delays = fields.ListOf(DelayOut, least=0, most=_MANY)


@delivery_progress.query(
    "/<uuid:order_id>/delivery-progress",
    answer=DeliveryProgressOut,
    roles=ANY,
    summary="Show how far an order's goods have come",
)
def show(connection: Connection, order_id: str) -> OrderProgress:
    """Show what has left, what was signed for, what was refused and when the order was late."""
    return order_progress(connection, order_id, only_owner=only_owner())
