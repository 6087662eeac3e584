"""Purchase orders: write, send, confirm, receive, close, give up, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, DECIDERS, READERS
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.reports.purchase_orders import (
    PurchaseOrderView,
    list_purchase_orders,
    one_purchase_order,
)
from services.inventory.use_cases.dispatch_purchase import dispatch_purchase
from services.inventory.use_cases.purchase_orders import (
    ConfirmPurchaseOrder,
    DraftLine,
    DraftPurchaseOrder,
    EndPurchaseOrder,
    SendPurchaseOrder,
    cancel_purchase_order,
    close_purchase_order,
    confirm_purchase_order,
    draft_purchase_order,
    send_purchase_order,
)
from services.inventory.use_cases.receive_purchase import ReceivedLine, ReceivePurchase, receive_purchase

_STATES = ("draft", "sent", "confirmed", "partially_received", "received", "closed", "cancelled")
_MOST_LINES = 200

purchase_orders = Noun(
    "purchase-orders",
    "/api/v1/purchase-orders",
    description="Orders to suppliers, written from approved requisitions",
)


class PurchaseLineIn(Strict):
    """A requisition to order; without a price it is the supplier's."""

    requisition_id = fields.IdField(required=True)
    unit_price = fields.PriceField(load_default=None, allow_none=True)


class PurchaseOrderIn(Strict):
    """What to order of a supplier; without a day each item comes after its lead time."""

    supplier_id = fields.IdField(required=True)
    expected_on = fields.DateField(load_default=None, allow_none=True)
    reference = fields.Text(max=200, load_default=None, allow_none=True)
    lines = fields.ListOf(PurchaseLineIn, most=_MOST_LINES, required=True)


class SendingIn(Strict):
    """Sending says no more than that."""


class ConfirmedLineIn(Strict):
    """When a line comes."""

    line_id = fields.IdField(required=True)
    expected_on = fields.DateField(required=True)


class ConfirmationIn(Strict):
    """What the supplier confirmed: lines that are not named come as was expected."""

    lines = fields.ListOf(ConfirmedLineIn, least=0, most=_MOST_LINES, load_default=())


class PurchaseReceiptLineIn(Strict):
    """How much of a line came in; several lots of a line are several of these.

    It is worth what was agreed, unless ``unit_cost`` says otherwise: freight that is part of it, or, where the order
    is in another currency, what it comes to.
    """

    line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    expires_on = fields.DateField(load_default=None, allow_none=True)
    unit_cost = fields.PriceField(load_default=None, allow_none=True)
    serials = serials_in()


class PurchaseReceiptIn(Strict):
    """What came in; ``reference`` is the number on the supplier's delivery note."""

    received_on = fields.DateField(load_default=None, allow_none=True)
    reference = fields.Text(max=200, load_default=None, allow_none=True)
    lines = fields.ListOf(PurchaseReceiptLineIn, most=1000, required=True)


class DispatchIn(Strict):
    """What the supplier sent to the customer; ``reference`` is the number on his delivery note."""

    dispatched_on = fields.DateField(load_default=None, allow_none=True)
    reference = fields.Text(max=200, load_default=None, allow_none=True)
    lines = fields.ListOf(PurchaseReceiptLineIn, most=1000, required=True)


class PurchaseEndIn(Strict):
    """Why no more is expected."""

    reason = fields.Text(max=1000, required=True)


class PurchaseLineOut(Strict):
    """A line; ``most_received`` is the most that is taken in, by the tolerance of the day it was written."""

    id = fields.IdField()
    requisition_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    most_received = fields.QuantityField()
    received = fields.QuantityField(zero=True)
    outstanding = fields.QuantityField(zero=True)
    unit_price = fields.PriceField()
    amount = fields.MoneyField()
    expected_on = fields.DateField()


class PurchaseReceiptOut(Strict):
    """A receipt; its moves are listed at ``/stock-moves?document_id=``."""

    id = fields.IdField()
    number = fields.Text(max=32)
    received_on = fields.DateField()
    reference = fields.Text(max=200, allow_none=True)


