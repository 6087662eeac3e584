"""Items: register, change, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.errors import NotFound
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.domain.items import Item
from services.inventory.reports import catalogue
from services.inventory.use_cases import register_item as use_cases

TRACKING = ("none", "lot", "serial")
_MAY_CHANGE = ("warehouse", "sales_manager", "api_client")

items = Noun(
    "items", "/api/v1/items", description="What can lie in a warehouse, and in which unit it is counted"
)


class ItemIn(Strict):
    """A new item; unit, decimals and tracking stay as they are for ever."""

    sku = fields.Text(max=64, required=True)
    name = fields.Text(max=200, required=True)
    category = fields.Text(max=120, load_default=None, allow_none=True)
    uom = fields.Text(max=16, load_default="pcs", metadata={"description": "Unit of measure"})
    decimals = fields.CountField(
        most=3, load_default=0, metadata={"description": "How finely the unit divides"}
    )
    lot_tracked = fields.Flag(load_default=False)
    tracking = fields.Choice(
        *TRACKING,
        load_default=None,
        allow_none=True,
        metadata={"description": "Each unit by its serial, or by lot; left out: as lot_tracked says."},
    )
    active = fields.Flag(load_default=True)


class ItemChangeIn(Strict):
    """What may change about an item; fields left out stay, and a category of ``null`` clears it."""

    name = fields.Text(max=200)
    category = fields.Text(max=120, allow_none=True)
    active = fields.Flag(metadata={"description": "Orders for an inactive item are rejected"})


class ItemOut(Strict):
    """An item."""

    id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    category = fields.Text(max=120, allow_none=True)
    uom = fields.Text(max=16)
    decimals = fields.CountField(most=3)
    lot_tracked = fields.Flag()
    tracking = fields.Choice(*TRACKING)
    active = fields.Flag()
    version = fields.CountField()


class ItemFilter(Strict):
    """Which items to list."""

    sku = fields.Text(max=64)
    category = fields.Text(max=120)
    active = fields.Flag()
    search = fields.Text(max=120, metadata={"description": "In the SKU or in the name, whatever its case."})


@items.command(
    "POST",
    "/",
    body=ItemIn,
    answer=ItemOut,
    status=201,
    roles=_MAY_CHANGE,
    summary="Register an item",
    location="/api/v1/items/{id}",
)
def register(tx: Transaction, body: dict[str, Any]) -> Item:
    """Register an item."""
    tracking = body.pop("tracking")
    if tracking is not None:
        body |= {"lot_tracked": tracking == "lot", "serial_tracked": tracking == "serial"}
    return use_cases.register_item(tx, use_cases.RegisterItem(**body))


@items.command(
    "PATCH", "/<uuid:item_id>", body=ItemChangeIn, answer=ItemOut, roles=_MAY_CHANGE, summary="Change an item"
)
def change(tx: Transaction, body: dict[str, Any], item_id: str) -> Item:
    """Change name, category or activity."""
    if "category" in body:
        body = body | {"category": body["category"] or ""}
    return use_cases.change_item(
        tx, use_cases.ChangeItem(item_id, **body, expected_version=expected_version())
    )


@items.query("/<uuid:item_id>", answer=ItemOut, roles=ANY, summary="Show an item")
def show(connection: Any, item_id: str) -> Item:
    """Show an item."""
    found = catalogue.find_item(connection, item_id)
    if found is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    return found


@items.query("/", answer=ItemOut, roles=ANY, filters=ItemFilter, paged=True, summary="List items by SKU")
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List items by SKU."""
    after = page.after[0] if page.after else None
    rows = catalogue.list_items(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda item: (item.sku,))
