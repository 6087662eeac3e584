"""Supplier invoices over HTTP: entered, matched with what was bought, and decided where they differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.money import Money
from libs.common.web import Noun, Page, PageRequest, Strict, expected_version, fields
from services.finance.api.company import company_terms
from services.finance.api.who import BOOKKEEPERS, CREDIT_DECIDERS
from services.finance.domain.supplier_invoice import WrittenLine
from services.finance.domain.three_way import MatchPolicy, Tolerance
from services.finance.reports.match_policy import match_policy_now
from services.finance.reports.supplier_invoices import (
    SupplierInvoiceSearch,
    SupplierInvoiceView,
    list_supplier_invoices,
    one_supplier_invoice,
    uninvoiced,
)
from services.finance.use_cases.match_policy import SetMatchPolicy, set_match_policy
from services.finance.use_cases.supplier_invoices import (
    DecideSupplierInvoice,
    EnterSupplierInvoice,
    enter_supplier_invoice,
    reject_supplier_invoice,
    release_supplier_invoice,
)

_STATES = ("on_hold", "posted", "rejected")
_PAYMENT_STATES = ("not_paid", "partial", "paid")
_MOST_LINES = 500

supplier_invoices = Noun(
    "supplier_invoices",
    "/api/v1/supplier-invoices",
    description="What suppliers want to be paid, three-way matched",
)
uninvoiced_receipts = Noun(
    "uninvoiced_receipts", "/api/v1/uninvoiced-receipts", description="What came in and was not invoiced yet"
)


class SupplierInvoiceLineIn(Strict):
    """A line: which line of a purchase order, how much of it, and the price of one."""

    line_id = fields.IdField(required=True, metadata={"description": "Of the purchase order."})
    quantity = fields.QuantityField(required=True)
    unit_price = fields.PriceField(required=True)


class SupplierInvoiceIn(Strict):
    """A supplier's invoice as it came."""

    supplier_id = fields.IdField(required=True)
    reference = fields.Text(
        max=64, required=True, metadata={"description": "The supplier's own number; once per supplier."}
    )
    invoiced_on = fields.DateField(
        required=True, metadata={"description": "The day on it. Not in the future."}
    )
    due_on = fields.DateField(metadata={"description": "Left out: by the company's own terms."})
    tax = fields.MoneyField(metadata={"description": "Tax on it that the company gets back."})
    lines = fields.ListOf(SupplierInvoiceLineIn, most=_MOST_LINES, required=True)


class SupplierInvoiceLineOut(Strict):
    """A line beside what was ordered, what had come in, and what was invoiced before, when it was matched."""

    line_no = fields.CountField(least=1)
    line_id = fields.IdField()
    purchase_order_id = fields.IdField()
    purchase_order_number = fields.Text(max=32)
    sku = fields.Text(max=64)
    quantity = fields.QuantityField()
    unit_price = fields.PriceField()
    amount = fields.MoneyField()
    ordered = fields.QuantityField()
    ordered_unit_price = fields.PriceField()
    received = fields.QuantityField(zero=True)
    invoiced_before = fields.QuantityField(zero=True)
    over = fields.QuantityField(zero=True, metadata={"description": "Invoiced beyond what came in."})
    dearer = fields.MoneyField(metadata={"description": "What it costs beyond the order's price."})
    mismatches = fields.ListOf(fields.Choice("quantity", "price"), least=0)


class SupplierInvoiceOut(Strict):
    """A supplier invoice; ``on_hold`` until what its lines say is as it should be, or a person releases it."""

    id = fields.IdField()
    number = fields.Text(max=20)
    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    reference = fields.Text(max=64)
    state = fields.Choice(*_STATES)
    payment_state = fields.Choice(*_PAYMENT_STATES)
    total = fields.MoneyField()
    tax = fields.MoneyField()
    open = fields.MoneyField(metadata={"description": "What is still to be paid; nothing unless posted."})
    invoiced_on = fields.DateField()
    due_on = fields.DateField()
    posted_on = fields.DateField(allow_none=True)
    entered_by = fields.Text(max=120, allow_none=True)
    decided_by = fields.Text(max=120, allow_none=True)
    reason = fields.Text(max=500, allow_none=True)
    created_at = fields.UtcField()
    version = fields.CountField(least=1)
    lines = fields.ListOf(SupplierInvoiceLineOut)


class SupplierInvoiceFilter(Strict):
    """What to look for."""

    supplier_id = fields.IdField()
    state = fields.Choice(*_STATES)
    payment_state = fields.Choice(*_PAYMENT_STATES)
    reference = fields.Text(max=64)
    due_until = fields.DateField(metadata={"description": "Only what is owed and due by then."})


class SupplierInvoiceDecisionIn(Strict):
    """Why it is decided so."""

    reason = fields.Text(max=500, required=True)


class MatchPolicyIn(Strict):
    """How much too much is borne. A bound that is left out does not bind; without any of a kind, nothing is borne."""

    price_percent = fields.PercentField(metadata={"description": "Of the ordered price."})
    price_amount = fields.MoneyField(metadata={"description": "Of a line, beyond the ordered price."})
    quantity_percent = fields.PercentField(metadata={"description": "Of what came in of a line."})
    quantity_amount = fields.MoneyField(
        metadata={"description": "The worth of what did not come in of a line."}
    )


class MatchPolicyOut(Strict):
    """What applies now; version 0, which bears nothing, is how it begins."""

    version = fields.CountField()
    price_percent = fields.PercentField(allow_none=True)
    price_amount = fields.MoneyField(allow_none=True)
    quantity_percent = fields.PercentField(allow_none=True)
    quantity_amount = fields.MoneyField(allow_none=True)