class PurchaseOrderOut(Strict):
    """A purchase order; ``total`` is the sum of its lines, without tax, and ``expected_on`` the last of their days."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    total = fields.MoneyField()
    drafted_by = fields.Text(max=120, allow_none=True)
    sent_by = fields.Text(max=120, allow_none=True)
    ordered_on = fields.DateField(allow_none=True)
    expected_on = fields.DateField()
    reference = fields.Text(max=200, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    approval_id = fields.IdField(
        allow_none=True,
        metadata={"description": "The approval that it waits for, or ended by: /inventory-approvals."},
    )
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()
    lines = fields.ListOf(PurchaseLineOut, most=_MOST_LINES)
    receipts = fields.ListOf(PurchaseReceiptOut, least=0, most=10_000)


class PurchaseOrderFilter(Strict):
    """Which purchase orders to list."""

    state = fields.Choice(*_STATES)
    supplier_id = fields.IdField()
    warehouse_id = fields.IdField()
    number = fields.Text(max=32)


@purchase_orders.command(
    "POST",
    "/",
    body=PurchaseOrderIn,
    answer=PurchaseOrderOut,
    status=201,
    roles=BUYERS,
    summary="Write a purchase order",
    location="/api/v1/purchase-orders/{id}",
)
def draft(tx: Transaction, body: dict[str, Any]) -> PurchaseOrderView:
    """Write an order from approved requisitions of one supplier and one warehouse, one line each."""
    command = DraftPurchaseOrder(
        supplier_id=body["supplier_id"],
        lines=tuple(DraftLine(**line) for line in body["lines"]),
        today=company_day(tx.now),
        expected_on=body["expected_on"],
        reference=body["reference"],
    )
    return one_purchase_order(tx.connection, draft_purchase_order(tx, command).id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/send",
    body=SendingIn,
    answer=PurchaseOrderOut,
    roles=DECIDERS,
    summary="Send a purchase order",
)
def send(tx: Transaction, _body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Order it, or ask for the approval that it needs; above the company's limit not by who wrote it."""
    send_purchase_order(tx, SendPurchaseOrder(purchase_order_id, company_day(tx.now), expected_version()))
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/confirm",
    body=ConfirmationIn,
    answer=PurchaseOrderOut,
    roles=BUYERS,
    summary="Note the supplier's confirmation",
)
def confirm(tx: Transaction, body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Note when the supplier says that it comes."""
    days = tuple((line["line_id"], line["expected_on"]) for line in body["lines"])
    confirm_purchase_order(tx, ConfirmPurchaseOrder(purchase_order_id, days, expected_version()))
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/receipts",
    body=PurchaseReceiptIn,
    answer=PurchaseOrderOut,
    status=201,
    roles=BUYERS,
    summary="Take in what was ordered",
)
def receive(tx: Transaction, body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Book what came in, all of it or nothing; orders that wait for it are served at once afterwards."""
    command = ReceivePurchase(
        purchase_order_id=purchase_order_id,
        lines=tuple(ReceivedLine(**with_serials(line)) for line in body["lines"]),
        today=company_day(tx.now),
        received_on=body["received_on"],
        reference=body["reference"],
        expected_version=expected_version(),
    )
    receive_purchase(tx, command)
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/dispatches",
    body=DispatchIn,
    answer=PurchaseOrderOut,
    status=201,
    roles=BUYERS,
    summary="Note what the supplier sent to the customer",
)
def dispatch(tx: Transaction, body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Book what the supplier sent on as received and shipped, all of it or nothing; its order is invoiced as ever."""
    command = ReceivePurchase(
        purchase_order_id=purchase_order_id,
        lines=tuple(ReceivedLine(**with_serials(line)) for line in body["lines"]),
        today=company_day(tx.now),
        received_on=body["dispatched_on"],
        reference=body["reference"],
        expected_version=expected_version(),
    )
    dispatch_purchase(tx, command)
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/close",
    body=PurchaseEndIn,
    answer=PurchaseOrderOut,
    roles=BUYERS,
    summary="Expect no more of a purchase order",
)
def close(tx: Transaction, body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Give up what is outstanding; what waiting orders lack because of it is asked for anew."""
    close_purchase_order(tx, EndPurchaseOrder(purchase_order_id, body["reason"], expected_version()))
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.command(
    "POST",
    "/<uuid:purchase_order_id>/cancel",
    body=PurchaseEndIn,
    answer=PurchaseOrderOut,
    roles=BUYERS,
    summary="Give a purchase order up",
)
def cancel(tx: Transaction, body: dict[str, Any], purchase_order_id: str) -> PurchaseOrderView:
    """Give it up before anything came; its requisitions are approved still."""
    cancel_purchase_order(tx, EndPurchaseOrder(purchase_order_id, body["reason"], expected_version()))
    return one_purchase_order(tx.connection, purchase_order_id)


@purchase_orders.query(
    "/<uuid:purchase_order_id>", answer=PurchaseOrderOut, roles=READERS, summary="Show a purchase order"
)
def show(connection: Connection, purchase_order_id: str) -> PurchaseOrderView:
    """Show a purchase order."""
    return one_purchase_order(connection, purchase_order_id)


@purchase_orders.query(
    "/",
    answer=PurchaseOrderOut,
    roles=READERS,
    filters=PurchaseOrderFilter,
    paged=True,
    summary="List purchase orders",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List purchase orders, oldest first."""
    after = page.after[0] if page.after else None
    rows = list_purchase_orders(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))
