"""Order types over HTTP: how orders of a kind run, tried on past ones before it applies."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.sales.api.who import READERS
from services.sales.domain.order_type import (
    CHOICES,
    MOST_DAYS,
    MOST_DOWN_PAYMENT_BP,
    MOST_FLOWS,
    ORDINARY,
    OrderType,
    Process,
)
from services.sales.reports.order_types import ProcessTrial, TypeSearch, list_types, one_type, try_process
from services.sales.use_cases.define_order_type import check_process, define_order_type

order_types = Noun("order_types", "/api/v1/order-types", description="How orders of each kind run")
AUTHORS_OF_TYPES = ("sales_manager",)
CODE = "[a-z][a-z0-9_]*"
MOST_TRIED = 1000
USUALLY_TRIED = 100
_CODE = {"description": "The type's short name; of an existing one: its next version."}
_SAYS = {
    "payment": "on_account: by invoice; advance: before anything goes out; cash: at the counter.",
    "reserve": "When stock is taken: at_order, when_paid, before_delivery, or never.",
    "shortage": "What is missing is waited for (wait), or ends the order (refuse).",
    "shipping": "complete: nothing leaves before all of it does.",
    "allocation": "complete: all that is wanted is held, or nothing; partial: what there is, and the rest as it comes.",
    "source": "stock, to_order (got for this order alone) or supplier (who sends it to the customer).",
    "handover": "delivery, or counter (it leaves at once).",
    "invoice": "What an invoice is for: the whole order at once, each shipment, or what was signed for (delivery).",
}
_FLOWS = {"description": "The approval flows that may ask about it, by name; null: all."}


def _choice(name: str, **options: Any) -> fields.Choice:
    return fields.Choice(*CHOICES[name], metadata={"description": _SAYS[name]}, **options)


def _given(name: str) -> fields.Choice:
    return _choice(name, load_default=getattr(ORDINARY, name))


class ProcessIn(Strict):
    """What an order goes through; what is left out is as in an ordinary order."""

    credit_check = fields.Flag(
        load_default=ORDINARY.credit_check, metadata={"description": "Whether the customer's limit is asked."}
    )
    payment = _given("payment")
    reserve = _given("reserve")
    reserve_days = fields.CountField(
        most=MOST_DAYS,
        load_default=ORDINARY.reserve_days,
        metadata={"description": "With reserve=before_delivery: how many days before the promised one."},
    )
    shortage = _given("shortage")
    shipping = _given("shipping")
    allocation = _given("allocation")
    source = _given("source")
    handover = _given("handover")
    invoice = _given("invoice")
    down_payment_bp = fields.CountField(
        most=MOST_DOWN_PAYMENT_BP,
        load_default=ORDINARY.down_payment_bp,
        metadata={
            "description": "What of the order is invoiced as it is confirmed, in hundredths of a percent."
        },
    )
    approvals = fields.ListOf(
        fields.Text(max=120), least=0, most=MOST_FLOWS, allow_none=True, load_default=None, metadata=_FLOWS
    )


class OrderTypeIn(Strict):
    """A new order type, or the next version of the one of this code."""

    code = fields.Text(max=40, pattern=CODE, required=True, metadata=_CODE)
    name_en = fields.Text(max=120, required=True)
    name_zh = fields.Text(max=120, required=True)
    valid_from = fields.DateField(
        allow_none=True, metadata={"description": "First day of issue that it is for; null: any."}
    )
    active = fields.Flag(
        load_default=True, metadata={"description": "False: no new documents; those that run go on."}
    )
    process = fields.Nested(ProcessIn, required=True)


class ProcessTrialIn(Strict):
    """A process, and on how many of the last orders it is tried."""

    process = fields.Nested(ProcessIn, required=True)
    last = fields.CountField(least=1, most=MOST_TRIED, load_default=USUALLY_TRIED)


class ProcessOut(Strict):
    """What an order goes through."""

    credit_check = fields.Flag()
    payment = _choice("payment")
    reserve = _choice("reserve")
    reserve_days = fields.CountField()
    shortage = _choice("shortage")
    shipping = _choice("shipping")
    allocation = _choice("allocation")
    source = _choice("source")
    handover = _choice("handover")
    invoice = _choice("invoice")
    down_payment_bp = fields.CountField()
    approvals = fields.ListOf(fields.Text(max=120), least=0, allow_none=True, metadata=_FLOWS)


class OrderTypeOut(Strict):
    """One version of an order type."""

    id = fields.IdField()
    code = fields.Text(max=40)
    version = fields.CountField(least=1)
    name_en = fields.Text(max=120)
    name_zh = fields.Text(max=120)
    valid_from = fields.DateField(allow_none=True)
    active = fields.Flag()
    process = fields.Nested(ProcessOut)
    created_by = fields.Text(max=64)


class TriedOrderOut(Strict):
    """An order as it ran, and as it would have run; ``given_up``: for want of the stock that it waited for."""

    id = fields.IdField(attribute="order.id")
    number = fields.Text(max=32, attribute="order.number")
    customer_id = fields.IdField(attribute="order.customer_id")
    total = fields.MoneyField(attribute="order.total")
    order_type = fields.Text(max=40, attribute="order.order_type")
    order_type_version = fields.CountField(least=1, attribute="order.order_type_version")
    steps_before = fields.ListOf(fields.Text(max=40))
    steps = fields.ListOf(fields.Text(max=40))
    holds_before = fields.ListOf(fields.Text(max=16), least=0)
    holds = fields.ListOf(fields.Text(max=16), least=0)
    given_up = fields.Flag()
    differs = fields.Flag()


class HeldHowOftenOut(Strict):
    """How many of the orders would have waited for something."""

    code = fields.Text(max=16)
    orders = fields.CountField(least=1)


class ProcessTrialOut(Strict):
    """What the process would have done to the last orders."""

    looked_at = fields.CountField()
    different = fields.CountField()
    given_up = fields.CountField()
    holds = fields.ListOf(HeldHowOftenOut, least=0)
    orders = fields.ListOf(TriedOrderOut, least=0)


class OrderTypeFilter(Strict):
    """What to look for."""

    code = fields.Text(max=40)
    superseded = fields.Flag(metadata={"description": "Show earlier versions too."})


@order_types.command(
    "POST",
    "/",
    body=OrderTypeIn,
    answer=OrderTypeOut,
    status=201,
    roles=AUTHORS_OF_TYPES,
    location="/api/v1/order-types/{id}",
    summary="Define an order type",
)
def define(tx: Transaction, body: dict[str, Any]) -> OrderType:
    """Define a type or its next version; what was quoted or ordered before keeps the version that it was made with."""
    process = _process(body.pop("process"))
    return define_order_type(
        tx, OrderType(id="", **body, version=0, process=process, created_by=principal().subject)
    )


@order_types.command(
    "POST",
    "/try",
    body=ProcessTrialIn,
    answer=ProcessTrialOut,
    roles=AUTHORS_OF_TYPES,
    summary="Try a process",
)
def attempt(tx: Transaction, body: dict[str, Any]) -> ProcessTrial:
    """Tell how the last orders would have run by it, and what they would have waited for; nothing is changed."""
    process = _process(body["process"])
    check_process(tx.connection, process)
    return try_process(tx.connection, process, body["last"])


@order_types.query(
    "/", answer=OrderTypeOut, roles=READERS, filters=OrderTypeFilter, paged=True, summary="Find order types"
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List order types by code, of each its last version."""
    rows = list_types(connection, TypeSearch(**filters), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.code, row.version))


@order_types.query("/<uuid:type_id>", answer=OrderTypeOut, roles=READERS, summary="Look at an order type")
def show(connection: Connection, type_id: str) -> OrderType:
    """Show one version of an order type."""
    return one_type(connection, type_id)


def _process(given: dict[str, Any]) -> Process:
    flows = given.pop("approvals")
    return Process(**given, approvals=None if flows is None else tuple(flows))
