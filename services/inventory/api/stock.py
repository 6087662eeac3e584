"""What lies where, and the ledger of how it came to be so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields, principal
from services.inventory.api.company_day import company_today
from services.inventory.api.item_costs import COST_READERS
from services.inventory.reports import stock as report

stock = Noun(
    "stock", "/api/v1/stock", description="On hand, reserved and available per item, warehouse and lot"
)
stock_moves = Noun("stock-moves", "/api/v1/stock-moves", description="The append-only ledger of stock")


_KINDS = (
    "opening", "receipt", "shipment", "adjustment", "return", "restock", "scrap", "transfer", "production",
    "consumption", "supplier_return",
)  # fmt: skip


class StockOut(Strict):
    """One item of one lot in one warehouse; ``available`` = on hand - reserved, and nothing in quarantine."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    lot = fields.Text(max=64, allow_none=True)
    expires_on = fields.DateField(allow_none=True)
    on_hand = fields.QuantityField(zero=True)
    reserved = fields.QuantityField(zero=True)
    available = fields.QuantityField(zero=True)
    in_quarantine = fields.Flag(metadata={"description": "Came back, and waits to be inspected."})
    under_way = fields.Flag(metadata={"description": "Between two warehouses, on a transfer."})
    expired = fields.Flag(metadata={"description": "Its day is over: it lies there, and nobody gets it."})


class StockFilter(Strict):
    """Which stock to show."""

    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    sku = fields.Text(max=64)


class MoveOut(Strict):
    """One line of the ledger; shipments are negative."""

    id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    warehouse_id = fields.IdField()
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField(negative=True)
    kind = fields.Choice(*_KINDS)
    document_id = fields.IdField()
    reference = fields.Text(max=200)
    moved_on = fields.DateField()
    recorded_at = fields.UtcField()
    actor = fields.Text(max=120, allow_none=True)
    value = fields.MoneyField(
        negative=True,
        allow_none=True,
        metadata={"description": "At moving-average cost; shown to those who may know what goods cost."},
    )


class MoveFilter(Strict):
    """Which moves to list."""

    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    document_id = fields.IdField()
    kind = fields.Choice(*_KINDS)


@stock.query("/", answer=StockOut, roles=ANY, filters=StockFilter, paged=True, summary="Show stock")
def levels(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """Show stock rows."""
    rows = report.levels(connection, filters, after=page.after, limit=page.limit + 1, today=company_today())
    return Page.of(rows, page, key=lambda row: (row.item_id, row.warehouse_id, row.lot or ""))


@stock_moves.query(
    "/",
    answer=MoveOut,
    roles=("warehouse", "finance", "sales_manager", "api_client"),
    filters=MoveFilter,
    paged=True,
    summary="List the stock ledger",
)
def moves(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List moves, oldest first."""
    after = page.after[0] if page.after else None
    rows = report.moves(connection, filters, after=after, limit=page.limit + 1)
    if not principal().has_any(COST_READERS):
        rows = [replace(row, value=None) for row in rows]
    return Page.of(rows, page, key=lambda row: (row.id,))
