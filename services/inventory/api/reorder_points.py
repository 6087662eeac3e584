"""Reorder points over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, READERS
from services.inventory.api.company_day import company_day
from services.inventory.domain.reorder import MOST_HORIZON_DAYS, ReorderPoint
from services.inventory.reports.supply import list_reorder_points
from services.inventory.use_cases.propose_reorders import (
    SetReorderPoint,
    remove_reorder_point,
    set_reorder_point,
)

reorder_points = Noun(
    "reorder-points", "/api/v1/reorder-points", description="From which stock on an item is bought again"
)


class ReorderPointIn(Strict):
    """Buy up to ``maximum`` once ``minimum`` is reached, counting what comes within ``horizon_days``."""

    minimum = fields.QuantityField(zero=True, required=True)
    maximum = fields.QuantityField(required=True)
    multiple = fields.QuantityField(load_default=None, allow_none=True)
    horizon_days = fields.CountField(most=MOST_HORIZON_DAYS, load_default=0)


class ReorderPointOut(Strict):
    """A reorder point; what it asks for is among the purchase requisitions."""

    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    minimum = fields.QuantityField(zero=True)
    maximum = fields.QuantityField()
    multiple = fields.QuantityField(allow_none=True)
    horizon_days = fields.CountField(most=MOST_HORIZON_DAYS)
    version = fields.CountField()


class ReorderPointListed(ReorderPointOut):
    """A reorder point with the names of what it is about."""

    sku = fields.Text(max=64)
    warehouse_code = fields.Text(max=32)


class ReorderPointFilter(Strict):
    """Which reorder points to list."""

    item_id = fields.IdField()
    warehouse_id = fields.IdField()


@reorder_points.command(
    "PUT",
    "/<uuid:item_id>/<uuid:warehouse_id>",
    body=ReorderPointIn,
    answer=ReorderPointOut,
    roles=BUYERS,
    summary="Set a reorder point",
)
def put(tx: Transaction, body: dict[str, Any], item_id: str, warehouse_id: str) -> ReorderPoint:
    """Set from which stock on an item is bought again; what is missing is asked for at once, and then every hour."""
    command = SetReorderPoint(
        item_id=item_id,
        warehouse_id=warehouse_id,
        today=company_day(tx.now),
        expected_version=expected_version(),
        **body,
    )
    return set_reorder_point(tx, command)


@reorder_points.command(
    "DELETE", "/<uuid:item_id>/<uuid:warehouse_id>", roles=BUYERS, summary="Remove a reorder point"
)
def remove(tx: Transaction, item_id: str, warehouse_id: str) -> None:
    """Buy the item no more by itself; what was proposed and nobody approved is given up."""
    remove_reorder_point(tx, item_id, warehouse_id)


@reorder_points.query(
    "/",
    answer=ReorderPointListed,
    roles=READERS,
    filters=ReorderPointFilter,
    paged=True,
    summary="List reorder points",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List reorder points."""
    rows = list_reorder_points(connection, filters, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.item_id, row.warehouse_id))
