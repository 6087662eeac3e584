"""Delivery notes: show, list, pick and ship."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, serials_out, with_serials
from services.inventory.domain.delivery import Part
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.picking import SHORT_REASONS, PickedPart, ShortPart
from services.inventory.reports import deliveries as report
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery

_STATES = ("draft", "waiting", "ready", "picked", "packed", "shipped", "delivered", "cancelled")
_CREDIT = ("not_needed", "asked", "granted", "refused")
_MAY_SHIP = ("warehouse", "api_client")
_MOST_LINES = 1000

deliveries = Noun(
    "deliveries", "/api/v1/deliveries", description="Delivery notes; a confirmed order gets its own by itself"
)


class PartIn(Strict):
    """How much of an order line goes now."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    serials = serials_in()


class PickedPartIn(Strict):
    """How much of an order line was taken; another lot than the proposed ones needs a reason."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    reason = fields.Text(max=500, load_default=None, allow_none=True)
    serials = serials_in()


class ShortPartIn(Strict):
    """How much of an order line was not on the shelf; it waits in front of all other orders."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    reason = fields.Choice(*SHORT_REASONS, required=True)
    lot = fields.Text(
        max=64,
        load_default=None,
        allow_none=True,
        metadata={"description": "Where the line is to be taken from several lots."},
    )
    note = fields.Text(max=500, load_default=None, allow_none=True)
    serials = serials_in()


class PickIn(Strict):
    """What was picked; without lines, everything that is not short."""

    lines = fields.ListOf(PickedPartIn, most=_MOST_LINES, load_default=())
    short = fields.ListOf(ShortPartIn, least=0, most=_MOST_LINES, load_default=())


class ShipIn(Strict):
    """What leaves, and when; without lines, everything, and without a day, today."""

    shipped_on = fields.DateField(load_default=None, allow_none=True)
    lines = fields.ListOf(PartIn, most=_MOST_LINES, load_default=())
    carrier = fields.Text(
        max=32,
        load_default=None,
        allow_none=True,
        metadata={"description": "The code of who takes it along."},
    )
    tracking_numbers = fields.ListOf(fields.Text(max=64), least=0, most=200, load_default=())


class DeliveryLineOut(Strict):
    """A line: one per order line and lot."""

    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    lot = fields.Text(max=64, allow_none=True)
    serials = serials_out()


class CreditCheckOut(Strict):
    """What finance was asked about the note and said last; once it says yes the note may leave."""

    status = fields.Text(max=16, allow_none=True, metadata={"description": "Of the customer, when decided."})
    reasons = fields.ListOf(fields.Text(max=40), least=0)
    figures = fields.TextMap()
    owner = fields.Text(max=32, metadata={"description": "The role that can do something about it."})
    deadline = fields.UtcField()
    escalations = fields.CountField()
    asked_at = fields.UtcField()
    decided_at = fields.UtcField(allow_none=True)


class DeliveryOut(Strict):
    """A delivery note; ``backorders`` are the notes with what did not leave with this one."""

    id = fields.IdField()
    number = fields.Text(max=32)
    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=64, allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    conversation_id = fields.Text(max=64)
    state = fields.Choice(*_STATES)
    promised_on = fields.DateField(allow_none=True)
    shipped_on = fields.DateField(allow_none=True)
    backorder_of = fields.IdField(allow_none=True)
    backorders = fields.ListOf(fields.IdField, least=0)
    reason = fields.Text(max=1000, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()
    lines = fields.ListOf(DeliveryLineOut, most=10_000)
    credit = fields.Choice(
        *_CREDIT, metadata={"description": "Whether finance lets it leave, where that is asked."}
    )
    credit_check = fields.Nested(CreditCheckOut, allow_none=True)


class DeliveryFilter(Strict):
    """Which notes to list."""

    order_id = fields.IdField()
    customer_id = fields.IdField()
    warehouse_id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    credit = fields.Choice(*_CREDIT)


@deliveries.command(
    "POST",
    "/<uuid:delivery_id>/pick",
    body=PickIn,
    answer=DeliveryOut,
    roles=_MAY_SHIP,
    summary="Pick a delivery",
)
def pick(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.DeliveryShown:
    """Mark the note as picked; what is neither in ``lines`` nor short moves to a backorder note.

    What is short leaves the books at once, with a stock discrepancy, and is delivered as soon as there is more.
    """
    parts = tuple(PickedPart(**with_serials(line)) for line in body["lines"])
    short = tuple(ShortPart(**with_serials(line)) for line in body["short"])
    pick_delivery(tx, PickDelivery(delivery_id, company_day(tx.now), parts, short, expected_version()))
    return _found(tx.connection, delivery_id, None)


@deliveries.command(
    "POST",
    "/<uuid:delivery_id>/ship",
    body=ShipIn,
    answer=DeliveryOut,
    roles=_MAY_SHIP,
    summary="Ship a delivery",
)
def ship(tx: Transaction, body: dict[str, Any], delivery_id: str) -> report.DeliveryShown:
    """Take the goods out of the house; what is not named in ``lines`` moves to a backorder note."""
    command = ShipDelivery(
        delivery_id,
        company_day(tx.now),
        body["shipped_on"],
        tuple(Part(**with_serials(line)) for line in body["lines"]),
        expected_version(),
        body["carrier"],
        tuple(body["tracking_numbers"]),
    )
    ship_delivery(tx, command)
    return _found(tx.connection, delivery_id, None)


@deliveries.query("/<uuid:delivery_id>", answer=DeliveryOut, roles=ANY, summary="Show a delivery")
def show(connection: Any, delivery_id: str) -> report.DeliveryShown:
    """Show a note; a salesperson sees those to own customers."""
    return _found(connection, delivery_id, _owner())


@deliveries.query(
    "/", answer=DeliveryOut, roles=ANY, filters=DeliveryFilter, paged=True, summary="List deliveries"
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List notes, oldest first; a salesperson sees those to own customers."""
    after = page.after[0] if page.after else None
    rows = report.list_deliveries(connection, filters, owner_id=_owner(), after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


def _owner() -> str | None:
    who = principal()
    return who.subject if who.owner_only else None


def _found(connection: Any, delivery_id: str, owner_id: str | None) -> report.DeliveryShown:
    found = report.find(connection, delivery_id, owner_id=owner_id)
    if found is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    return found
