"""Booking stock: opening stock, receipts and corrections."""

from __future__ import annotations

from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Strict, fields
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, serials_out, with_serials
from services.inventory.use_cases.book_stock import BookStock, Kind, StockDocument, StockLine, book_stock

_MAY_BOOK = ("warehouse", "api_client")
_MOST_LINES = 1000

opening_stock = Noun(
    "opening-stock", "/api/v1/opening-stock", description="What lay there when the books began"
)
receipts = Noun(
    "receipts", "/api/v1/receipts", description="Goods that came in; orders that wait for them are served"
)
adjustments = Noun(
    "stock-adjustments", "/api/v1/stock-adjustments", description="Corrections after counting, up or down"
)


class StockLineIn(Strict):
    """How much of an item came in, and of which lot if it is tracked by lot; each serial if it is by serial.

    Without ``unit_cost`` it is worth what those in stock are.
    """

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    expires_on = fields.DateField(load_default=None, allow_none=True)
    unit_cost = fields.PriceField(load_default=None, allow_none=True)
    serials = serials_in()


class AdjustmentLineIn(Strict):
    """By how much the books differ from what was counted; negative when less was found, and then without a cost."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True, negative=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    unit_cost = fields.PriceField(load_default=None, allow_none=True)
    serials = serials_in()


class OpeningIn(Strict):
    """Opening stock of a warehouse."""

    warehouse_id = fields.IdField(required=True)
    lines = fields.ListOf(StockLineIn, most=_MOST_LINES, required=True)


class ReceiptIn(Strict):
    """Goods that came in; ``reference`` is the sender's number."""

    warehouse_id = fields.IdField(required=True)
    received_on = fields.DateField(load_default=None, allow_none=True)
    reference = fields.Text(max=200, load_default=None, allow_none=True)
    lines = fields.ListOf(StockLineIn, most=_MOST_LINES, required=True)


class AdjustmentIn(Strict):
    """A correction; ``reason`` says why, for those who read the ledger later."""

    warehouse_id = fields.IdField(required=True)
    adjusted_on = fields.DateField(load_default=None, allow_none=True)
    reason = fields.Text(max=200, required=True)
    lines = fields.ListOf(AdjustmentLineIn, most=_MOST_LINES, required=True)


class DocumentLineOut(Strict):
    """A line as it was booked."""

    item_id = fields.IdField()
    quantity = fields.QuantityField(negative=True)
    lot = fields.Text(max=64, allow_none=True)
    expires_on = fields.DateField(allow_none=True)
    serials = serials_out()


class DocumentOut(Strict):
    """A booking; its moves are listed at ``/stock-moves?document_id=``."""

    id = fields.IdField()
    number = fields.Text(max=32)
    kind = fields.Choice("opening", "receipt", "adjustment")
    warehouse_id = fields.IdField()
    booked_on = fields.DateField()
    reference = fields.Text(max=200, allow_none=True)
    lines = fields.ListOf(DocumentLineOut, most=_MOST_LINES)


@opening_stock.command(
    "POST", "/", body=OpeningIn, answer=DocumentOut, status=201, roles=_MAY_BOOK, summary="Book opening stock"
)
def open_stock(tx: Transaction, body: dict[str, Any]) -> StockDocument:
    """Book opening stock."""
    return _book(tx, "opening", body)


@receipts.command(
    "POST",
    "/",
    body=ReceiptIn,
    answer=DocumentOut,
    status=201,
    roles=_MAY_BOOK,
    summary="Book goods that came in",
)
def receive(tx: Transaction, body: dict[str, Any]) -> StockDocument:
    """Book a receipt; orders that wait for the items are served at once afterwards."""
    return _book(tx, "receipt", body | {"booked_on": body["received_on"]})


@adjustments.command(
    "POST",
    "/",
    body=AdjustmentIn,
    answer=DocumentOut,
    status=201,
    roles=_MAY_BOOK,
    summary="Correct the stock",
)
def adjust(tx: Transaction, body: dict[str, Any]) -> StockDocument:
    """Book a correction; less than what is promised to orders cannot be taken away."""
    return _book(tx, "adjustment", body | {"booked_on": body["adjusted_on"], "reference": body["reason"]})


def _book(tx: Transaction, kind: Kind, body: dict[str, Any]) -> StockDocument:
    command = BookStock(
        kind=kind,
        warehouse_id=body["warehouse_id"],
        lines=tuple(StockLine(**with_serials(line)) for line in body["lines"]),
        today=company_day(tx.now),
        booked_on=body.get("booked_on"),
        reference=body.get("reference"),
    )
    return book_stock(tx, command)
