"""What quotation lines and order lines have in common when they are read, beside their document or alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Table

from libs.common.money import Money, Price
from services.sales.domain.margins import LineMargin

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
)


def columns_of(lines: Table, *more: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that ``priced`` reads and those named ``more``; the line's id is called ``line_id``."""
    return (lines.c.id.label("line_id"), *(lines.c[name] for name in (*_PRICED, *more)))


def priced(row: Row[Any], currency: str) -> dict[str, Any]:
    """Return what was sold, how much of it and for what, as both kinds of line name it."""
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
    }


def cost_values(line: LineMargin) -> dict[str, int | None]:
    """Return the columns of what a line cost when it was priced; none of it in another currency than the line's."""
    if line.cost is None or line.unit_cost is None:
        return {"unit_cost_e4": None, "cost_minor": None}
    return {"unit_cost_e4": line.unit_cost.e4, "cost_minor": line.cost.minor}
