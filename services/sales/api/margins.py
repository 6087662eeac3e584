"""Costs and margins, as they are shown: to those who may know what goods cost, and null to all others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.web import fields, principal

COST_READERS = ("sales_manager", "finance", "api_client")


def hides_costs() -> bool:
    """Tell whether the caller may not know what goods cost."""
    return not principal().has_any(COST_READERS)


class CostPriceField(fields.PriceField):
    """A unit cost that only some may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(seen_by=COST_READERS, **options)


class CostMoneyField(fields.MoneyField):
    """An amount that only some may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(seen_by=COST_READERS, **options)


class MarginPercentField(fields.Text):
    """A percentage with two decimals, below zero at a loss, that only some may see."""

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None or hides_costs() else f"{value:f}"
