"""Suppliers' accounts over HTTP: what is owed on any day, what it is time to pay, and payments of it."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Page, PageRequest, Strict, fields
from services.finance.api.bank import bank_lines
from services.finance.api.company import company_day, company_terms, past_day
from services.finance.api.who import BOOKKEEPERS
from services.finance.domain.supplier_payment import SupplierShare
from services.finance.reports.payables import MOST_PROPOSED, DebtSearch, debts, proposals, suppliers_owed
from services.finance.reports.period import Period
from services.finance.reports.supplier_accounts import (
    SupplierAccountView,
    SupplierPaymentView,
    SupplierStatement,
    list_supplier_accounts,
    list_supplier_payments,
    one_supplier_account,
    one_supplier_payment,
    supplier_statement,
)
from services.finance.use_cases.supplier_payments import (
    PayFromBankLine,
    PaySupplier,
    pay_from_bank_line,
    pay_supplier,
)

supplier_payments = Noun(
    "supplier_payments",
    "/api/v1/supplier-payments",
    description="Payments to suppliers, and what it is time to pay",
)
supplier_accounts = Noun(
    "supplier_accounts", "/api/v1/supplier-accounts", description="Suppliers and what they are owed"
)
payables_ageing = Noun(
    "payables_ageing", "/api/v1/payables-ageing", description="What is owed to suppliers, by days past due"
)


class SupplierShareIn(Strict):
    """A part of the payment, and the supplier invoice that it pays."""

    supplier_invoice_id = fields.IdField(required=True)
    amount = fields.MoneyField(zero=False, required=True)


class SupplierPaymentIn(Strict):
    """Money that went to a supplier: as much as the invoices that it pays come to."""

    supplier_id = fields.IdField(required=True)
    reference = fields.Text(
        max=140, required=True, metadata={"description": "Of the transfer; once per supplier."}
    )
    paid_on = fields.DateField(metadata={"description": "Left out: today. Not in the future."})
    allocations = fields.ListOf(SupplierShareIn, most=500, required=True)


class PaySupplierIn(Strict):
    """To whom the money of the line went, and for which invoices; they come to the amount of the line."""

    supplier_id = fields.IdField(required=True)
    allocations = fields.ListOf(SupplierShareIn, most=500, required=True)


class SupplierPaidOut(Strict):
    """A part of the payment that paid a supplier invoice."""

    supplier_invoice_id = fields.IdField()
    number = fields.Text(max=20)
    reference = fields.Text(max=64)
    amount = fields.MoneyField()


class SupplierPaymentOut(Strict):
    """A payment to a supplier with all that it paid."""

    id = fields.IdField()
    number = fields.Text(max=20)
    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    amount = fields.MoneyField()
    reference = fields.Text(max=140)
    paid_on = fields.DateField()
    booked_on = fields.DateField()
    bank_line_id = fields.IdField(allow_none=True)
    recorded_by = fields.Text(max=120, allow_none=True)
    allocations = fields.ListOf(SupplierPaidOut)


class SupplierPaymentFilter(Strict):
    """To whom."""

    supplier_id = fields.IdField()


class PaymentProposalFilter(Strict):
    """Until when, and to whom."""

    due_until = fields.DateField(metadata={"description": "Included; left out: today."})
    supplier_id = fields.IdField()


class ProposedSupplierInvoiceOut(Strict):
    """An invoice that falls due by then."""

    supplier_invoice_id = fields.IdField()
    number = fields.Text(max=20)
    reference = fields.Text(max=64)
    due_on = fields.DateField()
    open = fields.MoneyField()


class PaymentProposalOut(Strict):
    """What a supplier is to be paid in one currency."""

    supplier_id = fields.IdField()
    supplier_number = fields.Text(max=32)
    supplier_name = fields.Text(max=200)
    total = fields.MoneyField()
    invoices = fields.ListOf(
        ProposedSupplierInvoiceOut,
        metadata={"description": f"At most {MOST_PROPOSED}, what is due first first."},
    )


class SupplierOwedOut(Strict):
    """What a supplier is owed in one currency; what is on hold is not owed yet."""

    currency = fields.Text(max=3)
    open = fields.MoneyField()
    overdue = fields.MoneyField()
    on_hold = fields.MoneyField()


class SupplierAccountOut(Strict):
    """A supplier of whom something was ordered."""

    id = fields.IdField()
    number = fields.Text(max=32)
    name = fields.Text(max=200)
    owed = fields.ListOf(SupplierOwedOut, least=0)


class SupplierPeriodFilter(Strict):
    """Which currency, and which days, both included."""

    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})
    first = fields.DateField(metadata={"description": "Left out: the first of the month of the last day."})
    last = fields.DateField(metadata={"description": "Left out: today. Not in the future."})


class SupplierStatementLineOut(Strict):
    """An invoice or a payment, and what is owed after it."""

    day = fields.DateField()
    kind = fields.Choice("supplier_invoice", "supplier_payment", "supplier_credit_note")
    document_id = fields.IdField()
    number = fields.Text(max=20)
    reference = fields.Text(max=140)
    due_on = fields.DateField(allow_none=True)
    charged = fields.MoneyField()
    paid = fields.MoneyField()
    balance = fields.MoneyField(negative=True)


class SupplierStatementOut(Strict):
    """All that moved what is owed in a period; closing = opening + charged - paid."""

    supplier_id = fields.IdField()
    number = fields.Text(max=32)
    name = fields.Text(max=200)
    currency = fields.Text(max=3)
    first = fields.DateField()
    last = fields.DateField()
    opening = fields.MoneyField(negative=True)
    charged = fields.MoneyField()
    paid = fields.MoneyField()
    closing = fields.MoneyField(negative=True)
    lines = fields.ListOf(SupplierStatementLineOut, least=0)


class DebtFilter(Strict):
    """Which day and currency."""

    as_of = fields.DateField(metadata={"description": "Included; left out: today. Not in the future."})
    currency = fields.CurrencyField()


class AgedDebtOut(Strict):
    """Open amounts by days past due; open = their sum."""

    not_due = fields.MoneyField(metadata={"description": "Due on the day itself, or later."})
    days_1_30 = fields.MoneyField()
    days_31_60 = fields.MoneyField()
    days_61_90 = fields.MoneyField()
    days_91_120 = fields.MoneyField()
    over_120_days = fields.MoneyField()
    open = fields.MoneyField()
    overdue = fields.MoneyField()


class CurrencyDebtOut(Strict):
    """All that is owed to suppliers in one currency."""

    currency = fields.Text(max=3)
    suppliers = fields.CountField()
    amounts = fields.Nested(AgedDebtOut)


class PayablesAgeingOut(Strict):
    """What is owed to suppliers on a day, by currency."""

    as_of = fields.DateField()
    currencies = fields.ListOf(CurrencyDebtOut, least=0)


class SupplierDebtOut(Strict):
    """What one supplier is owed in one currency."""

    supplier_id = fields.IdField()
    number = fields.Text(max=32)
    name = fields.Text(max=200)
    currency = fields.Text(max=3)
    oldest_due_on = fields.DateField()
    amounts = fields.Nested(AgedDebtOut)


def _shares(body: dict[str, Any]) -> tuple[SupplierShare, ...]:
    return tuple(SupplierShare(**share) for share in body["allocations"])


@supplier_payments.command(
    "POST",
    "/",
    body=SupplierPaymentIn,
    answer=SupplierPaymentOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/supplier-payments/{id}",
    summary="Pay supplier invoices",
)
def pay(tx: Transaction, body: dict[str, Any]) -> SupplierPaymentView:
    """Record a payment for one or several posted invoices of a supplier, all or nothing."""
    command = PaySupplier(body["supplier_id"], body["reference"], _shares(body), body.get("paid_on"))
    return one_supplier_payment(tx.connection, pay_supplier(tx, command, company_terms()))


@bank_lines.command(
    "POST",
    "/<uuid:line_id>/pay-supplier",
    body=PaySupplierIn,
    answer=SupplierPaymentOut,
    status=201,
    roles=BOOKKEEPERS,
    location="/api/v1/supplier-payments/{id}",
    summary="Take a line for a payment to a supplier",
)
def pay_from_line(tx: Transaction, body: dict[str, Any], line_id: str) -> SupplierPaymentView:
    """Record money that went out as a payment to a supplier, under the bank's own reference."""
    command = PayFromBankLine(line_id, body["supplier_id"], _shares(body))
    return one_supplier_payment(tx.connection, pay_from_bank_line(tx, command, company_terms()))


