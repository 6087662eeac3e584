"""Returns to suppliers over HTTP: ask, answer, ship."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from libs.common.db import Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, DECIDERS, READERS
from services.inventory.api.company_day import company_day
from services.inventory.api.item_costs import COST_READERS
from services.inventory.api.serial_fields import serials_in, serials_out, with_serials
from services.inventory.domain.supplier_returns import SupplierReturn, WantedBack
from services.inventory.reports import supplier_returns as report
from services.inventory.use_cases.return_to_supplier import (
    AboutSupplierReturn,
    RequestSupplierReturn,
    approve_supplier_return,
    cancel_supplier_return,
    reject_supplier_return,
    request_supplier_return,
    ship_supplier_return,
)

_STATES = ("requested", "approved", "shipped", "credited", "rejected", "cancelled")
_MOST_LINES = 500

supplier_returns = Noun(
    "supplier_returns", "/api/v1/supplier-returns", description="Goods that go back to their supplier"
)
returnable_receipts = Noun(
    "returnable_receipts",
    "/api/v1/returnable-receipts",
    description="What of the receipts of a purchase order may still go back",
)


class SupplierReturnLineIn(Strict):
    """How much of a part of a receipt is to go back."""

    receipt_id = fields.IdField(required=True)
    position = fields.CountField(required=True)
    quantity = fields.QuantityField(required=True)
    goods_return_id = fields.IdField(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The customer's return that has brought it into quarantine; else from stock."
        },
    )
    goods_return_line = fields.CountField(least=1, load_default=None, allow_none=True)
    serials = serials_in()


class SupplierReturnIn(Strict):
    """What goes back of a purchase order, from which warehouse, and why."""

    purchase_order_id = fields.IdField(required=True)
    warehouse_id = fields.IdField(required=True)
    reason = fields.Text(max=500, required=True)
    lines = fields.ListOf(SupplierReturnLineIn, most=_MOST_LINES, required=True)


class SupplierReturnApprovalIn(Strict):
    """What is said to it."""

    answer = fields.Text(max=500, load_default=None, allow_none=True)


class SupplierReturnRefusalIn(Strict):
    """Why nothing goes back."""

    answer = fields.Text(max=500, required=True)


class SupplierReturnShipmentIn(Strict):
    """When the goods left; left out: today."""

    shipped_on = fields.DateField(load_default=None, allow_none=True)


class SupplierReturnLineOut(Strict):
    """A line; ``value`` is what the stock was worth less without it."""

    line_no = fields.CountField(least=1)
    receipt_id = fields.IdField()
    position = fields.CountField()
    purchase_order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    uom = fields.Text(max=16)
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField()
    goods_return_id = fields.IdField(allow_none=True)
    goods_return_line = fields.CountField(allow_none=True)
    value = fields.MoneyField(
        seen_by=COST_READERS,
        allow_none=True,
        metadata={"description": "At moving-average cost; shown to those who may know what goods cost."},
    )
    serials = serials_out()


class SupplierReturnOut(Strict):
    """A return to a supplier; ``credited`` once the supplier's credit note for it is posted."""

    id = fields.IdField()
    number = fields.Text(max=32)
    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    purchase_order_id = fields.IdField()
    purchase_order_number = fields.Text(max=32)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    reason = fields.Text(max=500)
    answer = fields.Text(max=500, allow_none=True)
    requested_by = fields.Text(max=120, allow_none=True)
    shipped_on = fields.DateField(allow_none=True)
    credit_note = fields.Text(max=32, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField(least=1)
    lines = fields.ListOf(SupplierReturnLineOut, most=_MOST_LINES)


class SupplierReturnFilter(Strict):
    """Which returns to list."""

    supplier_id = fields.IdField()
    purchase_order_id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)


class ReturnableFilter(Strict):
    """Of which purchase order."""

    purchase_order_id = fields.IdField(required=True)


class ReturnableOut(Strict):
    """A part of a receipt; ``left`` did not go back and is not announced, ``serials`` are its units in the house."""

    receipt_id = fields.IdField()
    receipt_number = fields.Text(max=32)
    position = fields.CountField()
    received_on = fields.DateField()
    purchase_order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    lot = fields.Text(max=64, allow_none=True)
    received = fields.QuantityField()
    left = fields.QuantityField(zero=True)
    serials = serials_out()


