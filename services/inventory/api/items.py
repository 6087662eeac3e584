"""Items: register, change, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.errors import NotFound
from libs.common.forms import Filling
from libs.common.forms_api import FieldFilter, SaidIn, SaidOut, as_seen, asked_in, seen
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_day
from services.inventory.domain.items import DOCUMENT, Item
from services.inventory.reports import catalogue
from services.inventory.use_cases import register_item as use_cases

TRACKING = ("none", "lot", "serial")
_OWN = {"description": "Of the company's own form, by key; see /inventory-forms."}
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
    fields_ = SaidIn(data_key="fields", attribute="fields", metadata=_OWN)


class ItemChangeIn(Strict):
    """What may change about an item; fields left out stay, and a category of ``null`` clears it."""

    name = fields.Text(max=200)
    category = fields.Text(max=120, allow_none=True)
    active = fields.Flag(metadata={"description": "Orders for an inactive item are rejected"})
    fields_ = SaidIn(data_key="fields", attribute="fields", metadata=_OWN)


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
    fields_ = SaidOut(data_key="fields", attribute="fields", metadata=_OWN)
    form_version = fields.CountField(metadata={"description": "Of the form, when they were last filled in."})
    version = fields.CountField()


class ItemFilter(FieldFilter):
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
    filling = _filling(body.pop("fields", {}), tx)
    new = use_cases.register_item(tx, use_cases.RegisterItem(**body), filling)
    return seen(tx.connection, DOCUMENT, new)


@items.command(
    "PATCH", "/<uuid:item_id>", body=ItemChangeIn, answer=ItemOut, roles=_MAY_CHANGE, summary="Change an item"
)
def change(tx: Transaction, body: dict[str, Any], item_id: str) -> Item:
    """Change name, category or activity."""
    if "category" in body:
        body = body | {"category": body["category"] or ""}
    given = body.pop("fields", None)
    command = use_cases.ChangeItem(
        item_id,
        **body,
        expected_version=expected_version(),
        filling=None if given is None else _filling(given, tx),
    )
    return seen(tx.connection, DOCUMENT, use_cases.change_item(tx, command))


def _filling(given: dict[str, Any], tx: Transaction) -> Filling:
    return Filling(given, principal().roles, company_day(tx.now))


@items.query("/<uuid:item_id>", answer=ItemOut, roles=ANY, summary="Show an item")
def show(connection: Any, item_id: str) -> Item:
    """Show an item."""
    found = catalogue.find_item(connection, item_id)
    if found is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    return seen(connection, DOCUMENT, found)


@items.query("/", answer=ItemOut, roles=ANY, filters=ItemFilter, paged=True, summary="List items by SKU")
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List items by SKU."""
    after = page.after[0] if page.after else None
    own = catalogue.OwnField(asked_in(filters), principal().roles)
    rows = catalogue.list_items(connection, filters, after=after, limit=page.limit + 1, own=own)
    return Page.of(as_seen(connection, DOCUMENT, rows), page, key=lambda item: (item.sku,))
