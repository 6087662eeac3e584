"""Bills of materials: write a version, list them, show what an item takes over all levels and where it is used."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.inventory.api.buying import BUYERS, READERS
from services.inventory.api.company_day import company_day, company_today
from services.inventory.domain.bom import FULL_BP, MOST_COMPONENTS, BomComponent
from services.inventory.domain.bom_structure import MOST_LEVELS, MOST_LINES
from services.inventory.domain.supply import MOST_LEAD_DAYS
from services.inventory.reports import boms as report
from services.inventory.use_cases.add_bom import AddBom, add_bom

boms = Noun("boms", "/api/v1/boms", description="Bills of materials: what items are made of, from a day on")


class BomComponentIn(Strict):
    """How much of an item goes into the output, and how much more is lost on the way."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    scrap_bp = fields.CountField(
        most=FULL_BP, load_default=0, metadata={"description": "In hundredths of a percent"}
    )


class BomIn(Strict):
    """What makes ``output`` of an item from a day on (today)."""

    item_id = fields.IdField(required=True)
    valid_from = fields.DateField(load_default=None, allow_none=True)
    output = fields.QuantityField(required=True)
    components = fields.ListOf(BomComponentIn, most=MOST_COMPONENTS, required=True)
    fixed_days = fields.CountField(
        most=MOST_LEAD_DAYS,
        load_default=0,
        metadata={"description": "From the release to the first lot's begin"},
    )
    days_per_lot = fields.CountField(
        most=MOST_LEAD_DAYS, load_default=0, metadata={"description": "For each output that is begun"}
    )
    tolerance_bp = fields.CountField(
        most=FULL_BP,
        load_default=0,
        metadata={
            "description": "How much more or less than planned an order may bring, in hundredths of a percent"
        },
    )
    note = fields.Text(max=1000, multiline=True, load_default=None, allow_none=True)


class BomComponentOut(Strict):
    """A component with the names of its item."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField()
    scrap_bp = fields.CountField(most=FULL_BP)


class BomOut(Strict):
    """A version of an item's bill; the one that began last holds, of those of one day the one written last."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    version = fields.CountField()
    valid_from = fields.DateField()
    output = fields.QuantityField()
    fixed_days = fields.CountField(most=MOST_LEAD_DAYS)
    days_per_lot = fields.CountField(most=MOST_LEAD_DAYS)
    tolerance_bp = fields.CountField(most=FULL_BP)
    note = fields.Text(max=1000, multiline=True, allow_none=True)
    components = fields.ListOf(BomComponentOut, most=MOST_COMPONENTS)


class ExplodedOut(Strict):
    """So much of an item goes into the one above it; ``bom_version``: it is made itself, by that bill."""

    level = fields.CountField(least=1, most=MOST_LEVELS)
    parent_sku = fields.Text(max=64)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    uom = fields.Text(max=16)
    quantity = fields.QuantityField(zero=True)
    bom_version = fields.CountField(allow_none=True)


class UseOut(Strict):
    """An item into which this one goes: ``quantity`` for each ``output``."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    version = fields.CountField()
    quantity = fields.QuantityField()
    output = fields.QuantityField()


class StructureOut(BomOut):
    """The bill that holds ``on`` a day, what ``quantity`` takes over all levels, and what the item goes into."""

    on = fields.DateField()
    quantity = fields.QuantityField()
    lead_days = fields.CountField(most=MOST_LEAD_DAYS)
    explosion = fields.ListOf(ExplodedOut, least=0, most=MOST_LINES)
    where_used = fields.ListOf(UseOut, least=0, most=10_000)


class StructureFilter(Strict):
    """For which day, and for how much of the item; today, and the bill's output, unless given."""

    on = fields.DateField()
    quantity = fields.QuantityField()


class BomFilter(Strict):
    """Which bills to list."""

    item_id = fields.IdField()
    component_id = fields.IdField()


@boms.command(
    "POST", "/", body=BomIn, answer=BomOut, status=201, roles=BUYERS, summary="Store a bill of materials"
)
def add(tx: Transaction, body: dict[str, Any]) -> report.BomView:
    """Store the next version of an item's bill; orders that were released keep theirs."""
    components = tuple(BomComponent(**each) for each in body["components"])
    valid_from = body["valid_from"] or company_day(tx.now)
    command = AddBom(**(body | {"components": components, "valid_from": valid_from}))
    return report.one_bom(tx.connection, add_bom(tx, command))


@boms.query(
    "/<uuid:item_id>",
    answer=StructureOut,
    roles=READERS,
    filters=StructureFilter,
    summary="What an item is made of, and goes into",
)
def show(connection: Connection, filters: dict[str, Any], item_id: str) -> report.StructureView:
    """Show the bill that holds on a day, worked out over all levels, and where the item is used."""
    on = filters.get("on") or company_today()
    return report.structure_of(connection, item_id, on, filters.get("quantity"))


@boms.query(
    "/", answer=BomOut, roles=READERS, filters=BomFilter, paged=True, summary="List bills of materials"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List all versions, item by item."""
    rows = report.list_boms(connection, filters, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.item_id, row.version))
