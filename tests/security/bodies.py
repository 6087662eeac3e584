"""Bodies that several examples share, with every field that their schemas know."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.shelf import Shelf


def a_process() -> dict[str, Any]:
    """Return an ordinary process, but for what is shipped and invoiced at once."""
    return {
        "credit_check": True,
        "payment": "on_account",
        "reserve": "at_order",
        "reserve_days": 0,
        "shortage": "wait",
        "shipping": "complete",
        "allocation": "partial",
        "source": "stock",
        "handover": "delivery",
        "invoice": "order",
        "approvals": [],
    }


def an_order_type(shelf: Shelf) -> dict[str, Any]:
    """Return the first version of an order type."""
    code = shelf.named("kind").replace("-", "_")
    body = {
        "code": code,
        "name_en": "Special",
        "name_zh": "特殊订单",
        "valid_from": "2026-01-01",
        "active": True,
    }
    return body | {"process": a_process()}


def a_counter_sale(shelf: Shelf) -> dict[str, Any]:
    """Return a sale of one piece to a customer who stands there."""
    line = shelf.line() | {"unit_price": usd("99.00"), "discount_percent": "5"}
    about = {"customer_id": shelf.customer["id"], "channel": "web", "coupon": shelf.coupon}
    return about | {"order_type": "cash_and_carry", "lines": [line, shelf.line()], "fields": {}}


def a_part(delivery: Any) -> dict[str, Any]:
    """Return one piece of a delivery's first line."""
    return {"order_line_id": delivery["lines"][0]["order_line_id"], "quantity": "1"}
