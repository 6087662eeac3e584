"""Reservations: what is held for whom, and who waits at which place for what."""

from __future__ import annotations

from typing import Any

from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields, principal
from services.inventory.reports.reservations import list_reservations

_STATES = ("waiting", "reserved", "released", "rejected", "recorded", "sourcing", "consumed")

reservations = Noun("reservations", "/api/v1/reservations", description="Stock that is promised to orders")


class ReservationLineOut(Strict):
    """A line: ``reserved`` is held for it now, ``missing`` keeps its order waiting."""

    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    reserved = fields.QuantityField(zero=True)
    shipped = fields.QuantityField(zero=True)
    missing = fields.QuantityField(zero=True)


class ReservationOut(Strict):
    """A reservation; ``queue_position`` (from 1) only while it waits."""

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
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.id,))
