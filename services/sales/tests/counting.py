"""Orders that are counted: confirmed at a desk whose own words come back to it, as its relay brings them."""

from __future__ import annotations

from typing import Any

from services.sales.domain.line_pricing import RequestedLine
from services.sales.domain.order import Order
from services.sales.reports.freshness import COUNTED
from services.sales.tests.answering import Others
from services.sales.tests.builders import Desk

FIGURES = "/api/v1/figures"


def relay(desk: Desk) -> None:
    """Hand sales what it said of orders and has not counted yet; what it heard already changes nothing."""
    desk.hear(*(message for message in desk.messages(kind="event") if message.type in COUNTED))


def sold(desk: Desk, *lines: RequestedLine, **changes: Any) -> Order:
    """Return an order that is confirmed and counted."""
    order = desk.order(*lines, **changes)
    Others(desk, order).play("reserved", "granted")
    relay(desk)
    return desk.look(order)
