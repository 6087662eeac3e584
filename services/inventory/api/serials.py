"""Serial numbers: look one up, and trace it forwards and backwards."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.domain.serials import LONGEST, STATES
from services.inventory.reports import serials as report

_READERS = ("warehouse", "service", "sales_manager", "finance", "api_client")

serials = Noun("serials", "/api/v1/serials", description="Units by their serial numbers, wherever they are")
serials_of_item = Noun("item-serials", "/api/v1/items", description="What happened to a unit of an item")


class SerialOut(Strict):
    """A unit: it lies in a warehouse, is at a customer, or is gone."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    serial = fields.Text(max=LONGEST)
    state = fields.Choice(*STATES)
    warehouse_id = fields.IdField(allow_none=True)
    warehouse_code = fields.Text(max=32, allow_none=True)
    customer_id = fields.IdField(allow_none=True)
    customer_number = fields.Text(max=64, allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    document_id = fields.IdField(metadata={"description": "The document by which it is where it is."})
    changed_at = fields.UtcField()


class SerialEventOut(Strict):
    """What happened to it, by which document, and by whom."""

    kind = fields.Text(max=16)
    state = fields.Choice(*STATES)
    warehouse_code = fields.Text(max=32, allow_none=True)
    customer_id = fields.IdField(allow_none=True)
    customer_number = fields.Text(max=64, allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    document_id = fields.IdField()
    reference = fields.Text(max=200)
    actor = fields.Text(max=120, allow_none=True)
    recorded_at = fields.UtcField()


class SerialTracedOut(SerialOut):
    """A unit with all that happened to it, oldest first."""

    trace = fields.ListOf(SerialEventOut, most=10_000)


class SerialFilter(Strict):
    """Which units to list."""

    item_id = fields.IdField()
    serial = fields.Text(max=LONGEST)
    customer_id = fields.IdField()
    warehouse_id = fields.IdField()
    document_id = fields.IdField(metadata={"description": "What a delivery, transfer or return holds now."})
    state = fields.Choice(*STATES)


@serials.query(
    "/", answer=SerialOut, roles=_READERS, filters=SerialFilter, paged=True, summary="List serials"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List units by their serials."""
    after = (page.after[0], page.after[1]) if page.after else None
    rows = report.list_serials(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.serial, row.item_id))


@serials_of_item.query(
    "/<uuid:item_id>/serials/<string:serial>",
    answer=SerialTracedOut,
    roles=_READERS,
    summary="Trace a serial",
)
def show(connection: Connection, item_id: str, serial: str) -> report.SerialTraced:
    """Show a unit and all that happened to it."""
    return report.trace(connection, item_id, serial)
