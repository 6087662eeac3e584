"""Sales orders over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import post_dump

from libs.common.db import Connection, Database, Transaction
from libs.common.forms_api import FieldFilter, WithFields, asked_in
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.sales.api.credit_sight import hold_shown, order_shown
from services.sales.api.lines import COST, KeptPartOut, PricedLineOut, TaxedSummary, TaxTotalOut
from services.sales.api.margins import CostMoneyField, MarginPercentField
from services.sales.api.own_fields import OwnFieldsOut, order_said
from services.sales.api.who import SELLERS, only_owner
from services.sales.api.whose_filter import WhoseFilter, whose
from services.sales.domain.order import Order
from services.sales.reports import orders as reports
from services.sales.reports.own_fields import OwnField
from services.sales.sagas.ordering import cancel_order
from services.sales.use_cases.cancel_order import CancelOrder

STATES = ("pending", "confirmed", "processing", "done", "cancelled")
HOLDS = ("stock", "credit", "payment", "date", "delivery_credit")

orders = Noun("orders", "/api/v1/orders", description="Sales orders from their placing to their end")


class HoldOut(Strict):
    """Why an order waits, whose task it is, and what will release it by itself."""

    code = fields.Choice(*HOLDS)
    figures = fields.TextMap(metadata={"description": "Those of credit are empty to those who may not know."})
    owner = fields.Text(max=32, metadata={"description": "The role that can do something about it."})
    since = fields.UtcField()
    deadline = fields.UtcField()
    releases_by = fields.Text(max=120)
    escalations = fields.CountField()
    released_at = fields.UtcField(allow_none=True)
    released_by = fields.Text(max=120, allow_none=True)

    @post_dump
    def _hide(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        return hold_shown(shown)


class OrderLineOut(PricedLineOut):
    """An ordered line, and how far it has come."""

    shipped = fields.QuantityField(zero=True)
    invoiced = fields.QuantityField(zero=True)
    given_up = fields.QuantityField(
        zero=True, metadata={"description": "Cancelled while the rest was shipped."}
    )
    kept = fields.Nested(
        KeptPartOut,
        allow_none=True,
        metadata={
            "description": "What had left when the order was changed; price and discount are of the rest."
        },
    )
    not_invoiced = fields.QuantityField(
        zero=True, metadata={"description": "Refused at the door, or back before anybody signed for it."}
    )


class OrderSummary(TaxedSummary):
    """An order without its lines."""

    id = fields.IdField()
    number = fields.Text(max=32)
    quotation_id = fields.IdField(allow_none=True)
    conversation_id = fields.Text(max=64)
    customer_id = fields.IdField()
    currency = fields.Text(max=3)
    ordered_on = fields.DateField()
    promised_on = fields.DateField(allow_none=True)
    state = fields.Choice(*STATES)
    delivery_status = fields.Choice("none", "waiting", "partial", "full")
    billing_status = fields.Choice("none", "to_invoice", "partial", "invoiced")
    payment_status = fields.Choice("not_paid", "partial", "paid")
    holds = fields.ListOf(HoldOut, least=0)
    exact_total = fields.Text(max=60)
    invoiced = fields.MoneyField()
    paid = fields.MoneyField()
    cancel_requested_at = fields.UtcField(allow_none=True)
    cancel_reason = fields.Text(max=500, allow_none=True)
    cancel_detail = fields.Text(max=2000, allow_none=True)
    created_by = fields.Text(max=64)
    order_type = fields.Text(max=40)
    order_type_version = fields.CountField(least=1)
    ticket_id = fields.IdField(
        attribute="ticket.ticket_id",
        allow_none=True,
        metadata={"description": "The service desk's, that wanted it."},
    )
    ticket_number = fields.Text(max=32, attribute="ticket.ticket_number", allow_none=True)
    version = fields.CountField(least=1)

    @post_dump
    def _hide(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        return order_shown(shown)


class OrderOut(OrderSummary):
    """An order."""

    margin = CostMoneyField(negative=True, allow_none=True, metadata=COST)
    margin_percent = MarginPercentField(max=12, allow_none=True, metadata=COST)
    taxes = fields.ListOf(TaxTotalOut, least=0)
    lines = fields.ListOf(OrderLineOut)


class OrderShown(OwnFieldsOut, OrderOut):
    """An order, with what the quotation said that it was."""


class CancelIn(Strict):
    """Why the order is off."""

    reason = fields.Text(max=500, required=True)


class OrderFilter(WhoseFilter, FieldFilter):
    """What to look for, and whose.

    ``from`` and ``to`` bound the day of the order, ``hold`` is the code of an open hold.
    """

    state = fields.Choice(*STATES)
    customer_id = fields.IdField()
    number = fields.Text(max=32)
    hold = fields.Choice(*HOLDS)
    order_type = fields.Text(max=40)
    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


def is_decided(database: Database, answer: dict[str, Any]) -> bool:
    """Tell whether the order is confirmed, on hold or cancelled."""
    return database.read(lambda connection: reports.is_decided(connection, answer["id"]))


def is_cancel_decided(database: Database, answer: dict[str, Any]) -> bool:
    """Tell whether the order is cancelled, or goes on after all."""
    return database.read(lambda connection: reports.is_cancel_decided(connection, answer["id"]))


def order_again(connection: Connection, answer: dict[str, Any]) -> Order:
    """Return the order as it is now."""
    return reports.one_order(connection, answer["id"], only_owner=only_owner())


@orders.query("/", answer=OrderSummary, roles=ANY, filters=OrderFilter, paged=True, summary="Find orders")
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List orders, the latest first."""
    own = OwnField(asked_in(filters), principal().roles)
    wanted = reports.OrderSearch(only_owner=only_owner(), own=own, whose=whose(filters), **filters)
    rows = reports.list_orders(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@orders.query("/<uuid:order_id>", answer=OrderShown, roles=ANY, summary="Look at an order")
def show(connection: Connection, order_id: str) -> WithFields:
    """Show an order with its lines and holds."""
    return order_said(connection, reports.one_order(connection, order_id, only_owner=only_owner()))


@orders.command(
    "POST",
    "/<uuid:order_id>/cancel",
    body=CancelIn,
    answer=OrderOut,
    roles=SELLERS,
    wait=is_cancel_decided,
    reload=order_again,
    summary="Cancel an order before shipment",
)
def cancel(tx: Transaction, body: dict[str, Any], order_id: str) -> Order:
    """Give back what is held for the order, then cancel it; refused once goods have left.

    The order is ``cancelled`` when stock and credit are free again; ``Prefer: wait=N`` waits for that. A repeated
    cancel changes nothing and answers the same.
    """
    return cancel_order(tx, CancelOrder(order_id, body["reason"], only_owner(), expected_version()))
