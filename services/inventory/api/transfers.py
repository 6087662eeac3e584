"""Transfers between warehouses over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.quantity import Quantity
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.domain.transfers import Arrival
from services.inventory.reports import transfers as report
from services.inventory.use_cases.transfer_serials import SentSerials
from services.inventory.use_cases.transfer_stock import (
    AboutTransfer,
    RequestTransfer,
    WantedPart,
    cancel_transfer,
    receive_transfer,
    request_transfer,
    ship_transfer,
)

_STATES = ("requested", "shipped", "received", "cancelled")
_MOVERS = ("warehouse", "api_client")
_READERS = ("warehouse", "finance", "sales_manager", "api_client")
_MOST_LINES = 200

transfers = Noun("transfers", "/api/v1/transfers", description="Goods that go from one warehouse to another")


class TransferLineIn(Strict):
    """How much shall go; without a lot, the lots that expire first."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)


class TransferIn(Strict):
    """What shall go from where to where."""

    from_id = fields.IdField(required=True)
    to_id = fields.IdField(required=True)
    note = fields.Text(max=1000, load_default=None, allow_none=True)
    lines = fields.ListOf(TransferLineIn, most=_MOST_LINES, required=True)


class SentSerialsIn(Strict):
    """Which units of a line leave, where its item is kept by serial number."""

    line_no = fields.CountField(least=1, required=True)
    serials = serials_in()


class TransferShipIn(Strict):
    """When it leaves; left out: today."""

    shipped_on = fields.DateField(load_default=None, allow_none=True)
    lines = fields.ListOf(SentSerialsIn, least=0, most=_MOST_LINES, load_default=())


class TransferArrivalIn(Strict):
    """What arrived of a line, and what never will; the lot where the line left in several."""

    line_no = fields.CountField(least=1, required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    received = fields.QuantityField(zero=True, load_default=Quantity.zero())
    lost = fields.QuantityField(zero=True, load_default=Quantity.zero())
    serials = serials_in()
    lost_serials = serials_in()


class TransferReceiptIn(Strict):
    """What arrived; without lines, all that is under way. ``reason`` says what became of what is lost."""

    received_on = fields.DateField(load_default=None, allow_none=True)
    reason = fields.Text(max=1000, load_default=None, allow_none=True)
    lines = fields.ListOf(TransferArrivalIn, least=0, most=1000, load_default=())


class TransferCancelIn(Strict):
    """Why it does not go."""

    reason = fields.Text(max=1000, required=True)


class TransferPartOut(Strict):
    """What left of a line, of one lot, and what became of it."""

    lot = fields.Text(max=64, allow_none=True)
    shipped = fields.QuantityField()
    received = fields.QuantityField(zero=True)
    lost = fields.QuantityField(zero=True)
    under_way = fields.QuantityField(zero=True)


class TransferLineOut(Strict):
    """What was asked for, and its parts once it left."""

    line_no = fields.CountField(least=1)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    name = fields.Text(max=200)
    uom = fields.Text(max=16)
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField()
    parts = fields.ListOf(TransferPartOut, least=0)


class TransferOut(Strict):
    """A transfer; its moves are listed at ``/stock-moves?document_id=``."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    from_id = fields.IdField()
    from_code = fields.Text(max=32)
    to_id = fields.IdField()
    to_code = fields.Text(max=32)
    requested_by = fields.Text(max=120, allow_none=True)
    note = fields.Text(max=1000, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    shipped_on = fields.DateField(allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField(least=1)
    lines = fields.ListOf(TransferLineOut)


class TransferFilter(Strict):
    """Which transfers to list; ``warehouse_id`` is either end."""

    state = fields.Choice(*_STATES)
    warehouse_id = fields.IdField()


@transfers.command(
    "POST",
    "/",
    body=TransferIn,
    answer=TransferOut,
    status=201,
    roles=_MOVERS,
    location="/api/v1/transfers/{id}",
    summary="Ask for a transfer",
)
def request_(tx: Transaction, body: dict[str, Any]) -> report.TransferShown:
    """Write down what shall go; nothing moves and nothing is held until it is shipped."""
    lines = tuple(WantedPart(**line) for line in body.pop("lines"))
    made = request_transfer(tx, RequestTransfer(**body, lines=lines, by=principal().subject))
    return report.one_transfer(tx.connection, made.id)


@transfers.command(
    "POST",
    "/<uuid:transfer_id>/ship",
    body=TransferShipIn,
    answer=TransferOut,
    roles=_MOVERS,
    summary="Ship a transfer",
)
def ship(tx: Transaction, body: dict[str, Any], transfer_id: str) -> report.TransferShown:
    """Let the goods leave; what is promised to orders stays."""
    named = tuple(SentSerials(line["line_no"], tuple(line["serials"])) for line in body["lines"])
    ship_transfer(tx, _about(tx, transfer_id, body["shipped_on"]), named)
    return report.one_transfer(tx.connection, transfer_id)


@transfers.command(
    "POST",
    "/<uuid:transfer_id>/receive",
    body=TransferReceiptIn,
    answer=TransferOut,
    roles=_MOVERS,
    summary="Receive a transfer",
)
def receive(tx: Transaction, body: dict[str, Any], transfer_id: str) -> report.TransferShown:
    """Take in what arrived, in parts too, and write off what is lost."""
    arrivals = tuple(Arrival(**with_serials(line)) for line in body["lines"])
    receive_transfer(tx, _about(tx, transfer_id, body["received_on"]), arrivals, body["reason"])
    return report.one_transfer(tx.connection, transfer_id)


@transfers.command(
    "POST",
    "/<uuid:transfer_id>/cancel",
    body=TransferCancelIn,
    answer=TransferOut,
    roles=_MOVERS,
    summary="Give a transfer up",
)
def cancel(tx: Transaction, body: dict[str, Any], transfer_id: str) -> report.TransferShown:
    """Give a transfer up before anything left."""
    cancel_transfer(tx, _about(tx, transfer_id), body["reason"])
    return report.one_transfer(tx.connection, transfer_id)


@transfers.query("/<uuid:transfer_id>", answer=TransferOut, roles=_READERS, summary="Show a transfer")
def show(connection: Connection, transfer_id: str) -> report.TransferShown:
    """Show a transfer."""
    return report.one_transfer(connection, transfer_id)


@transfers.query(
    "/", answer=TransferOut, roles=_READERS, filters=TransferFilter, paged=True, summary="List transfers"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List transfers, the latest first."""
    after = page.after[0] if page.after else None
    rows = report.list_transfers(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


def _about(tx: Transaction, transfer_id: str, on: Any = None) -> AboutTransfer:
    return AboutTransfer(transfer_id, company_day(tx.now), on, expected_version())