@supplier_payments.query(
    "/",
    answer=SupplierPaymentOut,
    roles=BOOKKEEPERS,
    filters=SupplierPaymentFilter,
    paged=True,
    summary="Find payments to suppliers",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List payments to suppliers, newest first."""
    rows = list_supplier_payments(
        connection, filters.get("supplier_id"), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.id,))


@supplier_payments.query(
    "/<uuid:payment_id>",
    answer=SupplierPaymentOut,
    roles=BOOKKEEPERS,
    summary="Look at a payment to a supplier",
)
def show(connection: Connection, payment_id: str) -> SupplierPaymentView:
    """Show a payment to a supplier."""
    return one_supplier_payment(connection, payment_id)


@supplier_payments.query(
    "/proposal",
    answer=PaymentProposalOut,
    roles=BOOKKEEPERS,
    filters=PaymentProposalFilter,
    paged=True,
    summary="What it is time to pay",
)
def propose(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List what falls due until a day, supplier by supplier and currency by currency."""
    rows = proposals(
        connection,
        filters.get("due_until") or company_day(),
        filters.get("supplier_id"),
        after=page.after,
        limit=page.limit + 1,
    )
    return Page.of(rows, page, key=lambda row: (row.supplier_id, row.total.currency))


@supplier_accounts.query(
    "/", answer=SupplierAccountOut, roles=BOOKKEEPERS, paged=True, summary="List suppliers' accounts"
)
def accounts(connection: Connection, page: PageRequest) -> Page:
    """List suppliers of whom something was ordered, and what they are owed."""
    rows = list_supplier_accounts(connection, company_day(), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.id,))


