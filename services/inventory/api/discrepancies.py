"""Stock discrepancies: what pickers did not find, and what became of it."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.domain.fulfilment_errors import DiscrepancyNotFound
from services.inventory.domain.picking import SHORT_REASONS
from services.inventory.reports import discrepancies as report
from services.inventory.use_cases.miss_stock import SettleDiscrepancy, settle_discrepancy

_STATES = ("open", "settled")
_MAY_SEE = ("warehouse", "finance", "sales_manager", "api_client")

discrepancies = Noun(
    "stock-discrepancies",
    "/api/v1/stock-discrepancies",
    description="Goods that the books had and the shelf had not",
)


class SettleIn(Strict):
    """What was found again of what was missing; 0: it is lost."""

    found = fields.QuantityField(zero=True, required=True)
    serials = serials_in()
    answer = fields.Text(max=500, load_default=None, allow_none=True)


class DiscrepancyOut(Strict):
    """A discrepancy: its goods left the books at once (``document_number``); what is found comes back into them."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    uom = fields.Text(max=16)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    lot = fields.Text(max=64, allow_none=True)
    missing = fields.QuantityField()
    found = fields.QuantityField(zero=True)
    reason = fields.Choice(*SHORT_REASONS)
    note = fields.Text(max=500, allow_none=True)
    answer = fields.Text(max=500, allow_none=True)
    delivery_id = fields.IdField()
    delivery_number = fields.Text(max=32)
    order_line_id = fields.IdField()
    order_number = fields.Text(max=64)
    document_number = fields.Text(max=32)
    noted_by = fields.Text(max=120, allow_none=True)
    settled_by = fields.Text(max=120, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()


class DiscrepancyFilter(Strict):
    """Which discrepancies to list."""

    state = fields.Choice(*_STATES)
    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    delivery_id = fields.IdField()


@discrepancies.query(
    "/",
    answer=DiscrepancyOut,
    roles=_MAY_SEE,
    filters=DiscrepancyFilter,
    paged=True,
    summary="List stock discrepancies",
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List discrepancies, oldest first."""
    after = page.after[0] if page.after else None
    rows = report.list_discrepancies(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@discrepancies.query(
    "/<uuid:discrepancy_id>", answer=DiscrepancyOut, roles=_MAY_SEE, summary="Show a stock discrepancy"
)
def show(connection: Any, discrepancy_id: str) -> report.DiscrepancyShown:
    """Show a discrepancy."""
    found = report.find_discrepancy(connection, discrepancy_id)
    if found is None:
        raise DiscrepancyNotFound("there is no such discrepancy", field="discrepancy_id")
    return found


@discrepancies.command(
    "POST",
    "/<uuid:discrepancy_id>/settle",
    body=SettleIn,
    answer=DiscrepancyOut,
    roles=("warehouse",),
    summary="Settle a stock discrepancy",
)
def settle(tx: Transaction, body: dict[str, Any], discrepancy_id: str) -> report.DiscrepancyShown:
    """Say what was found again; it is booked, and serves those who wait for it."""
    settle_discrepancy(tx, SettleDiscrepancy(discrepancy_id, company_day(tx.now), **with_serials(body)))
    return show(tx.connection, discrepancy_id)
