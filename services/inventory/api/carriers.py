"""Carriers: open, change, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.domain.carriers import Carrier
from services.inventory.domain.fulfilment_errors import CarrierNotFound
from services.inventory.reports import carriers as report
from services.inventory.use_cases.carriers import OpenCarrier, change_carrier, open_carrier

_MAY_CHANGE = ("warehouse",)
_URL = {"description": "The address of a shipment, with {number} where its tracking number belongs."}

carriers = Noun("carriers", "/api/v1/carriers", description="Who takes deliveries along")


class CarrierIn(Strict):
    """A new carrier."""

    code = fields.Text(max=32, required=True)
    name = fields.Text(max=200, required=True)
    tracking_url = fields.Text(max=500, load_default=None, allow_none=True, metadata=_URL)


class CarrierChangeIn(Strict):
    """What is different from now on; what is left out stays."""

    name = fields.Text(max=200)
    tracking_url = fields.Text(max=500, allow_none=True, metadata=_URL)
    active = fields.Flag(metadata={"description": "false: nothing goes with it any more."})


class CarrierOut(Strict):
    """A carrier."""

    id = fields.IdField()
    code = fields.Text(max=32)
    name = fields.Text(max=200)
    tracking_url = fields.Text(max=500, allow_none=True)
    active = fields.Flag()
    version = fields.CountField()


class CarrierFilter(Strict):
    """Which carriers to list."""

    code = fields.Text(max=32)
    active = fields.Flag()


@carriers.command(
    "POST",
    "/",
    body=CarrierIn,
    answer=CarrierOut,
    status=201,
    roles=_MAY_CHANGE,
    summary="Open a carrier",
    location="/api/v1/carriers/{id}",
)
def open_(tx: Transaction, body: dict[str, Any]) -> Carrier:
    """Open a carrier."""
    return open_carrier(tx, OpenCarrier(**body))


@carriers.command(
    "PATCH",
    "/<uuid:carrier_id>",
    body=CarrierChangeIn,
    answer=CarrierOut,
    roles=_MAY_CHANGE,
    summary="Change a carrier",
)
def change(tx: Transaction, body: dict[str, Any], carrier_id: str) -> Carrier:
    """Change a carrier."""
    return change_carrier(tx, carrier_id, body, expected_version())


@carriers.query("/<uuid:carrier_id>", answer=CarrierOut, roles=ANY, summary="Show a carrier")
def show(connection: Any, carrier_id: str) -> Carrier:
    """Show a carrier."""
    found = report.find_carrier(connection, carrier_id)
    if found is None:
        raise CarrierNotFound("there is no such carrier", field="carrier_id")
    return found


@carriers.query("/", answer=CarrierOut, roles=ANY, filters=CarrierFilter, paged=True, summary="List carriers")
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List carriers by code."""
    after = page.after[0] if page.after else None
    rows = report.list_carriers(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.code,))
