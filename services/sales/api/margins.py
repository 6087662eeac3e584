"""Costs and margins, as they are shown: to those who may know what goods cost, and null to all others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from libs.common.web import fields, principal

COST_READERS = ("sales_manager", "finance", "api_client")


def _may_see() -> bool:
    who = principal()
    return any(who.has(role) for role in COST_READERS)


def hides_costs() -> bool:
    """Tell whether the caller may not know what goods cost."""
    return not _may_see()


class CostPriceField(fields.PriceField):
    """A unit cost that only some may see."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(value, attr, obj, **kwargs) if _may_see() else None


class CostMoneyField(fields.MoneyField):
    """An amount that only some may see."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return super()._serialize(value, attr, obj, **kwargs) if _may_see() else None


class MarginPercentField(fields.Text):
    """A percentage with two decimals, below zero at a loss, that only some may see."""

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None or not _may_see() else f"{value:f}"
