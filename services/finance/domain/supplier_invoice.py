"""Supplier invoices: entered once, matched with what was bought, posted, held, or rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from libs.common.errors import Forbidden, Invalid, NotFound, Refused
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine, value_of
from services.finance.domain.ledger import Entry, postings_of
from services.finance.domain.roles import GRNI, INPUT_VAT, PAYABLES, PRICE_DIFFERENCE
from services.finance.domain.three_way import LineMatch

SupplierInvoiceState = Literal["on_hold", "posted", "rejected"]


class SupplierNotFound(NotFound):
    """Nothing was ever bought of a supplier with this id."""

    code = "supplier_not_found"
    usual_cure = "choose one from GET /api/v1/supplier-accounts"


class SupplierInvoiceNotFound(NotFound):
    """No supplier invoice has this id."""

    code = "supplier_invoice_not_found"
    usual_cure = "choose one from GET /api/v1/supplier-invoices"


class SupplierInvoiceTwice(Refused):
    """This supplier's invoice was entered before."""

    code = "supplier_invoice_twice"


class SupplierInvoiceInvalid(Invalid):
    """Lines, currencies or days of the invoice do not go together."""

    code = "supplier_invoice_invalid"


class BoughtLineUnknown(Invalid):
    """The supplier has no such line on a purchase order."""

    code = "bought_line_unknown"


class SupplierInvoiceDecided(Refused):
    """The invoice is not on hold, so there is nothing to decide."""

    code = "supplier_invoice_decided"


class OwnInvoiceReleased(Forbidden):
    """Who entered an invoice may not release it as well."""

    code = "own_supplier_invoice"


@dataclass(frozen=True)
class WrittenLine:
    """A line as the supplier wrote it: which line of a purchase order, how much, at which price."""

    line_id: str
    quantity: Quantity
    unit_price: Price


@dataclass(frozen=True)
class SupplierInvoice:
    """What a supplier wants to be paid; ``reference`` is the supplier's own number, ``total`` includes ``tax``.

    *on_hold*: it differs from what was bought, and a receipt or a person frees it. *posted*: it is owed. *rejected*:
    it is not, and the supplier may send another under the same number. ``company``: what it is carried at once posted.
    """

    invoice_id: str
    number: str
    supplier_id: str
    reference: str
    currency: str
    total: Money
    tax: Money
    invoiced_on: date
    due_on: date
    state: SupplierInvoiceState
    entered_by: str | None
    lines: tuple[WrittenLine, ...]
    version: int = 1
    company: Money | None = None


def check_written(lines: Sequence[WrittenLine], tax: Money | None, invoiced_on: date, due_on: date) -> Money:
    """Return what the lines and the tax come to; refuse what does not go together, naming the field."""
    currency = lines[0].unit_price.currency
    if due_on < invoiced_on:
        raise SupplierInvoiceInvalid(
            f"{due_on.isoformat()} is before the day of the invoice, {invoiced_on.isoformat()}",
            field="due_on",
            cure="give the day until which it is to be paid",
        )
    if tax is not None and tax.currency != currency:
        raise SupplierInvoiceInvalid(
            f"the lines are in {currency}", field="tax.currency", cure=f"give the tax in {currency}"
        )
    total = Money.zero(currency)
    for place, line in enumerate(lines):
        if line.unit_price.currency != currency:
            raise SupplierInvoiceInvalid(
                f"the first line is in {currency}",
                field=f"lines.{place}.unit_price.currency",
                cure="enter an invoice in one currency",
            )
        total = _added(total, line, f"lines.{place}.quantity")
    return total if tax is None else _added(total, tax, "tax.amount")


def _added(total: Money, part: WrittenLine | Money, field: str) -> Money:
    try:
        return total + (part if isinstance(part, Money) else amount_of(part))
    except ValueError:
        raise SupplierInvoiceInvalid(
            "the invoice comes to more than an amount can hold",
            field=field,
            cure="check quantities and amounts",
        ) from None


def amount_of(line: WrittenLine) -> Money:
    """Return what a line comes to, rounded half up."""
    return value_of(line.quantity, line.unit_price)


def check_line(line: WrittenLine, bought: BoughtLine | None, supplier_id: str, place: int) -> None:
    """Refuse a line that the supplier was not asked for, or that was ordered in another currency."""
    if bought is None or bought.supplier_id != supplier_id:
        raise BoughtLineUnknown(
            f"the supplier has no line {line.line_id} on a purchase order",
            field=f"lines.{place}.line_id",
            cure="choose one from GET /api/v1/uninvoiced-receipts, or from the purchase order",
        )
    if bought.unit_price.currency != line.unit_price.currency:
        raise SupplierInvoiceInvalid(
            f"{bought.sku} was ordered in {bought.unit_price.currency}",
            field=f"lines.{place}.unit_price.currency",
            cure=f"give the price in {bought.unit_price.currency}",
        )


def require_on_hold(invoice: SupplierInvoice) -> None:
    """Refuse to decide about an invoice that is posted or rejected already."""
    if invoice.state != "on_hold":
        raise SupplierInvoiceDecided(
            f"{invoice.number} is {invoice.state}", cure="read it again; there is nothing to decide"
        )


def require_another_person(invoice: SupplierInvoice, by: str | None) -> None:
    """Refuse to let the one who entered an invoice say that it is right in spite of its differences."""
    if invoice.entered_by is not None and invoice.entered_by == by:
        raise OwnInvoiceReleased(
            f"you have entered {invoice.number} yourself", cure="let somebody else release it"
        )


def supplier_invoice_entry(invoice: SupplierInvoice, matches: Sequence[LineMatch], on: date) -> Entry | None:
    """Return the entry of an invoice: what came in is owed now, and what it costs beyond the order is an expense."""
    cleared = Money.total((match.cleared for match in matches), invoice.currency)
    difference = invoice.total - invoice.tax - cleared
    sides = postings_of(
        (GRNI, cleared), (PRICE_DIFFERENCE, difference), (INPUT_VAT, invoice.tax), (PAYABLES, -invoice.total)
    )
    if not sides:
        return None
    number = f"{invoice.number} / {invoice.reference}"
    return Entry(
        "supplier_invoice", invoice.invoice_id, number, None, on, sides, supplier_id=invoice.supplier_id
    )
