"""Returns over HTTP: ask, answer, receive into quarantine, inspect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.domain.errors import DeliveryNotFound, ReturnNotFound
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.returns import GoodsReturn, ReturnPart
from services.inventory.reports import deliveries
from services.inventory.reports import returns as report
from services.inventory.use_cases.ask_return import (
    AnswerReturn,
    RequestReturn,
    approve_return,
    cancel_return,
    reject_return,
    request_return,
)
from services.inventory.use_cases.take_return import (
    InspectReturn,
    ReceiveReturn,
    inspect_return,
    receive_return,
)

_STATES = ("requested", "approved", "received", "closed", "rejected", "cancelled")
_OUTCOMES = ("expected", "not_received", "in_quarantine", "restocked", "scrapped", "divided")
_MAY_ASK = ("sales", "sales_manager", "service", "api_client")
_MAY_DECIDE = ("sales_manager", "finance")
_MAY_TAKE = ("warehouse", "api_client")
_MOST_LINES = 1000
_NOTHING = Quantity.zero()

returns = Noun(
    "returns", "/api/v1/returns", description="Goods that come back, from the request to the shelf"
)


class ReturnPartIn(Strict):
    """How much of a shipped order line is to come back."""

    order_line_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    lot = fields.Text(
        max=64,
        load_default=None,
        allow_none=True,
        metadata={"description": "Where the line left in several lots."},
    )
    serials = serials_in()


class ReturnIn(Strict):
    """Which goods of a delivery are to come back, and why."""

    delivery_id = fields.IdField(required=True)
    reason = fields.Text(max=500, required=True)
    lines = fields.ListOf(ReturnPartIn, most=_MOST_LINES, required=True)


class ReturnApprovalIn(Strict):
    """What the customer is told."""

    answer = fields.Text(max=500, load_default=None, allow_none=True)


class RefusalIn(Strict):
    """Why nothing comes back."""

    answer = fields.Text(max=500, required=True)


class ReceivedPartIn(Strict):
    """How much of a line has arrived; 0 when nothing has."""

    line_no = fields.CountField(least=1, required=True)
    quantity = fields.QuantityField(zero=True, required=True)
    serials = serials_in()


class ReturnReceiptIn(Strict):
    """Where returned goods arrived; without lines all of them, and what is not named did not come."""

    warehouse_id = fields.IdField(required=True)
    received_on = fields.DateField(load_default=None, allow_none=True)
    lines = fields.ListOf(ReceivedPartIn, most=_MOST_LINES, load_default=())


class InspectionIn(Strict):
    """What becomes of a line: together ``restock`` and ``scrap`` are what was received of it."""

    line_no = fields.CountField(least=1, required=True)
    restock = fields.QuantityField(zero=True, load_default=_NOTHING)
    scrap = fields.QuantityField(zero=True, load_default=_NOTHING)
    credit = fields.Flag(
        load_default=True, metadata={"description": "false: the customer gets no money for this line."}
    )
    note = fields.Text(max=500, load_default=None, allow_none=True)
    scrap_serials = serials_in()


class InspectionsIn(Strict):
    """The lines that were inspected; others may follow later."""

    lines = fields.ListOf(InspectionIn, most=_MOST_LINES, required=True)


class ReturnedSerialOut(Strict):
    """A unit that is to come back, and what became of it."""

    serial = fields.Text(max=64)
    outcome = fields.Choice("expected", "not_received", "in_quarantine", "restocked", "scrapped")


class ReturnLineOut(Strict):
    """A line of a return: one per order line and lot."""

    line_no = fields.CountField(least=1)
    order_line_id = fields.IdField()
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    item_name = fields.Text(max=200)
    uom = fields.Text(max=16)
    lot = fields.Text(max=64, allow_none=True)
    quantity = fields.QuantityField(metadata={"description": "What is to come back."})
    received = fields.QuantityField(zero=True)
    restocked = fields.QuantityField(zero=True)
    scrapped = fields.QuantityField(zero=True)
    credit = fields.Flag()
    note = fields.Text(max=500, allow_none=True)
    outcome = fields.Choice(*_OUTCOMES)
    serials = fields.ListOf(ReturnedSerialOut, least=0, most=_MOST_LINES)


class ReturnOut(Strict):
    """A return; it is closed when everything that came was inspected, and then credited by itself."""

    id = fields.IdField()
    number = fields.Text(max=32)
    delivery_id = fields.IdField()
    delivery_number = fields.Text(max=32)
    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=64, allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    warehouse_id = fields.IdField(allow_none=True)
    warehouse_code = fields.Text(max=32, allow_none=True)
    conversation_id = fields.Text(max=64)
    state = fields.Choice(*_STATES)
    reason = fields.Text(max=500)
    answer = fields.Text(max=500, allow_none=True)
    received_on = fields.DateField(allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()
    ticket_id = fields.IdField(
        allow_none=True, metadata={"description": "The service desk's, from which it was asked for."}
    )
    ticket_number = fields.Text(max=32, allow_none=True)
    lines = fields.ListOf(ReturnLineOut, most=_MOST_LINES)


class ReturnFilter(Strict):
    """Which returns to list."""

    order_id = fields.IdField()
    delivery_id = fields.IdField()
    customer_id = fields.IdField()
    number = fields.Text(max=32)
    state = fields.Choice(*_STATES)


@returns.command(
    "POST",
    "/",
    body=ReturnIn,
    answer=ReturnOut,
    status=201,
    roles=_MAY_ASK,
    location="/api/v1/returns/{id}",
    summary="Ask for the return of shipped goods",
)
def request(tx: Transaction, body: dict[str, Any]) -> report.ReturnShown:
    """Announce goods that are to come back; a salesperson does so for own customers."""
    owner = _owner()
    if owner is not None and deliveries.find(tx.connection, body["delivery_id"], owner_id=owner) is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    parts = tuple(ReturnPart(**with_serials(line)) for line in body["lines"])
    asked = request_return(tx, RequestReturn(body["delivery_id"], parts, body["reason"]))
    return _found(tx.connection, asked.id, None)


@returns.query("/", answer=ReturnOut, roles=ANY, filters=ReturnFilter, paged=True, summary="List returns")
def index(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List returns, oldest first; a salesperson sees those of own customers."""
    after = page.after[0] if page.after else None
    rows = report.list_returns(connection, filters, owner_id=_owner(), after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@returns.query("/<uuid:return_id>", answer=ReturnOut, roles=ANY, summary="Show a return")
def show(connection: Any, return_id: str) -> report.ReturnShown:
    """Show a return; a salesperson sees those of own customers."""
    return _found(connection, return_id, _owner())


@returns.command(
    "POST",
    "/<uuid:return_id>/approve",
    body=ReturnApprovalIn,
    answer=ReturnOut,
    roles=_MAY_DECIDE,
    summary="Allow a return",
)
def approve(tx: Transaction, body: dict[str, Any], return_id: str) -> report.ReturnShown:
    """Let the customer send the goods."""
    return _answered(tx, approve_return, return_id, body)


@returns.command(
    "POST",
    "/<uuid:return_id>/reject",
    body=RefusalIn,
    answer=ReturnOut,
    roles=_MAY_DECIDE,
    summary="Refuse a return",
)
def reject(tx: Transaction, body: dict[str, Any], return_id: str) -> report.ReturnShown:
    """Refuse the goods, and say why."""
    return _answered(tx, reject_return, return_id, body)


@returns.command(
    "POST",
    "/<uuid:return_id>/cancel",
    body=RefusalIn,
    answer=ReturnOut,
    roles=_MAY_ASK,
    summary="Give a return up",
)
def cancel(tx: Transaction, body: dict[str, Any], return_id: str) -> report.ReturnShown:
    """Give a return up before anything came; a salesperson does so for own customers."""
    _found(tx.connection, return_id, _owner())
    return _answered(tx, cancel_return, return_id, body)


@returns.command(
    "POST",
    "/<uuid:return_id>/receive",
    body=ReturnReceiptIn,
    answer=ReturnOut,
    roles=_MAY_TAKE,
    summary="Receive returned goods",
)
def receive(tx: Transaction, body: dict[str, Any], return_id: str) -> report.ReturnShown:
    """Book what came into quarantine; nobody is promised any of it before it is inspected."""
    command = ReceiveReturn(
        return_id=return_id,
        warehouse_id=body["warehouse_id"],
        today=company_day(tx.now),
        received_on=body["received_on"],
        parts=tuple(ReceivedPart(**with_serials(line)) for line in body["lines"]),
        expected_version=expected_version(),
    )
    receive_return(tx, command)
    return _found(tx.connection, return_id, None)


@returns.command(
    "POST",
    "/<uuid:return_id>/inspect",
    body=InspectionsIn,
    answer=ReturnOut,
    roles=_MAY_TAKE,
    summary="Inspect returned goods",
)
def inspect(tx: Transaction, body: dict[str, Any], return_id: str) -> report.ReturnShown:
    """Put inspected goods on the shelves again, or scrap them; with the last line the customer is credited."""
    inspections = tuple(Inspection(**with_serials(line)) for line in body["lines"])
    inspect_return(tx, InspectReturn(return_id, inspections, company_day(tx.now), expected_version()))
    return _found(tx.connection, return_id, None)


def _answered(
    tx: Transaction,
    act: Callable[[Transaction, AnswerReturn], GoodsReturn],
    return_id: str,
    body: dict[str, Any],
) -> report.ReturnShown:
    act(tx, AnswerReturn(return_id, body["answer"], expected_version()))
    return _found(tx.connection, return_id, None)


def _owner() -> str | None:
    who = principal()
    return who.subject if who.owner_only else None


def _found(connection: Any, return_id: str, owner_id: str | None) -> report.ReturnShown:
    found = report.find(connection, return_id, owner_id=owner_id)
    if found is None:
        raise ReturnNotFound("there is no such return", field="return_id")
    return found
