"""Pick lists: several delivery notes in one way through the shelves."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, serials_out, with_serials
from services.inventory.domain.fulfilment_errors import PickListNotFound
from services.inventory.domain.pick_list import ScannedOnList, ShortOnList
from services.inventory.domain.picking import SHORT_REASONS
from services.inventory.reports import pick_lists as report
from services.inventory.use_cases.pick_lists import (
    MakePickList,
    PickAll,
    cancel_pick_list,
    make_pick_list,
    pick_all,
)

_STATES = ("open", "picked", "cancelled")
_MAY_PICK = ("warehouse", "api_client")
MOST_NOTES = 100
_USUAL = 20

pick_lists = Noun(
    "pick-lists", "/api/v1/pick-lists", description="Several delivery notes in one way through the shelves"
)


class PickListIn(Strict):
    """Which notes; none named: up to ``most`` of the warehouse that are ready, the earliest promise first."""

    warehouse_id = fields.IdField(required=True)
    delivery_ids = fields.ListOf(fields.IdField, least=0, most=MOST_NOTES, load_default=())
    promised_by = fields.DateField(load_default=None, allow_none=True)
    most = fields.CountField(least=1, most=MOST_NOTES, load_default=_USUAL)


class ShortOnListIn(Strict):
    """How much of an item, and lot, was not found; the notes that are served last go without."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    reason = fields.Choice(*SHORT_REASONS, required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    note = fields.Text(max=500, load_default=None, allow_none=True)
    serials = serials_in()


class ScannedOnListIn(Strict):
    """Which units of an item were taken; for the note that is named, else for those that are served first."""

    item_id = fields.IdField(required=True)
    serials = serials_in()
    delivery_id = fields.IdField(load_default=None, allow_none=True)


class PickAllIn(Strict):
    """What was not found; all else was taken as the list says. Of an item all serials are named, or none."""

    short = fields.ListOf(ShortOnListIn, least=0, load_default=())
    serials = fields.ListOf(ScannedOnListIn, least=0, load_default=())


class PickForOut(Strict):
    """How much of a line of the list is for a note."""

    delivery_id = fields.IdField()
    number = fields.Text(max=32)
    order_number = fields.Text(max=64)
    order_line_id = fields.IdField()
    quantity = fields.QuantityField()
    serials = serials_out()


class PickLineOut(Strict):
    """An item, and lot, with what is to be taken of it for all notes together."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    uom = fields.Text(max=16)
    lot = fields.Text(max=64, allow_none=True)
    expires_on = fields.DateField(allow_none=True)
    tracking = fields.Choice("none", "lot", "serial")
    quantity = fields.QuantityField()
    notes = fields.ListOf(PickForOut, most=10_000)


class PickListSummary(Strict):
    """A pick list without its lines."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    made_by = fields.Text(max=120, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()


class PickListOut(PickListSummary):
    """A pick list, by item and lot."""

    lines = fields.ListOf(PickLineOut, least=0, most=10_000)


class PickListFilter(Strict):
    """Which lists to show."""

    state = fields.Choice(*_STATES)
    warehouse_id = fields.IdField()


@pick_lists.command(
    "POST",
    "/",
    body=PickListIn,
    answer=PickListOut,
    status=201,
    roles=_MAY_PICK,
    summary="Make a pick list",
    location="/api/v1/pick-lists/{id}",
)
def make(tx: Transaction, body: dict[str, Any]) -> report.PickListShown:
    """Put notes that are ready on a list; each is on one open list at a time."""
    body["delivery_ids"] = tuple(body["delivery_ids"])
    return _found(tx.connection, make_pick_list(tx, MakePickList(**body)).id)


@pick_lists.command(
    "POST",
    "/<uuid:pick_list_id>/pick",
    body=PickAllIn,
    answer=PickListOut,
    roles=_MAY_PICK,
    summary="Pick a list",
)
def pick(tx: Transaction, body: dict[str, Any], pick_list_id: str) -> report.PickListShown:
    """Pick every note of the list that is still ready, in one act."""
    short = tuple(ShortOnList(**with_serials(each)) for each in body["short"])
    scanned = tuple(ScannedOnList(**with_serials(each)) for each in body["serials"])
    pick_all(tx, PickAll(pick_list_id, company_day(tx.now), short, expected_version(), scanned))
    return _found(tx.connection, pick_list_id)


@pick_lists.command(
    "POST",
    "/<uuid:pick_list_id>/cancel",
    answer=PickListOut,
    roles=_MAY_PICK,
    summary="Give a pick list up",
)
def cancel(tx: Transaction, pick_list_id: str) -> report.PickListShown:
    """Give a list up; its notes can be picked by themselves, or listed again."""
    cancel_pick_list(tx, pick_list_id, expected_version())
    return _found(tx.connection, pick_list_id)


@pick_lists.query(
    "/<uuid:pick_list_id>",
    answer=PickListOut,
    roles=(*_MAY_PICK, "sales_manager"),
    summary="Show a pick list",
)
def show(connection: Any, pick_list_id: str) -> report.PickListShown:
    """Show a list by item and lot, with whom each is for."""
    return _found(connection, pick_list_id)


@pick_lists.query(
    "/",
    answer=PickListSummary,
    roles=(*_MAY_PICK, "sales_manager"),
    filters=PickListFilter,
    paged=True,
    summary="List pick lists",
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List pick lists, oldest first."""
    after = page.after[0] if page.after else None
    rows = report.list_pick_lists(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


def _found(connection: Any, pick_list_id: str) -> report.PickListShown:
    found = report.find_pick_list(connection, pick_list_id)
    if found is None:
        raise PickListNotFound("there is no such pick list", field="pick_list_id")
    return found
