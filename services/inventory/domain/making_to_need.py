"""How the production order that nobody released yet follows the need that brought it about."""

from __future__ import annotations

from dataclasses import replace

from libs.common.quantity import Quantity
from services.inventory.domain.production_order import ProductionOrder, cancel
from services.inventory.domain.supply import SupplyPolicy


def resize(order: ProductionOrder, need: int, quantity: Quantity) -> ProductionOrder:
    """Return the request for another need in thousandths; for none at all, cancelled."""
    if not need:
        return cancel(order, "the need is gone")
    return replace(order, need=Quantity(need), quantity=quantity)


def follow(
    rest: int, standing: ProductionOrder | None, policy: SupplyPolicy, *, may_grow: bool
) -> tuple[ProductionOrder | None, int]:
    """Return what becomes of the ``standing`` request, and how much of the need is left for a new one.

    ``rest`` is what is lacking and not asked of suppliers, in thousandths. A request follows it both ways, down only
    unless ``may_grow``.
    """
    if standing is None:
        return None, rest
    need = rest if may_grow else min(rest, standing.need.milli)
    quantity = policy.order_quantity(need)
    if need == standing.need.milli:
        quantity = quantity if may_grow else standing.quantity
    elif not may_grow:
        quantity = min(quantity, standing.quantity)
    after = resize(standing, need, quantity)
    return after, max(0, rest - (after.quantity.milli if need else 0))
