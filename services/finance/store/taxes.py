"""What rows say of the tax on lines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from libs.common.money import Money
from services.finance.domain.taxes import LineTax


def tax_of(row: Row[Any], currency: str) -> LineTax | None:
    """Return the tax of a line's row; nothing for a line without a code."""
    if row.tax_code is None:
        return None
    return LineTax(row.tax_code, row.tax_ppm, Money(row.tax_minor, currency))


def tax_values(tax: LineTax | None) -> dict[str, object]:
    """Return the columns that say which tax a line bears."""
    if tax is None:
        return {"tax_code": None, "tax_ppm": 0, "tax_minor": 0}
    return {"tax_code": tax.code, "tax_ppm": tax.ppm, "tax_minor": tax.amount.minor}
