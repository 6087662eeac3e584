"""What customers hold, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields
from services.service_desk.api.who import only_owner
from services.service_desk.reports.installed_items import InstalledSearch, list_installed_items, position_of

installed_items = Noun(
    "installed_items", "/api/v1/installed-items", description="What customers hold, with lots"
)


class HeldSerialOut(Strict):
    """A unit of a shipped line, and the day on which it came back, if it did."""

    serial = fields.Text(max=64)
    returned_on = fields.DateField(allow_none=True)


class InstalledItemOut(Strict):
    """One shipped line, and how much of it came back."""

    id = fields.IdField()
    customer_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField()
    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    delivery_id = fields.IdField()
    delivery_number = fields.Text(max=64)
    shipped_on = fields.DateField()
    returned = fields.QuantityField(zero=True)
    serials = fields.ListOf(HeldSerialOut, least=0, most=100_000)


class InstalledItemFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    item_id = fields.IdField()
    order_id = fields.IdField()
    lot = fields.Text(max=64, metadata={"description": "Who holds something of this lot."})
    serial = fields.Text(max=64, metadata={"description": "Who holds, or held, this unit."})


@installed_items.query(
    "/",
    answer=InstalledItemOut,
    roles=ANY,
    filters=InstalledItemFilter,
    paged=True,
    summary="What customers hold",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List shipped lines, the latest first."""
    wanted = InstalledSearch(only_owner=only_owner(), **filters)
    rows = list_installed_items(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)