@supplier_accounts.query(
    "/<uuid:supplier_id>",
    answer=SupplierAccountOut,
    roles=BOOKKEEPERS,
    summary="Look at a supplier's account",
)
def account(connection: Connection, supplier_id: str) -> SupplierAccountView:
    """Show what a supplier is owed, currency by currency."""
    return one_supplier_account(connection, supplier_id, company_day())


@supplier_accounts.query(
    "/<uuid:supplier_id>/statement",
    answer=SupplierStatementOut,
    roles=BOOKKEEPERS,
    filters=SupplierPeriodFilter,
    summary="The statement of a supplier's account",
)
def statement(connection: Connection, filters: dict[str, Any], supplier_id: str) -> SupplierStatement:
    """Show every invoice and payment of a period with what was owed before, between and after."""
    last = past_day(filters, "last")
    period = Period(filters.get("first") or last.replace(day=1), last)
    currency = filters.get("currency") or company_terms().currency
    return supplier_statement(connection, supplier_id, currency, period)


@payables_ageing.query(
    "/",
    answer=PayablesAgeingOut,
    roles=BOOKKEEPERS,
    filters=DebtFilter,
    summary="What is owed, by days past due",
)
def ageing(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show what was owed to suppliers on a day, by currency."""
    as_of = past_day(filters, "as_of")
    return {"as_of": as_of, "currencies": debts(connection, DebtSearch(as_of, filters.get("currency")))}


@payables_ageing.query(
    "/suppliers",
    answer=SupplierDebtOut,
    roles=BOOKKEEPERS,
    filters=DebtFilter,
    paged=True,
    summary="To whom it is owed",
)
def ageing_of_suppliers(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List who was owed anything on a day, the one who was owed most first."""
    wanted = DebtSearch(past_day(filters, "as_of"), filters.get("currency"))
    rows = suppliers_owed(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (str(row.amounts.open.minor), row.supplier_id, row.currency))
