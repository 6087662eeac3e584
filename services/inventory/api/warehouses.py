"""Warehouses: open, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.errors import NotFound
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.domain.items import Warehouse
from services.inventory.reports import catalogue
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse
from services.inventory.use_cases.set_packing import set_packing

warehouses = Noun(
    "warehouses",
    "/api/v1/warehouses",
    description="Where stock lies; orders are filled from the default first",
)


class WarehouseIn(Strict):
    """A new warehouse."""

    code = fields.Text(max=32, required=True)
    name = fields.Text(max=200, required=True)
    is_default = fields.Flag(load_default=False, metadata={"description": "The first warehouse always is"})


class WarehouseOut(Strict):
    """A warehouse."""

    id = fields.IdField()
    code = fields.Text(max=32)
    name = fields.Text(max=200)
    is_default = fields.Flag()
    quarantine_of = fields.IdField(
        allow_none=True,
        metadata={"description": "The warehouse whose returned goods wait here to be inspected."},
    )
    transit_to = fields.IdField(
        allow_none=True, metadata={"description": "The warehouse to which what is here is under way."}
    )
    packing_required = fields.Flag(metadata={"description": "Nothing leaves it that is not packed."})
    version = fields.CountField()


class PackingRuleIn(Strict):
    """Whether the warehouse ships only what is packed."""

    required = fields.Flag(required=True)


class WarehouseFilter(Strict):
    """Which warehouses to list."""

    code = fields.Text(max=32)
    is_default = fields.Flag()


@warehouses.command(
    "POST",
    "/",
    body=WarehouseIn,
    answer=WarehouseOut,
    status=201,
    roles=("warehouse", "api_client"),
    summary="Open a warehouse",
    location="/api/v1/warehouses/{id}",
)
def open_(tx: Transaction, body: dict[str, Any]) -> Warehouse:
    """Open a warehouse."""
    return open_warehouse(tx, OpenWarehouse(**body))


@warehouses.command(
    "PUT",
    "/<uuid:warehouse_id>/packing-rule",
    body=PackingRuleIn,
    answer=WarehouseOut,
    roles=("warehouse",),
    summary="Say whether a warehouse packs",
)
def pack(tx: Transaction, body: dict[str, Any], warehouse_id: str) -> Warehouse:
    """Say whether the warehouse ships only what is packed; notes that have not left follow."""
    return set_packing(tx, warehouse_id, required=body["required"], expected_version=expected_version())


@warehouses.query("/<uuid:warehouse_id>", answer=WarehouseOut, roles=ANY, summary="Show a warehouse")
def show(connection: Any, warehouse_id: str) -> Warehouse:
    """Show a warehouse."""
    found = catalogue.find_warehouse(connection, warehouse_id)
    if found is None:
        raise NotFound("there is no such warehouse", field="warehouse_id", cure="list the warehouses")
    return found


@warehouses.query(
    "/", answer=WarehouseOut, roles=ANY, filters=WarehouseFilter, paged=True, summary="List warehouses"
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List warehouses by code."""
    after = page.after[0] if page.after else None
    rows = catalogue.list_warehouses(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda warehouse: (warehouse.code,))
