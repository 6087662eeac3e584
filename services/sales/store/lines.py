"""What quotation lines and order lines have in common when they are read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from libs.common.money import Money, Price


def priced(row: Row[Any], currency: str) -> dict[str, Any]:
    """Return what was sold, how much of it and for what, as both kinds of line name it."""
    return {
        "id": row.id,
        "line_no": row.line_no,
        "item_id": row.item_id,
        "sku": row.sku,
        "name": row.name,
        "uom": row.uom,
        "quantity": row.quantity_milli,
        "unit_price": Price(row.unit_price_e4, currency),
        "discount_bp": row.discount_bp,
        "amount": Money(row.amount_minor, currency),
    }
