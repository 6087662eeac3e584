"""What quotation lines and order lines have in common when they are read, beside their document or alone."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Row, Table

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.kept import Kept
from services.sales.domain.margins import LineMargin
from services.sales.domain.taxes import LineTax, TaxedDocument, TaxRule
from services.sales.domain.ticket_order import AskingTicket

_PRICED = (
    "line_no",
    "item_id",
    "sku",
    "name",
    "uom",
    "quantity_milli",
    "unit_price_e4",
    "discount_bp",
    "amount_minor",
    "promotion_minor",
    "unit_cost_e4",
    "tax_code",
    "tax_ppm",
    "tax_minor",
)
KEPT = ("kept_milli", "kept_minor", "kept_tax_minor")


def columns_of(lines: Table, *more: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that ``priced`` reads and those named ``more``; the line's id is called ``line_id``."""
    return (lines.c.id.label("line_id"), *(lines.c[name] for name in (*_PRICED, *more)))


def priced(row: Row[Any], currency: str, tax_prices: str) -> dict[str, Any]:
    """Return what was sold, how much of it and for what, as both kinds of line name it.

    ``tax_prices`` is the document's: whether a line's amount contains its tax.
    """
    return {
        "id": row.line_id,
        "line_no": row.line_no,
        "item_id": row.item_id,
        "sku": row.sku,
        "name": row.name,
        "uom": row.uom,
        "quantity": row.quantity_milli,
        "unit_price": Price(row.unit_price_e4, currency),
        "discount_bp": row.discount_bp,
        "amount": Money(row.amount_minor, currency),
        "promotion": Money(row.promotion_minor, currency),
        "unit_cost": None if row.unit_cost_e4 is None else Price(row.unit_cost_e4, currency),
        "tax": _tax(row, currency, tax_prices),
    }


def cost_values(line: LineMargin) -> dict[str, int | None]:
    """Return the columns of what a line cost when it was priced; none of it in another currency than the line's."""
    if line.cost is None or line.unit_cost is None:
        return {"unit_cost_e4": None, "cost_minor": None}
    return {"unit_cost_e4": line.unit_cost.e4, "cost_minor": line.cost.minor}


def kept_values(kept: Kept | None) -> dict[str, Any]:
    """Return the columns of what of an order line is kept as it was."""
    if kept is None:
        return {"kept_milli": Quantity.zero(), "kept_minor": 0, "kept_tax_minor": 0}
    return {"kept_milli": kept.quantity, "kept_minor": kept.net.minor, "kept_tax_minor": kept.tax.minor}


def kept_of(row: Row[Any], currency: str) -> Kept | None:
    """Return what of an order line is kept as it was; nothing as long as nothing had left when it changed."""
    if not row.kept_milli:
        return None
    return Kept(row.kept_milli, Money(row.kept_minor, currency), Money(row.kept_tax_minor, currency))


def _tax(row: Row[Any], currency: str, tax_prices: str) -> LineTax | None:
    if row.tax_code is None:
        return None
    return LineTax(row.tax_code, row.tax_ppm, Money(row.tax_minor, currency), tax_prices == "inclusive")


def tax_values(tax: LineTax | None) -> dict[str, Any]:
    """Return the columns that say which tax a line bears."""
    if tax is None:
        return {"tax_code": None, "tax_ppm": 0, "tax_minor": 0}
    return {"tax_code": tax.code, "tax_ppm": tax.ppm, "tax_minor": tax.amount.minor}


def head_tax_columns(heads: Table) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that ``head_tax`` reads; lines stand beside them, and have a tax of their own."""
    return heads.c.tax_minor.label("head_tax_minor"), heads.c.tax_prices, heads.c.tax_rounding


def ticket_columns(heads: Table) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that ``ticket_of`` reads."""
    return tuple(heads.c[field.name] for field in fields(AskingTicket))


def ticket_of(row: Row[Any]) -> AskingTicket:
    """Return the ticket of the service desk that wanted a document, from its row."""
    return AskingTicket(row.ticket_request_id, row.ticket_id, row.ticket_number)


def head_tax_values(document: TaxedDocument) -> dict[str, Any]:
    """Return the columns that say what tax a document contains, and by which rule it came to it."""
    rule = document.tax_rule
    return {"tax_minor": document.tax_minor, "tax_prices": rule.prices, "tax_rounding": rule.rounding}


def head_tax(row: Row[Any]) -> dict[str, Any]:
    """Return what a document's row says of its tax, as both kinds of document name it."""
    return {"tax_minor": row.head_tax_minor, "tax_rule": TaxRule(row.tax_prices, row.tax_rounding)}