class ReturnableListOut(Strict):
    """All of them: a purchase order has few."""

    items = fields.ListOf(ReturnableOut, least=0)


@supplier_returns.command(
    "POST",
    "/",
    body=SupplierReturnIn,
    answer=SupplierReturnOut,
    status=201,
    roles=BUYERS,
    location="/api/v1/supplier-returns/{id}",
    summary="Ask to send goods back",
)
def request(tx: Transaction, body: dict[str, Any]) -> report.SupplierReturnShown:
    """Announce goods that are to go back to their supplier; they stay where they are until they leave."""
    lines = tuple(WantedBack(**with_serials(line)) for line in body["lines"])
    asked = request_supplier_return(tx, RequestSupplierReturn(**body | {"lines": lines}))
    return report.one_supplier_return(tx.connection, asked.id)


@supplier_returns.query(
    "/",
    answer=SupplierReturnOut,
    roles=READERS,
    filters=SupplierReturnFilter,
    paged=True,
    summary="List returns to suppliers",
)
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List returns to suppliers, oldest first."""
    after = page.after[0] if page.after else None
    rows = report.list_supplier_returns(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@supplier_returns.query(
    "/<uuid:return_id>", answer=SupplierReturnOut, roles=READERS, summary="Show a return to a supplier"
)
def show(connection: Any, return_id: str) -> report.SupplierReturnShown:
    """Show a return to a supplier."""
    return report.one_supplier_return(connection, return_id)


@supplier_returns.command(
    "POST",
    "/<uuid:return_id>/approve",
    body=SupplierReturnApprovalIn,
    answer=SupplierReturnOut,
    roles=DECIDERS,
    summary="Allow a return to a supplier",
)
def approve(tx: Transaction, body: dict[str, Any], return_id: str) -> report.SupplierReturnShown:
    """Let the goods go back; not by the one who asked for it."""
    return _answered(tx, approve_supplier_return, return_id, body)


@supplier_returns.command(
    "POST",
    "/<uuid:return_id>/reject",
    body=SupplierReturnRefusalIn,
    answer=SupplierReturnOut,
    roles=DECIDERS,
    summary="Refuse a return to a supplier",
)
def reject(tx: Transaction, body: dict[str, Any], return_id: str) -> report.SupplierReturnShown:
    """Keep the goods, and say why."""
    return _answered(tx, reject_supplier_return, return_id, body)


@supplier_returns.command(
    "POST",
    "/<uuid:return_id>/cancel",
    body=SupplierReturnRefusalIn,
    answer=SupplierReturnOut,
    roles=BUYERS,
    summary="Give a return to a supplier up",
)
def cancel(tx: Transaction, body: dict[str, Any], return_id: str) -> report.SupplierReturnShown:
    """Give a return up before anything left."""
    return _answered(tx, cancel_supplier_return, return_id, body)


@supplier_returns.command(
    "POST",
    "/<uuid:return_id>/ship",
    body=SupplierReturnShipmentIn,
    answer=SupplierReturnOut,
    roles=BUYERS,
    summary="Ship a return to a supplier",
)
def ship(tx: Transaction, body: dict[str, Any], return_id: str) -> report.SupplierReturnShown:
    """Let the goods leave: their value leaves the stock, and they are not owed for."""
    about = AboutSupplierReturn(return_id, None, expected_version())
    ship_supplier_return(tx, about, company_day(tx.now), body["shipped_on"])
    return report.one_supplier_return(tx.connection, return_id)


@returnable_receipts.query(
    "/",
    answer=ReturnableListOut,
    roles=READERS,
    filters=ReturnableFilter,
    summary="What may still go back of a purchase order",
)
def list_returnable(connection: Any, filters: dict[str, Any]) -> dict[str, Any]:
    """List the parts of the receipts of a purchase order, with what of each may still go back."""
    return {"items": report.returnable(connection, filters["purchase_order_id"])}


def _answered(
    tx: Transaction,
    act: Callable[[Transaction, AboutSupplierReturn], SupplierReturn],
    return_id: str,
    body: dict[str, Any],
) -> report.SupplierReturnShown:
    act(tx, AboutSupplierReturn(return_id, body["answer"], expected_version()))
    return report.one_supplier_return(tx.connection, return_id)
