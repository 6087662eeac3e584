"""Production orders: raise, release, start, report what was made, close, give up, list."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.quantity import Quantity
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.inventory.api.buying import BUYERS, READERS, RELEASERS
from services.inventory.api.company_day import company_day
from services.inventory.api.serial_fields import serials_in, with_serials
from services.inventory.domain.bom import MOST_COMPONENTS
from services.inventory.domain.consumption import ActualUse
from services.inventory.reports.production_orders import (
    ProductionOrderView,
    list_production_orders,
    one_production_order,
)
from services.inventory.use_cases.production_orders import (
    CancelProduction,
    RaiseProduction,
    ReleaseProduction,
    StartProduction,
    cancel_production,
    raise_production,
    release_production,
    start_production,
)
from services.inventory.use_cases.report_production import (
    CloseProduction,
    ReportProduction,
    close_production,
    report_production,
)

_STATES = ("request", "waiting", "assigned", "running", "done", "cancelled")
_ORIGINS = ("shortage", "reorder_point", "manual")

production_orders = Noun(
    "production-orders",
    "/api/v1/production-orders",
    description="What is to be made and why; the shortage of an item that is made raises its own by itself",
)


class ProductionOrderIn(Strict):
    """What somebody wants to be made; without a day it is due when its bill of materials says."""

    item_id = fields.IdField(required=True)
    warehouse_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)
    due_on = fields.DateField(load_default=None, allow_none=True)
    note = fields.Text(max=1000, multiline=True, load_default=None, allow_none=True)


class ReleaseIn(Strict):
    """A release says no more than that."""


class StartIn(Strict):
    """A start says no more than that."""


class ActualUseIn(Strict):
    """What was really used up of a component, of one lot; zero: nothing of it."""

    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(zero=True, required=True)
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    serials = serials_in()


class ProductionReportIn(Strict):
    """What was made; components that ``consumed`` does not name were used up by the bill of materials."""

    finished = fields.QuantityField(zero=True, load_default=Quantity.zero())
    scrapped = fields.QuantityField(zero=True, load_default=Quantity.zero())
    reason = fields.Text(
        max=1000, load_default=None, allow_none=True, metadata={"description": "Why it was scrapped"}
    )
    lot = fields.Text(max=64, load_default=None, allow_none=True)
    expires_on = fields.DateField(load_default=None, allow_none=True)
    reported_on = fields.DateField(load_default=None, allow_none=True)
    serials = serials_in()
    consumed = fields.ListOf(ActualUseIn, least=0, most=1000, load_default=())


class ProductionCloseIn(Strict):
    """Why no more is made, and whether less than the tolerance allows is accepted."""

    reason = fields.Text(max=1000, required=True)
    accept_shortfall = fields.Flag(load_default=False)


class ProductionCancelIn(Strict):
    """Why it is given up."""

    reason = fields.Text(max=1000, required=True)


class ProductionComponentOut(Strict):
    """A component: required in all, reserved and missing for the rest; planned and consumed for what was made."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    required = fields.QuantityField(zero=True)
    reserved = fields.QuantityField(zero=True)
    missing = fields.QuantityField(zero=True)
    planned = fields.QuantityField(zero=True)
    consumed = fields.QuantityField(zero=True)


class ConsumptionOut(Strict):
    """What a report used up of a component, and what it would have by the bill of materials."""

    item_id = fields.IdField()
    sku = fields.Text(max=64)
    planned = fields.QuantityField(zero=True)
    quantity = fields.QuantityField(zero=True)


