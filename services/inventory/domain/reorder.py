"""Reorder points: from which stock on an item is bought again for a warehouse, and up to how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Invalid
from libs.common.quantity import Quantity
from services.inventory.domain.supply import SupplyPolicy, rounded_up

MOST_HORIZON_DAYS = 3650


class ReorderPointInvalid(Invalid):
    """The upper bound of a reorder point lies below the lower one."""

    code = "reorder_point_invalid"


@dataclass(frozen=True)
class ReorderPoint:
    """Buy up to ``maximum`` once ``minimum`` is reached or fallen below, in whole numbers of ``multiple``.

    What is on its way counts when it comes within ``horizon_days``, or within the item's lead time if that is
    longer: nothing that is ordered today would come sooner.
    """

    item_id: str
    warehouse_id: str
    minimum: Quantity
    maximum: Quantity
    multiple: Quantity | None = None
    horizon_days: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        if self.maximum < self.minimum or not self.maximum:
            raise ReorderPointInvalid(
                f"up to {self.maximum} once {self.minimum} is reached buys nothing",
                field="maximum",
                cure="give more than zero, and no less than the minimum",
            )

    def looks_until(self, policy: SupplyPolicy, today: date) -> date:
        """Return the last day whose arrivals count."""
        return today + timedelta(days=max(self.horizon_days, policy.lead_days))

    def need_for(self, projected: int) -> int:
        """Return how many thousandths are missing up to ``maximum`` when ``projected`` will be there."""
        return 0 if projected > self.minimum.milli else max(0, self.maximum.milli - projected)

    def quantity_for(self, need: int, policy: SupplyPolicy) -> Quantity:
        """Return what to buy for ``need``: as the supplier sells it, in whole numbers of ``multiple``."""
        return rounded_up(policy.order_quantity(need).milli, self.multiple)
