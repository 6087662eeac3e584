"""What sales knows of a customer, over HTTP."""

from __future__ import annotations

from libs.common.db import Connection
from libs.common.web import ANY, Noun, Strict, fields
from services.sales.api.orders import HoldOut, OrderSummary
from services.sales.api.who import only_owner
from services.sales.reports.customers import SalesSummary
from services.sales.reports.customers import sales_summary as report

customers = Noun("customer_sales", "/api/v1/customers", description="What sales knows of a customer")


class HeldOrderOut(Strict):
    """An open hold, and whose order it stops."""

    order_id = fields.IdField(attribute="hold.order_id")
    number = fields.Text(max=32)
    hold = fields.Nested(HoldOut)


class SalesSummaryOut(Strict):
    """A customer's business with us, as the figures count it: orders confirmed and not cancelled."""

    customer_id = fields.IdField()
    orders = fields.CountField()
    revenue = fields.MoneyField()
    average_order_value = fields.MoneyField()
    first_ordered_on = fields.DateField(allow_none=True)
    last_ordered_on = fields.DateField(allow_none=True)
    open_quotations = fields.CountField()
    last_orders = fields.ListOf(OrderSummary, least=0)
    open_holds = fields.ListOf(HeldOrderOut, least=0)


@customers.query(
    "/<uuid:customer_id>/sales-summary", answer=SalesSummaryOut, roles=ANY, summary="Sum a customer up"
)
def sales_summary(connection: Connection, customer_id: str) -> SalesSummary:
    """Show orders, revenue and open holds of a customer."""
    return report(connection, customer_id, only_owner=only_owner())
