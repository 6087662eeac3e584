"""Reservations: what is held for whom, and who waits at which place for what."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_today
from services.inventory.reports.reservations import ReservationShown, list_reservations, one_reservation
from services.inventory.use_cases.reallocate_stock import ReallocateStock, reallocate_stock

_STATES = ("waiting", "partial", "reserved", "released", "rejected", "recorded", "sourcing", "consumed")

reservations = Noun("reservations", "/api/v1/reservations", description="Stock that is promised to orders")


class ReservationLineOut(Strict):
    """A line: ``reserved`` is held for it now, ``missing`` keeps its order waiting.

    ``backordered`` is what is neither held nor shipped, and ``expected_on`` the day on which that can be had by what is
    known now.
    """

    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    reserved = fields.QuantityField(zero=True)
    shipped = fields.QuantityField(zero=True)
    missing = fields.QuantityField(zero=True)
    backordered = fields.QuantityField(zero=True)
    expected_on = fields.DateField(allow_none=True)


class ReservationOut(Strict):
    """A reservation; ``queue_position`` (from 1) only while it waits, for all (waiting) or for a part (partial)."""

    id = fields.IdField()
    order_id = fields.IdField()
    order_number = fields.Text(max=64, least=0)
    customer_id = fields.IdField(allow_none=True)
    conversation_id = fields.Text(max=64)
    state = fields.Choice(*_STATES)
    queue_position = fields.CountField(least=1, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    ordered_on = fields.DateField(allow_none=True)
    promised_on = fields.DateField(allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()
    lines = fields.ListOf(ReservationLineOut, least=0, most=10_000)


class ReservationFilter(Strict):
    """Which reservations to list."""

    order_id = fields.IdField()
    customer_id = fields.IdField()
    state = fields.Choice(*_STATES)
    waits_for = fields.IdField(metadata={"description": "The item that the order waits for."})


class ReallocateIn(Strict):
    """Which waiting order gets what this one holds, and why."""

    to_order_id = fields.IdField(required=True)
    reason = fields.Text(max=500, required=True)


@reservations.command(
    "POST",
    "/<uuid:reservation_id>/reallocate",
    body=ReallocateIn,
    answer=ReservationOut,
    roles=("sales_manager",),
    summary="Give what an order holds to another",
)
def reallocate(tx: Transaction, body: dict[str, Any], reservation_id: str) -> ReservationShown:
    """Take all back from an order of which nothing was picked, and fill the other one whole, at once.

    Who gives waits in front of all others, and is served by the first goods that come in. Answers with the reservation
    that is filled.
    """
    command = ReallocateStock(
        reservation_id=reservation_id,
        to_order_id=body["to_order_id"],
        reason=body["reason"],
        by=principal().subject,
        today=company_today(),
        expected_version=expected_version(),
    )
    return one_reservation(tx.connection, reallocate_stock(tx, command).id, company_today())


@reservations.query(
    "/", answer=ReservationOut, roles=ANY, filters=ReservationFilter, paged=True, summary="List reservations"
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List reservations, oldest first; a salesperson sees those of own customers."""
    who = principal()
    rows = list_reservations(
        connection,
        filters,
        owner_id=who.subject if who.owner_only else None,
        after=page.after[0] if page.after else None,
        today=company_today(),
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.id,))
