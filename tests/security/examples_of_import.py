"""A valid request of every operation that brings rows in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf

Cells = Callable[[Shelf], dict[str, str]]


def _rows(cells: Cells, *, preview: bool = True) -> Make:
    """Return what sends one row, to be looked at only: what is kept would be there already when it is sent again."""
    return lambda shelf: Example(body=_body(cells(shelf), preview=preview))


def _body(cells: dict[str, str], *, preview: bool = True) -> dict[str, Any]:
    return {"rows": [{"line": 2, "cells": cells}], "preview": preview, "skip_existing": False}


def _customer(shelf: Shelf) -> Example:
    cells = {
        "number": shelf.named("K"),
        "name": "Harbor Pumps",
        "currency": "USD",
        "owner": "ann.lee",
        "country": "China",
        "city": "Shanghai",
        "address": "Pier 1",
        "postal_code": "200120",
        "phone": "021 555",
        "group": "wholesale",
        "region": "north",
    }
    owners = {"ann.lee": "00000000-0000-7000-8000-0000000000a1"}
    return Example(body=_body(cells) | {"owners": owners})


def _warehouse(shelf: Shelf) -> str:
    return str(shelf.system["wim"].every("/warehouses")[0]["code"])


def _debtor(shelf: Shelf) -> str:
    """Return somebody who orders nothing: what a limit is set to shall hold no order of the shelf back."""
    return str(shelf.fresh_customer()["number"])


_KINDS: dict[str, Make] = {
    "customer": _customer,
    "contact": _rows(
        lambda shelf: {
            "customer": shelf.customer["number"],
            "name": shelf.named("Li Wei"),
            "role": "Buyer",
            "email": "li@harbor.example",
            "phone": "021 555",
        }
    ),
    "supplier": _rows(
        lambda shelf: {
            "number": shelf.named("S"),
            "name": "Northern Valves",
            "contact_name": "Li Wei",
            "country": "China",
            "city": "Shanghai",
            "address": "Pier 1",
            "phone": "021 555",
        }
    ),
    "item": _rows(
        lambda shelf: {
            "sku": shelf.named("V"),
            "name": "Valve",
            "uom": "piece",
            "decimals": "0",
            "lot_tracked": "no",
            "category": "Valves",
            "supplier": "",
            "serial_tracked": "no",
        }
    ),
    "warehouse": _rows(lambda shelf: {"code": shelf.named("W"), "name": "East", "default": "no"}),
    "credit-limit": _rows(lambda shelf: {"customer": _debtor(shelf), "currency": "USD", "limit": "90000.00"}),
    "price": _rows(
        lambda shelf: {
            "policy": shelf.named("List"),
            "currency": "USD",
            "sku": shelf.world.item()["sku"],
            "min_quantity": "1",
            "unit_price": "14.00",
            "customer": "",
            "customer_group": "nobody",
            "channel": "web",
            "region": "north",
            "valid_from": "2026-01-01",
            "valid_until": "2036-01-01",
        }
    ),
    "stock": _rows(
        lambda shelf: {
            "warehouse": _warehouse(shelf),
            "sku": shelf.world.item()["sku"],
            "lot": "",
            "serials": "",
            "quantity": "1",
            "unit_cost": "9.50 USD",
        }
    ),
}
IMPORT: dict[str, Make] = {f"POST /api/v1/{noun}-imports": make for noun, make in _KINDS.items()} | {
    f"GET /api/v1/{noun}-imports/format": listing for noun in _KINDS
}
