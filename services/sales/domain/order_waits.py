"""Which orders may get a hold although they are confirmed: their stock was taken back, or their goods need a yes."""

from __future__ import annotations

from services.sales.domain.order import Order


def can_be_held_again(order: Order) -> bool:
    """Tell whether goods of the order may still leave, so that something can stand in their way."""
    return order.state in ("pending", "confirmed", "processing")