class ProductionReportOut(Strict):
    """What was made with one report; its moves are listed at ``/stock-moves?document_id=``."""

    id = fields.IdField()
    finished = fields.QuantityField(zero=True)
    scrapped = fields.QuantityField(zero=True)
    lot = fields.Text(max=64, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    reported_on = fields.DateField()
    actor = fields.Text(max=120, allow_none=True)
    consumed = fields.ListOf(ConsumptionOut, least=0, most=MOST_COMPONENTS)


class ProductionOrderOut(Strict):
    """A production order; ``quantity`` is ``need`` in the lots in which it is made, ``most`` the most it may bring."""

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
    most = fields.QuantityField(zero=True, metadata={"description": "Zero before the release"})
    finished = fields.QuantityField(zero=True)
    scrapped = fields.QuantityField(zero=True)
    outstanding = fields.QuantityField(zero=True)
    bom_version = fields.CountField(allow_none=True)
    due_on = fields.DateField(allow_none=True)
    released_on = fields.DateField(allow_none=True)
    requested_by = fields.Text(
        max=120, allow_none=True, metadata={"description": "Nobody: it came about by itself"}
    )
    released_by = fields.Text(max=120, allow_none=True)
    note = fields.Text(max=1000, multiline=True, allow_none=True)
    reason = fields.Text(max=1000, allow_none=True)
    created_at = fields.UtcField()
    updated_at = fields.UtcField()
    version = fields.CountField()
    components = fields.ListOf(ProductionComponentOut, least=0, most=MOST_COMPONENTS)
    reports = fields.ListOf(ProductionReportOut, least=0, most=10_000)


class ProductionOrderFilter(Strict):
    """Which production orders to list."""

    state = fields.Choice(*_STATES)
    origin = fields.Choice(*_ORIGINS)
    item_id = fields.IdField()
    warehouse_id = fields.IdField()
    number = fields.Text(max=32)


@production_orders.command(
    "POST",
    "/",
    body=ProductionOrderIn,
    answer=ProductionOrderOut,
    status=201,
    roles=BUYERS,
    summary="Ask for something to be made",
    location="/api/v1/production-orders/{id}",
)
def raise_(tx: Transaction, body: dict[str, Any]) -> ProductionOrderView:
    """Ask for something to be made; nothing is reserved before the release."""
    raised = raise_production(tx, RaiseProduction(**body, today=company_day(tx.now)))
    return one_production_order(tx.connection, raised.id)


@production_orders.command(
    "POST",
    "/<uuid:production_order_id>/release",
    body=ReleaseIn,
    answer=ProductionOrderOut,
    roles=RELEASERS,
    summary="Release a production order",
)
def release(tx: Transaction, _body: dict[str, Any], production_order_id: str) -> ProductionOrderView:
    """Let it be made: its components are reserved, and what is missing of them is asked for by their policies."""
    release_production(tx, ReleaseProduction(production_order_id, company_day(tx.now), expected_version()))
    return one_production_order(tx.connection, production_order_id)


@production_orders.command(
    "POST",
    "/<uuid:production_order_id>/start",
    body=StartIn,
    answer=ProductionOrderOut,
    roles=BUYERS,
    summary="Start a production order",
)
def start(tx: Transaction, _body: dict[str, Any], production_order_id: str) -> ProductionOrderView:
    """Begin to make it, as far as its components are there."""
    start_production(tx, StartProduction(production_order_id, expected_version()))
    return one_production_order(tx.connection, production_order_id)


@production_orders.command(
    "POST",
    "/<uuid:production_order_id>/reports",
    body=ProductionReportIn,
    answer=ProductionOrderOut,
    status=201,
    roles=BUYERS,
    summary="Report what was made",
)
def report(tx: Transaction, body: dict[str, Any], production_order_id: str) -> ProductionOrderView:
    """Book what was finished and what it used up; orders that wait for it are served at once afterwards."""
    used = tuple(ActualUse(**with_serials(each)) for each in body["consumed"])
    command = ReportProduction(
        production_order_id,
        **(with_serials(body) | {"consumed": used}),
        today=company_day(tx.now),
        expected_version=expected_version(),
    )
    report_production(tx, command)
    return one_production_order(tx.connection, production_order_id)


@production_orders.command(
    "POST",
    "/<uuid:production_order_id>/close",
    body=ProductionCloseIn,
    answer=ProductionOrderOut,
    roles=BUYERS,
    summary="Expect no more of a production order",
)
def close(tx: Transaction, body: dict[str, Any], production_order_id: str) -> ProductionOrderView:
    """Make no more of it; what waiting orders lack because of it is asked for anew."""
    close_production(tx, CloseProduction(production_order_id, **body, expected_version=expected_version()))
    return one_production_order(tx.connection, production_order_id)


@production_orders.command(
    "POST",
    "/<uuid:production_order_id>/cancel",
    body=ProductionCancelIn,
    answer=ProductionOrderOut,
    roles=BUYERS,
    summary="Give a production order up",
)
def cancel(tx: Transaction, body: dict[str, Any], production_order_id: str) -> ProductionOrderView:
    """Give it up before anything was made; its components become free."""
    cancel_production(tx, CancelProduction(production_order_id, **body, expected_version=expected_version()))
    return one_production_order(tx.connection, production_order_id)


@production_orders.query(
    "/<uuid:production_order_id>", answer=ProductionOrderOut, roles=READERS, summary="Show a production order"
)
def show(connection: Connection, production_order_id: str) -> ProductionOrderView:
    """Show a production order."""
    return one_production_order(connection, production_order_id)


@production_orders.query(
    "/",
    answer=ProductionOrderOut,
    roles=READERS,
    filters=ProductionOrderFilter,
    paged=True,
    summary="List production orders",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List production orders, oldest first."""
    after = page.after[0] if page.after else None
    rows = list_production_orders(connection, filters, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))