class UninvoicedFilter(Strict):
    """Of which supplier or purchase order."""

    supplier_id = fields.IdField()
    purchase_order_id = fields.IdField()


class UninvoicedOut(Strict):
    """A line of a purchase order of which something came in that was not invoiced, at the order's price."""

    line_id = fields.IdField(attribute="line.line_id")
    purchase_order_id = fields.IdField(attribute="line.purchase_order_id")
    purchase_order_number = fields.Text(max=32, attribute="line.order_number")
    supplier_id = fields.IdField(attribute="line.supplier_id")
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    item_id = fields.IdField(attribute="line.item_id")
    sku = fields.Text(max=64, attribute="line.sku")
    ordered = fields.QuantityField(attribute="line.ordered")
    unit_price = fields.PriceField(attribute="line.unit_price")
    received = fields.QuantityField(attribute="line.received")
    invoiced = fields.QuantityField(zero=True, attribute="line.invoiced")
    to_invoice = fields.QuantityField()
    value = fields.MoneyField()


@supplier_invoices.command(
    "POST",
    "/",
    body=SupplierInvoiceIn,
    answer=SupplierInvoiceOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/supplier-invoices/{id}",
    summary="Enter a supplier invoice",
)
def enter(tx: Transaction, body: dict[str, Any]) -> SupplierInvoiceView:
    """Enter an invoice; it is posted at once if it is as ordered and received, else it is on hold."""
    lines = tuple(WrittenLine(**line) for line in body["lines"])
    invoice_id = enter_supplier_invoice(tx, EnterSupplierInvoice(**body | {"lines": lines}), company_terms())
    return one_supplier_invoice(tx.connection, invoice_id)


@supplier_invoices.command(
    "POST",
    "/<uuid:invoice_id>/release",
    body=SupplierInvoiceDecisionIn,
    answer=SupplierInvoiceOut,
    roles=CREDIT_DECIDERS,
    summary="Release a supplier invoice",
)
def release(tx: Transaction, body: dict[str, Any], invoice_id: str) -> SupplierInvoiceView:
    """Post an invoice in spite of its differences; not by the one who entered it."""
    command = DecideSupplierInvoice(invoice_id, body["reason"], expected_version())
    release_supplier_invoice(tx, command, company_terms())
    return one_supplier_invoice(tx.connection, invoice_id)


@supplier_invoices.command(
    "POST",
    "/<uuid:invoice_id>/reject",
    body=SupplierInvoiceDecisionIn,
    answer=SupplierInvoiceOut,
    roles=CREDIT_DECIDERS,
    summary="Reject a supplier invoice",
)
def reject(tx: Transaction, body: dict[str, Any], invoice_id: str) -> SupplierInvoiceView:
    """Refuse to owe an invoice that is on hold; the supplier may send another under its number."""
    reject_supplier_invoice(tx, DecideSupplierInvoice(invoice_id, body["reason"], expected_version()))
    return one_supplier_invoice(tx.connection, invoice_id)


@supplier_invoices.query(
    "/",
    answer=SupplierInvoiceOut,
    roles=BOOKKEEPERS,
    filters=SupplierInvoiceFilter,
    paged=True,
    summary="Find supplier invoices",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List supplier invoices, newest first."""
    wanted = SupplierInvoiceSearch(**filters)
    rows = list_supplier_invoices(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@supplier_invoices.query(
    "/<uuid:invoice_id>", answer=SupplierInvoiceOut, roles=BOOKKEEPERS, summary="Look at a supplier invoice"
)
def show(connection: Connection, invoice_id: str) -> SupplierInvoiceView:
    """Show a supplier invoice, with what was found of each line."""
    return one_supplier_invoice(connection, invoice_id)


@supplier_invoices.query(
    "/match-policy", answer=MatchPolicyOut, roles=BOOKKEEPERS, summary="The tolerances of the match"
)
def show_policy(connection: Connection) -> dict[str, Any]:
    """Show how much of a difference is borne."""
    return _policy(match_policy_now(connection))


@supplier_invoices.command(
    "PUT",
    "/match-policy",
    body=MatchPolicyIn,
    answer=MatchPolicyOut,
    roles=CREDIT_DECIDERS,
    summary="Set the tolerances of the match",
)
def put_policy(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Set how much of a difference is borne from now on."""
    price, quantity = _tolerance(body, "price"), _tolerance(body, "quantity")
    return _policy(set_match_policy(tx, SetMatchPolicy(price, quantity, expected_version())))


def _tolerance(body: dict[str, Any], kind: str) -> Tolerance:
    percent: Decimal | None = body.get(f"{kind}_percent")
    amount: Money | None = body.get(f"{kind}_amount")
    return Tolerance(None if percent is None else int(percent * 100), amount)


def _policy(policy: MatchPolicy) -> dict[str, Any]:
    shown: dict[str, Any] = {"version": policy.version}
    for kind, tolerance in (("price", policy.price), ("quantity", policy.quantity)):
        shown[f"{kind}_percent"] = None if tolerance.bp is None else Decimal(tolerance.bp) / 100
        shown[f"{kind}_amount"] = tolerance.amount
    return shown


@uninvoiced_receipts.query(
    "/",
    answer=UninvoicedOut,
    roles=BOOKKEEPERS,
    filters=UninvoicedFilter,
    paged=True,
    summary="What came in and was not invoiced",
)
def list_uninvoiced(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List lines of purchase orders of which more came in than was invoiced, what was ordered last first."""
    rows = uninvoiced(
        connection,
        filters.get("supplier_id"),
        filters.get("purchase_order_id"),
        after=page.after,
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.line.line_id,))
