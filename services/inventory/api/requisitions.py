"""Purchase requisitions: raise, approve, turn down, give up, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, DECIDERS, READERS
from services.inventory.api.company_day import company_day
from services.inventory.reports.requisitions import RequisitionView, list_requisitions, one_requisition
from services.inventory.use_cases.requisitions import (
    ApproveRequisition,
    EndRequisition,
    RaiseRequisition,
    approve_requisition,
    cancel_requisition,
    raise_by_hand,
    reject_requisition,
)

_STATES = ("open", "approved", "ordered", "closed", "cancelled", "rejected")
_ORIGINS = ("shortage", "reorder_point", "manual", "order")

requisitions = Noun(
    "purchase-requisitions",
    "/api/v1/purchase-requisitions",
    description="What should be bought and why; a shortage raises its own by itself",
)


class RequisitionIn(Strict):
    """What somebody asks for; without a supplier, it is the one that the item's policy names."""

    item_id = fields.IdField(required=True)
    warehouse_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    supplier_id = fields.IdField(load_default=None, allow_none=True)
    note = fields.Text(max=1000, multiline=True, load_default=None, allow_none=True)


class ApprovalIn(Strict):
    """An approval says no more than that."""


class RequisitionEndIn(Strict):
    """Why it is turned down or given up."""

    reason = fields.Text(max=1000, required=True)


class RequisitionOut(Strict):
    """A requisition; ``quantity`` is ``need`` in the quantities that the supplier sells."""

    id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)
    origin = fields.Choice(*_ORIGINS)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    warehouse_id = fields.IdField()
    warehouse_code = fields.Text(max=32)
    need = fields.QuantityField()
    quantity = fields.QuantityField()
    supplier_id = fields.IdField(allow_none=True)
    supplier_number = fields.Text(max=32, allow_none=True)
    purchase_order_id = fields.IdField(allow_none=True)
    purchase_order_number = fields.Text(max=32, allow_none=True)
    requested_by = fields.Text(
        max=120, allow_none=True, metadata={"description": "Nobody: it came about by itself"}
    )
    approved_by = fields.Text(max=120, allow_none=True)
    note = fields.Text(max=1000, multiline=True, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    order_id = fields.IdField(
        allow_none=True, metadata={"description": "The sales order that it is for alone."}
    )
    approval_id = fields.IdField(
        allow_none=True,
        metadata={"description": "The approval that it waits for, or ended by: /inventory-approvals."},
    )
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()


class RequisitionFilter(Strict):
    """Which requisitions to list."""

    state = fields.Choice(*_STATES)
    origin = fields.Choice(*_ORIGINS)
    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    supplier_id = fields.IdField()
    order_id = fields.IdField()
    number = fields.Text(max=32)


@requisitions.command(
    "POST",
    "/",
    body=RequisitionIn,
    answer=RequisitionOut,
    status=201,
    roles=BUYERS,
    summary="Ask for something to be bought",
    location="/api/v1/purchase-requisitions/{id}",
)
def raise_(tx: Transaction, body: dict[str, Any]) -> RequisitionView:
    """Ask for something to be bought."""
    return one_requisition(
        tx.connection, raise_by_hand(tx, RaiseRequisition(**body, today=company_day(tx.now))).id
    )


@requisitions.command(
    "POST",
    "/<uuid:requisition_id>/approve",
    body=ApprovalIn,
    answer=RequisitionOut,
    roles=DECIDERS,
    summary="Approve a requisition",
)
def approve(tx: Transaction, _body: dict[str, Any], requisition_id: str) -> RequisitionView:
    """Let it be ordered, or ask for the approval that it needs; above the company's limit not who asked for it."""
    approve_requisition(tx, ApproveRequisition(requisition_id, company_day(tx.now), expected_version()))
    return one_requisition(tx.connection, requisition_id)


@requisitions.command(
    "POST",
    "/<uuid:requisition_id>/reject",
    body=RequisitionEndIn,
    answer=RequisitionOut,
    roles=DECIDERS,
    summary="Turn a requisition down",
)
def reject(tx: Transaction, body: dict[str, Any], requisition_id: str) -> RequisitionView:
    """Turn it down; a shortage is asked for again when the next order goes short."""
    reject_requisition(tx, EndRequisition(requisition_id, body["reason"], expected_version()))
    return one_requisition(tx.connection, requisition_id)


@requisitions.command(
    "POST",
    "/<uuid:requisition_id>/cancel",
    body=RequisitionEndIn,
    answer=RequisitionOut,
    roles=BUYERS,
    summary="Give a requisition up",
)
def cancel(tx: Transaction, body: dict[str, Any], requisition_id: str) -> RequisitionView:
    """Give it up before it is ordered."""
    cancel_requisition(tx, EndRequisition(requisition_id, body["reason"], expected_version()))
    return one_requisition(tx.connection, requisition_id)


@requisitions.query(
    "/<uuid:requisition_id>", answer=RequisitionOut, roles=READERS, summary="Show a requisition"
)
def show(connection: Connection, requisition_id: str) -> RequisitionView:
    """Show a requisition."""
    return one_requisition(connection, requisition_id)


@requisitions.query(
    "/",
    answer=RequisitionOut,
    roles=READERS,
    filters=RequisitionFilter,
    paged=True,
    summary="List requisitions",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List requisitions, oldest first."""
    after = page.after[0] if page.after else None
    rows = list_requisitions(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))
