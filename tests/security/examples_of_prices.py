"""A valid request of every operation about price policies and promotions."""

from __future__ import annotations

from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make, document, listing
from tests.security.shelf import Shelf


def _price_line(shelf: Shelf) -> dict[str, Any]:
    return {"item_id": shelf.item["id"], "min_quantity": "1", "unit_price": usd("100.00")}


def _policy(shelf: Shelf) -> Example:
    days = {"valid_from": "2026-01-01", "valid_until": "2199-12-31"}
    body = {
        "name": shelf.named("List"),
        "currency": "USD",
        "customer_id": None,
        "customer_group": "wholesale",
        "channel": "web",
        "region": "north",
        "lines": [_price_line(shelf), _formula_line(shelf)],
    }
    return Example(body=body | days)


def _formula_line(shelf: Shelf) -> dict[str, Any]:
    formula = {"base": "policy", "policy": shelf.policy_for_all["name"], "percent_off": "10"}
    return {"item_id": shelf.item["id"], "min_quantity": "10", "formula": formula}


def _what_if(shelf: Shelf) -> Example:
    example = _policy(shelf)
    return Example(body=example.body | {"last": 20})


def _trial(shelf: Shelf) -> Example:
    line = shelf.line() | {"discount_percent": "5"}
    body = {"customer_id": shelf.customer["id"], "on": "2199-12-31", "channel": "web", "lines": [line]}
    return Example(body=body | {"coupon": shelf.coupon})


def _promotion(shelf: Shelf) -> Example:
    body = {
        "name": shelf.named("Spring"), "currency": "USD", "customer_id": None, "customer_group": "wholesale",
        "channel": "web", "region": "north", "valid_from": "2026-01-01", "valid_until": "2199-12-31",
        "priority": 3, "exclusive": True, "coupon": shelf.named("SPRING"), "max_uses": 1000,
    }  # fmt: skip
    gift = {"items": [shelf.item["id"]], "percent": "5", "min_quantity": "2"}
    others = {"amount_off": None, "free_units": None, "bundle": None}
    return Example(body=body | others | {"percent_off": gift})


PRICES: dict[str, Make] = {
    "GET /api/v1/price-policies": listing,
    "POST /api/v1/price-policies": _policy,
    "POST /api/v1/price-policies/try": _trial,
    "POST /api/v1/price-policies/what-if": _what_if,
    "GET /api/v1/price-policies/{policy_id}": document("policy_id", lambda shelf: shelf.policy),
    "GET /api/v1/promotions": listing,
    "POST /api/v1/promotions": _promotion,
    "GET /api/v1/promotions/{promotion_id}": document("promotion_id", lambda shelf: shelf.promotion),
}
